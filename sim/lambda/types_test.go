package lambda

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/shape"
)

func number(n int) *int { return &n }

func TestAFunctionIsDeployedFromATemplate(t *testing.T) {
	const text = `
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: tasks
      Role: arn:aws:iam::123456789012:role/tasks
      Runtime: nodejs22.x
      Handler: index.handler
      Timeout: "10"
      MemorySize: 256
      Environment: {Variables: {TABLE: tasks}}
      Code: {ZipFile: "exports.handler = async () => 1;"}
  Allow:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !GetAtt Fn.Arn
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: arn:aws:execute-api:us-east-1:123456789012:api/*
`
	template, err := cloudformation.Parse("stack.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	world := apitest.NewWorld()
	l := New(world, &fakeDoors{world: world})
	if _, err := cloudformation.Deploy(nil, world, template, l.Types()); err != nil {
		t.Fatalf("Deploy: %v", err)
	}
	f := l.functions["tasks"]
	if f == nil || f.timeout.Seconds() != 10 || f.memory != 256 || f.environment["TABLE"] != "tasks" || len(f.endpoints[""].statements) != 1 {
		t.Errorf("function %+v", f)
	}
}

// The list of https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
func TestEveryPropertyOfAFunctionIsKnown(t *testing.T) {
	known := map[string]bool{}
	for _, tp := range (&Lambda{world: apitest.NewWorld()}).Types() {
		for _, m := range shape.Describe(tp.Properties) {
			known[m.Name] = true
		}
	}
	for _, name := range strings.Fields(`Architectures CapacityProviderConfig Code CodeSigningConfigArn DeadLetterConfig Description
		DurableConfig Environment EphemeralStorage FileSystemConfigs FunctionName FunctionScalingConfig Handler ImageConfig KmsKeyArn
		Layers LoggingConfig MemorySize PackageType PublishToLatestPublished RecursiveLoop ReservedConcurrentExecutions Role Runtime
		RuntimeManagementConfig SnapStart Tags TenancyConfig Timeout TracingConfig VpcConfig Action EventSourceToken
		FunctionUrlAuthType InvokedViaFunctionUrl Principal PrincipalOrgID SourceAccount SourceArn
		CodeSha256 FunctionVersion Name ProvisionedConcurrencyConfig RoutingConfig RuntimePolicy`) {
		if !known[name] {
			t.Errorf("property %s is unknown", name)
		}
	}
}

func TestDefaultsAreThoseOfAWS(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	if f := a.functions["tasks"]; f.timeout.Seconds() != 3 || f.memory != 128 {
		t.Errorf("timeout %v, memory %d", f.timeout, f.memory)
	}
}

func TestAFunctionWithoutANameGetsOne(t *testing.T) {
	a := newAccount(t)
	p := properties(echo)
	p.FunctionName = ""
	created, err := a.createFunction(cloudformation.Resource{Stack: "stack", LogicalID: strings.Repeat("Long", 20)}, p)
	if err != nil || len(created.Ref) != 64 || !strings.HasPrefix(created.Ref, "stack-Long") {
		t.Errorf("created %+v, error %v", created, err)
	}
	if created.Attributes["Arn"] != "arn:aws:lambda:us-east-1:123456789012:function:"+created.Ref {
		t.Errorf("Arn %s", created.Attributes["Arn"])
	}
}

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
func TestFunctionsThatAWSRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*functionProperties)
		want   string
	}{
		"role is no ARN":          {func(p *functionProperties) { p.Role = "tasks-role" }, `ValidationException: 1 validation error detected: Value 'tasks-role' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`},
		"role of another account": {func(p *functionProperties) { p.Role = "arn:aws:iam::444455556666:role/tasks" }, `AccessDeniedException: Cross-account pass role is not allowed.`},
		"timeout too long":        {func(p *functionProperties) { p.Timeout = number(901) }, `ValidationException: 1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900`},
		"timeout of 0":            {func(p *functionProperties) { p.Timeout = number(0) }, `ValidationException: 1 validation error detected: Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1`},
		"too little memory":       {func(p *functionProperties) { p.MemorySize = number(64) }, `ValidationException: 1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128`},
		"too much memory":         {func(p *functionProperties) { p.MemorySize = number(10241) }, `ValidationException: 1 validation error detected: Value '10241' at 'memorySize' failed to satisfy constraint: Member must have value less than or equal to 10240`},
		"no handler":              {func(p *functionProperties) { p.Handler = "" }, `InvalidParameterValueException: Runtime and Handler are mandatory parameters for functions created with deployment packages.`},
		"no code":                 {func(p *functionProperties) { p.Code.ZipFile = "" }, `InvalidParameterValueException: Please provide a source for function code.`},
		"bad name":                {func(p *functionProperties) { p.FunctionName = "my tasks" }, `ValidationException: 1 validation error detected: Value 'my tasks' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+`},
		// https://github.com/mattermost/mattermost-cloud-monitoring/pull/264
		"reserved variable": {func(p *functionProperties) { p.Environment.Variables = map[string]string{"AWS_REGION": "x", "OK": "y"} }, `InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION`},
		"bad variable":      {func(p *functionProperties) { p.Environment.Variables = map[string]string{"a": "x"} }, `ValidationException: 1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]`},
	} {
		t.Run(name, func(t *testing.T) {
			p := properties(echo)
			tc.change(&p)
			_, err := newAccount(t).createFunction(cloudformation.Resource{}, p)
			if diff := cmp.Diff(tc.want, refusal(t, err).Error()); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheSameNameTwiceIsAConflict(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	_, err := a.createFunction(cloudformation.Resource{}, properties(echo))
	if got := refusal(t, err); got.Status != 409 || got.Error() != "ResourceConflictException: Function already exist: tasks" {
		t.Errorf("refusal %d %v", got.Status, got)
	}
}

func TestOtherRuntimesAreLegalInAWSAndNotSimulated(t *testing.T) {
	p := properties("def handler(event, context): return 1")
	p.Runtime = "python3.13"
	_, err := newAccount(t).createFunction(cloudformation.Resource{}, p)
	if found := (*awserr.Error)(nil); err == nil || errors.As(err, &found) || !strings.Contains(err.Error(), "only nodejs runtimes are simulated") {
		t.Errorf("error %v", err)
	}
}

// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func TestPermissionsMakeTheResourcePolicy(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	target := a.target(invokeInput{FunctionName: "tasks"})
	if target.Resource != functionARN || target.Policy != nil {
		t.Errorf("target without permissions: %+v", target)
	}
	for _, p := range []permissionProperties{
		{FunctionName: "tasks", Action: "lambda:InvokeFunction", Principal: "cognito-idp.amazonaws.com", SourceArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/p", SourceAccount: "123456789012"},
		{FunctionName: functionARN, Action: "lambda:*", Principal: "210987654321"},
		{FunctionName: functionARN, Action: "lambda:InvokeFunction", Principal: "arn:aws:iam::123456789012:user/ana"},
		{FunctionName: functionARN, Action: "lambda:InvokeFunction", Principal: "*", PrincipalOrgID: "o-1111111111"},
	} {
		if _, err := a.createPermission(cloudformation.Resource{Stack: "s", LogicalID: "P"}, p); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	}
	policy, ok := a.target(invokeInput{FunctionName: functionARN}).Policy.(map[string]any)
	if !ok {
		t.Fatal("no policy")
	}
	var got []any
	for _, s := range policy["Statement"].([]any) {
		statement := s.(map[string]any)
		got = append(got, []any{statement["Principal"], statement["Action"], statement["Resource"], statement["Condition"]})
	}
	want := []any{
		[]any{map[string]any{"Service": "cognito-idp.amazonaws.com"}, "lambda:InvokeFunction", functionARN, map[string]any{
			"ArnLike":      map[string]any{"aws:SourceArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/p"},
			"StringEquals": map[string]any{"aws:SourceAccount": "123456789012"},
		}},
		[]any{map[string]any{"AWS": "arn:aws:iam::210987654321:root"}, "lambda:*", functionARN, nil},
		[]any{map[string]any{"AWS": "arn:aws:iam::123456789012:user/ana"}, "lambda:InvokeFunction", functionARN, nil},
		[]any{"*", "lambda:InvokeFunction", functionARN, map[string]any{"StringEquals": map[string]any{"aws:PrincipalOrgID": "o-1111111111"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

func TestPermissionsThatAWSRefuses(t *testing.T) {
	a := newAccount(t)
	a.deploy(echo)
	for want, p := range map[string]permissionProperties{
		"ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:nope":                                                                                           {FunctionName: "nope", Action: "lambda:InvokeFunction", Principal: "*"},
		"InvalidParameterValueException: The provided principal was invalid. Please check the principal and try again.":                                                                                {FunctionName: "tasks", Action: "lambda:InvokeFunction", Principal: "API Gateway"},
		"ValidationException: 1 validation error detected: Value 'invoke' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])": {FunctionName: "tasks", Action: "invoke", Principal: "*"},
	} {
		_, err := a.createPermission(cloudformation.Resource{}, p)
		if diff := cmp.Diff(want, refusal(t, err).Error()); diff != "" {
			t.Errorf("refusal (-want +got):\n%s", diff)
		}
	}
}

func TestTheServiceNamesEveryOperationOnce(t *testing.T) {
	s := newAccount(t).Service()
	if s.Prefix != "lambda" || s.Name != "Lambda" || s.Operations[0].Action != "lambda:InvokeFunction" {
		t.Errorf("service %s %s", s.Prefix, s.Name)
	}
	if got := refusal(t, s.Denial("no")); got.Status != 403 || got.Code != "AccessDeniedException" {
		t.Errorf("denial %+v", got)
	}
	seen := map[string]bool{"Invoke": true}
	for _, name := range s.Unsimulated {
		if seen[name] {
			t.Errorf("%s is named twice", name)
		}
		seen[name] = true
	}
}
