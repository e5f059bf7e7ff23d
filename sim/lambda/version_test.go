package lambda

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

const whoami = `exports.handler = async (event, context) => [context.functionVersion, context.invokedFunctionArn, process.env.AWS_LAMBDA_FUNCTION_VERSION];`

// published is an account whose function tasks has version 1 and the aliases
// prod, for it, and dev, for $LATEST.
func published(t *testing.T) *account {
	t.Helper()
	a := newAccount(t)
	a.deploy(whoami)
	version, err := a.createVersion(cloudformation.Resource{}, versionProperties{FunctionName: "tasks"})
	if err != nil || version.Attributes["Version"] != "1" || version.Ref != functionARN+":1" {
		t.Fatalf("version %+v, %v", version, err)
	}
	for name, of := range map[string]string{"prod": "1", "dev": latest} {
		alias, err := a.createAlias(cloudformation.Resource{}, aliasProperties{FunctionName: functionARN, FunctionVersion: of, Name: name})
		if err != nil || alias.Ref != functionARN+":"+name {
			t.Fatalf("alias %+v, %v", alias, err)
		}
	}
	return a
}

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
func TestAQualifierChoosesTheVersionThatRuns(t *testing.T) {
	a := published(t)
	for _, row := range []struct{ function, qualifier, version, arn string }{
		{"tasks", "", "$LATEST", functionARN},
		{"tasks", "$LATEST", "$LATEST", functionARN},
		{"tasks:1", "", "1", functionARN + ":1"},
		{"tasks", "prod", "1", functionARN + ":prod"},
		{"123456789012:function:tasks:prod", "", "1", functionARN + ":prod"},
		{functionARN + ":dev", "", "$LATEST", functionARN + ":dev"},
	} {
		input := map[string]any{"FunctionName": row.function}
		if row.qualifier != "" {
			input["Qualifier"] = row.qualifier
		}
		output, err := a.call(input)
		want := map[string]any{
			"StatusCode": float64(200), "ExecutedVersion": row.version,
			"Payload": `["` + row.version + `","` + row.arn + `","` + row.version + `"]`,
		}
		if diff := cmp.Diff(want, output); err != nil || diff != "" {
			t.Errorf("%s %s: %v\n%s", row.function, row.qualifier, err, diff)
		}
	}
}

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
func TestAnAliasHasAResourcePolicyOfItsOwn(t *testing.T) {
	a := published(t)
	permit := func(function string) {
		t.Helper()
		p := permissionProperties{FunctionName: function, Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com"}
		if _, err := a.createPermission(cloudformation.Resource{}, p); err != nil {
			t.Fatal(err)
		}
	}
	permit("tasks")
	if got := a.target(invokeInput{FunctionName: "tasks:prod"}); got.Policy != nil || got.Resource != functionARN+":prod" {
		t.Errorf("leave for the function reaches the alias: %+v", got)
	}
	permit(functionARN + ":prod")
	policy, _ := a.target(invokeInput{FunctionName: "tasks", Qualifier: "prod"}).Policy.(map[string]any)
	statements, _ := policy["Statement"].([]any)
	if len(statements) != 1 || statements[0].(map[string]any)["Resource"] != functionARN+":prod" {
		t.Errorf("the alias has %v", policy)
	}
}

func TestVersionsAndAliasesThatAWSRefuses(t *testing.T) {
	a := published(t)
	version := func(function string) error {
		_, err := a.createVersion(cloudformation.Resource{}, versionProperties{FunctionName: function})
		return err
	}
	alias := func(function, version, name string) error {
		_, err := a.createAlias(cloudformation.Resource{}, aliasProperties{FunctionName: function, FunctionVersion: version, Name: name})
		return err
	}
	_, invoked := a.call(map[string]any{"FunctionName": "tasks:none"})
	for name, row := range map[string]struct {
		err  error
		code string
	}{
		"version of no function":   {version("none"), "ResourceNotFoundException"},
		"version without a change": {version("tasks"), "ResourceConflictException"},
		"alias of no version":      {alias("tasks", "2", "x"), "ResourceNotFoundException"},
		"alias twice":              {alias("tasks", "1", "prod"), "ResourceConflictException"},
		"alias that is a number":   {alias("tasks", "1", "12"), "ValidationException"},
		"alias with a space":       {alias("tasks", "1", "a b"), "ValidationException"},
		"invocation of no alias":   {invoked, "ResourceNotFoundException"},
	} {
		var refused *awserr.Error
		if !errors.As(row.err, &refused) || refused.Code != row.code {
			t.Errorf("%s: %v, want %s", name, row.err, row.code)
		}
	}
}
