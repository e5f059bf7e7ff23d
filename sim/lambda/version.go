package lambda

import (
	"maps"
	"regexp"
	"strings"

	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// latest is the version that is not published.
const latest = "$LATEST"

// endpoint is what an invocation names: a function, a version of it or an alias.
type endpoint struct {
	// runs is the function, as it was when its version was published.
	runs *function
	// arn ends with the qualifier of a version or an alias.
	arn string
	// statements are those of the resource policy, in the order of their creation.
	statements []any
}

// qualifiedName is a function's name and its qualifier, "" without one.
type qualifiedName struct{ name, qualifier string }

// String is NAME or NAME:QUALIFIER, as in an ARN.
func (q qualifiedName) String() string {
	if q.qualifier == "" {
		return q.name
	}
	return q.name + ":" + q.qualifier
}

// nameOf takes the forms in which AWS lets a function be named, each with a
// qualifier or without: name, ACCOUNT:function:NAME and ARN. $LATEST is the
// function itself.
func nameOf(text, qualifier string) qualifiedName {
	rest := text
	if a, err := arn.Parse(text); err == nil {
		rest = a.Resource
	} else if _, after, found := strings.Cut(text, ":function:"); found {
		rest = after
	}
	name, inName, _ := strings.Cut(strings.TrimPrefix(rest, "function:"), ":")
	if qualifier == "" {
		qualifier = inName
	}
	if qualifier == latest {
		qualifier = ""
	}
	return qualifiedName{name: name, qualifier: qualifier}
}

func (l *Lambda) find(q qualifiedName) (*endpoint, bool) {
	f, ok := l.functions[q.name]
	if !ok {
		return nil, false
	}
	e, ok := f.endpoints[q.qualifier]
	return e, ok
}

type versionProperties struct {
	FunctionName string   `aws:"required"`
	_            struct{} `noeffect:"CodeSha256 Description RuntimePolicy" unsimulated:"FunctionScalingConfig ProvisionedConcurrencyConfig"`
}

// createVersion publishes the function as it is. A template publishes it once:
// without a change of code or configuration there is no other version to make.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
func (l *Lambda) createVersion(_ cloudformation.Resource, p versionProperties) (cloudformation.Created, error) {
	f, ok := l.functions[nameOf(p.FunctionName, "").name]
	if !ok {
		return cloudformation.Created{}, l.notFound(nameOf(p.FunctionName, ""))
	}
	const number = "1"
	if _, published := f.endpoints[number]; published {
		return cloudformation.Created{}, awserr.WithStatus(409, "ResourceConflictException",
			"A version for this Lambda function exists ( %s ). Modify the function to create a new version.", number)
	}
	published := *f
	published.version = number
	published.environment = maps.Clone(f.environment)
	published.environment["AWS_LAMBDA_FUNCTION_VERSION"] = number
	e := &endpoint{runs: &published, arn: l.arnOf(qualifiedName{name: f.name, qualifier: number})}
	f.endpoints[number] = e
	return cloudformation.Created{Ref: e.arn, Attributes: map[string]string{"FunctionArn": e.arn, "Version": number}}, nil
}

type aliasProperties struct {
	FunctionName    string   `aws:"required"`
	FunctionVersion string   `aws:"required"`
	Name            string   `aws:"required"`
	_               struct{} `noeffect:"Description" unsimulated:"ProvisionedConcurrencyConfig RoutingConfig"`
}

// createAlias makes a name for a version.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
func (l *Lambda) createAlias(_ cloudformation.Resource, p aliasProperties) (cloudformation.Created, error) {
	name := nameOf(p.FunctionName, p.FunctionVersion)
	version, ok := l.find(name)
	if !ok {
		return cloudformation.Created{}, l.notFound(name)
	}
	const pattern = `(?!^[0-9]+$)([a-zA-Z0-9-_]+)`
	if !regexp.MustCompile(`^[a-zA-Z0-9-_]+$`).MatchString(p.Name) || strings.Trim(p.Name, "0123456789") == "" {
		return cloudformation.Created{}, constraint(p.Name, "name", "satisfy regular expression pattern: "+pattern)
	}
	f := l.functions[name.name]
	e := &endpoint{runs: version.runs, arn: l.arnOf(qualifiedName{name: f.name, qualifier: p.Name})}
	if _, taken := f.endpoints[p.Name]; taken {
		return cloudformation.Created{}, awserr.WithStatus(409, "ResourceConflictException", "Alias already exists: %s", e.arn)
	}
	f.endpoints[p.Name] = e
	return cloudformation.Created{Ref: e.arn, Attributes: map[string]string{"AliasArn": e.arn}}, nil
}
