package sam

import (
	"slices"
	"strings"

	"claimcheck/sim/source"
)

// policy reads one item of Policies: the name or ARN of a managed policy, a
// policy document, or a policy template with its parameters. It returns the
// first as arn and the others as document.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
func (e *expander) policy(n source.Node) (arn, document source.Node) {
	m := maker{n.At()}
	if name := textOf(n); name != "" {
		if isFunction(n) || strings.HasPrefix(name, "arn:") {
			return n, source.Node{}
		}
		return m.text("arn:aws:iam::aws:policy/" + managedPath(name)), source.Node{}
	}
	entries := entriesOf(n)
	fields := fieldsOf(n)
	switch {
	case len(entries) == 0:
		e.problems.Add(n.At(), "a policy must be a name, an ARN, a document or a policy template")
		return source.Node{}, source.Node{}
	case fields["Statement"].YAML != nil:
		if fields["Version"].YAML == nil {
			entries = append(entries, m.textEntry("Version", "2012-10-17"))
		}
		return source.Node{}, n.With(entries)
	case len(entries) == 1 && (entries[0].Key == "Ref" || strings.HasPrefix(entries[0].Key, "Fn::")):
		return n, source.Node{}
	}
	t, ok := templates()[entries[0].Key]
	if !ok {
		e.problems.Add(entries[0].KeyAt, "the policy template %q is not simulated%s", entries[0].Key, source.Suggest(entries[0].Key, templateNames()))
		return source.Node{}, source.Node{}
	}
	return source.Node{}, e.fill(m, t, entries[0])
}

// isFunction reports whether a scalar is a function in its short form.
func isFunction(n source.Node) bool {
	return strings.HasPrefix(n.YAML.Tag, "!") && !strings.HasPrefix(n.YAML.Tag, "!!")
}

// managedPath is the path and name of an AWS managed policy, of which SAM takes
// the name alone.
func managedPath(name string) string {
	if slices.Contains([]string{"AWSLambdaBasicExecutionRole", "AWSLambdaRole"}, name) {
		return "service-role/" + name
	}
	return name
}

// policyTemplate is a policy with one parameter, which stands in the resources
// as ${parameter}.
type policyTemplate struct {
	parameter string
	actions   []string
	resources []string
}

// templates are the policy templates that are simulated.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
func templates() map[string]policyTemplate {
	table := func(actions string) policyTemplate {
		const arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}"
		return policyTemplate{parameter: "TableName", actions: strings.Fields(actions), resources: []string{arn, arn + "/index/*"}}
	}
	bucket := func(actions string) policyTemplate {
		const arn = "arn:${AWS::Partition}:s3:::${BucketName}"
		return policyTemplate{parameter: "BucketName", actions: strings.Fields(actions), resources: []string{arn, arn + "/*"}}
	}
	return map[string]policyTemplate{
		"DynamoDBReadPolicy": table("dynamodb:GetItem dynamodb:Scan dynamodb:Query dynamodb:BatchGetItem dynamodb:DescribeTable"),
		"DynamoDBCrudPolicy": table(`dynamodb:GetItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:Scan dynamodb:Query dynamodb:UpdateItem
			dynamodb:BatchWriteItem dynamodb:BatchGetItem dynamodb:DescribeTable dynamodb:ConditionCheckItem`),
		"DynamoDBWritePolicy": table("dynamodb:PutItem dynamodb:UpdateItem dynamodb:BatchWriteItem"),
		"S3ReadPolicy":        bucket("s3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:GetLifecycleConfiguration"),
		"S3WritePolicy":       bucket("s3:PutObject s3:PutObjectAcl s3:PutLifecycleConfiguration"),
		"LambdaInvokePolicy": {
			parameter: "FunctionName", actions: []string{"lambda:InvokeFunction"},
			resources: []string{"arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}*"},
		},
	}
}

func templateNames() []string {
	var names []string
	for name := range templates() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// fill is a policy template with its parameter filled in.
func (e *expander) fill(m maker, t policyTemplate, entry source.Entry) source.Node {
	value, ok := fieldsOf(entry.Value)[t.parameter]
	if !ok {
		e.problems.Add(entry.KeyAt, "the policy template %s needs the parameter %s", entry.Key, t.parameter)
		return source.Node{}
	}
	var actions, resources []source.Node
	for _, action := range t.actions {
		actions = append(actions, m.text(action))
	}
	for _, resource := range t.resources {
		resources = append(resources, m.subWith(resource, t.parameter, value))
	}
	return m.object(m.textEntry("Version", "2012-10-17"), m.entry("Statement", m.list(m.object(
		m.textEntry("Effect", "Allow"), m.entry("Action", m.list(actions...)), m.entry("Resource", m.list(resources...)),
	))))
}
