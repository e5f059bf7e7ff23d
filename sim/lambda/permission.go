package lambda

import (
	"regexp"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

type permissionProperties struct {
	Action       string `aws:"required"`
	FunctionName string `aws:"required"`
	Principal    string `aws:"required"`
	// PrincipalOrgID lets the principals of an organization in.
	PrincipalOrgID string
	SourceAccount  string
	SourceArn      string

	_ struct{} `unsimulated:"EventSourceToken FunctionUrlAuthType InvokedViaFunctionUrl"`
}

// createPermission adds a statement to the resource policy of a function, or of a
// version or an alias of it. Each has its own: leave for the function is none
// for its aliases.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
func (l *Lambda) createPermission(r cloudformation.Resource, p permissionProperties) (cloudformation.Created, error) {
	name := nameOf(p.FunctionName, "")
	e, ok := l.find(name)
	if !ok {
		return cloudformation.Created{}, l.notFound(name)
	}
	if !regexp.MustCompile(`^(lambda:(\*|[a-zA-Z]+)|\*)$`).MatchString(p.Action) {
		return cloudformation.Created{}, constraint(p.Action, "action", "satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])")
	}
	principal, ok := principalElement(p.Principal)
	if !ok {
		return cloudformation.Created{}, invalid("The provided principal was invalid. Please check the principal and try again.")
	}
	sid := generatedName(r, l.world.Token(12, api.Alphanumeric))
	e.statements = append(e.statements, statement(sid, p, principal, e.arn))
	return cloudformation.Created{Ref: sid}, nil
}

// statement is the statement that Lambda makes of a permission
// (https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html).
func statement(sid string, p permissionProperties, principal any, functionARN string) map[string]any {
	s := map[string]any{
		"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": p.Action, "Resource": functionARN,
	}
	condition := map[string]any{}
	if p.SourceArn != "" {
		condition["ArnLike"] = map[string]any{"aws:SourceArn": p.SourceArn}
	}
	equal := map[string]any{}
	if p.SourceAccount != "" {
		equal["aws:SourceAccount"] = p.SourceAccount
	}
	if p.PrincipalOrgID != "" {
		equal["aws:PrincipalOrgID"] = p.PrincipalOrgID
	}
	if len(equal) > 0 {
		condition["StringEquals"] = equal
	}
	if len(condition) > 0 {
		s["Condition"] = condition
	}
	return s
}

// principalElement turns a permission's principal into a policy's. It is a
// service principal, an account id, an ARN, or everybody.
func principalElement(principal string) (element any, ok bool) {
	switch {
	case principal == "*":
		return "*", true
	case regexp.MustCompile(`^\d{12}$`).MatchString(principal):
		return map[string]any{"AWS": "arn:aws:iam::" + principal + ":root"}, true
	case strings.HasPrefix(principal, "arn:"):
		return map[string]any{"AWS": principal}, true
	case regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazon(aws)?\.com$`).MatchString(principal):
		return map[string]any{"Service": principal}, true
	}
	return nil, false
}

// policy is the endpoint's resource policy as a tree, nil without statements.
func (e *endpoint) policy() any {
	if len(e.statements) == 0 {
		return nil
	}
	return map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": append([]any(nil), e.statements...)}
}

func (l *Lambda) arnOf(name qualifiedName) string {
	return arn.New("lambda", l.world.Region(), l.world.Account(), "function:"+name.String())
}

// accountOf is the account in an ARN or in ACCOUNT:function:NAME, "" for a name.
func accountOf(text string) string {
	if a, err := arn.Parse(text); err == nil {
		return a.Account
	}
	account, _, _ := strings.Cut(text, ":function:")
	if account == text {
		return ""
	}
	return account
}

func (l *Lambda) notFound(name qualifiedName) *awserr.Error {
	return awserr.WithStatus(404, "ResourceNotFoundException", "Function not found: %s", l.arnOf(name))
}
