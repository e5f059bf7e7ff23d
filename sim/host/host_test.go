package host_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/ec2"
	"claimcheck/sim/ecs"
	"claimcheck/sim/host"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// workplaces are places where programs run: instances with and without a role,
// and tasks with and without one.
const workplaces = `
Resources:
  InstanceRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: instance-role
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "*"}]}}]
  TaskRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: task-role
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]}
  OtherRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: other-role
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: sts:AssumeRole}]}
  PodRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: pod-role
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Federated: !Ref Pods}, Action: sts:AssumeRoleWithWebIdentity}]}
  Pool: {Type: AWS::Cognito::UserPool}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}}
  Pods: {Type: AWS::IAM::OIDCProvider, Properties: {Url: !GetAtt Pool.ProviderURL, ClientIdList: [!Ref App]}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {InstanceProfileName: web, Roles: [!Ref InstanceRole]}}
  Distrusted: {Type: AWS::IAM::InstanceProfile, Properties: {InstanceProfileName: distrusted, Roles: [!Ref TaskRole]}}
  Server: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: web}}
  Strict: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: web, MetadataOptions: {HttpTokens: required}}}
  Reaching: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: web, MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 2}}}
  Silent: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: web, MetadataOptions: {HttpEndpoint: disabled}}}
  Bare: {Type: AWS::EC2::Instance}
  Wrong: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: distrusted}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      TaskRoleArn: !GetAtt TaskRole.Arn
      ContainerDefinitions: [{Name: app, Image: app, Environment: [{Name: STAGE, Value: prod}]}]
  Roleless: {Type: AWS::ECS::TaskDefinition, Properties: {NetworkMode: bridge, ContainerDefinitions: [{Name: app, Image: app}]}}
  OnHostNetwork: {Type: AWS::ECS::TaskDefinition, Properties: {NetworkMode: host, ContainerDefinitions: [{Name: app, Image: app}]}}
  Untrusted: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt InstanceRole.Arn, ContainerDefinitions: [{Name: app, Image: app}]}}
  FunctionRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: function-role
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
  Function: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Handler: index.handler, Role: !GetAtt FunctionRole.Arn, Environment: {Variables: {AWS_PROFILE: night}}, Code: {ZipFile: "exports.handler = async () => 1;"}}}
  Deaf: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs22.x, Handler: index.handler, Role: !GetAtt InstanceRole.Arn, Code: {ZipFile: "exports.handler = async () => 1;"}}}
  Ana: {Type: AWS::IAM::User, Properties: {UserName: ana, Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "*"}]}}]}}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ana}}
  Bob: {Type: AWS::IAM::User, Properties: {UserName: bob}}
  BobsKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Bob}}
`

// site is an account with the workplaces, and what was recorded last.
type site struct {
	*testing.T
	account *sim.Account
	stack   cloudformation.Stack
	last    trace.Trace
	cover   *tracetest.Coverage
}

func newSite(t *testing.T) *site {
	t.Helper()
	template, err := cloudformation.Parse("template.yaml", []byte(workplaces))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, account: sim.New(tracetest.Start()), cover: &tracetest.Coverage{}}
	recorder := trace.NewRecorder(s.account.Now)
	s.stack, err = s.account.Deploy(recorder.Flow(), template)
	if err != nil {
		t.Fatal(err)
	}
	s.cover.Add(recorder.Trace())
	return s
}

// ids are the Refs of resources.
func (s *site) ids(logical ...string) []string {
	var ids []string
	for _, name := range logical {
		created, ok := s.stack.Resource(name)
		if !ok {
			s.Fatalf("no resource %s", name)
		}
		ids = append(ids, created.Ref)
	}
	return ids
}

func (s *site) keys(logical string) (id, secret string) {
	created, _ := s.stack.Resource(logical)
	return created.Ref, created.Attributes["SecretAccessKey"]
}

func (s *site) find(p host.Program) (host.Found, error) {
	recorder := trace.NewRecorder(s.account.Now)
	p.By = "App"
	found, err := s.account.FindCredentials(recorder.Flow(), p)
	s.last = recorder.Trace()
	s.cover.Add(s.last)
	return found, err
}

// caller is the last part of the ARN that credentials stand for.
func (s *site) caller(c api.Credentials) string {
	s.Helper()
	out, err := s.account.Call(nil, api.Call{Service: "sts", Operation: "GetCallerIdentity", Caller: api.Caller{Credentials: &c}})
	if err != nil {
		s.Fatal(err)
	}
	arn, _ := out["Arn"].(string)
	parts := strings.Split(arn, "/")
	return parts[1]
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	s := newSite(t)
	t.Run("the first provider that has credentials wins", s.first)
	t.Run("a chain ends without credentials", s.refusals)
	t.Run("a web identity token is traded for the role", s.webIdentity)
	t.Run("the metadata service answers others than SDKs", s.metadata)
	t.Run("an instance is given a profile and not a role", s.profile)
	s.cover.RequireSeen(t, append(append(host.Rules(), ec2.Rules()...), ecs.Rules()...))
}

// first is the order of each SDK, by what wins where several providers have
// credentials. Sources: see chains.
func (s *site) first(t *testing.T) {
	ana, anaSecret := s.keys("Key")
	bob, bobSecret := s.keys("BobsKey")
	environment := map[string]string{"AWS_ACCESS_KEY_ID": ana, "AWS_SECRET_ACCESS_KEY": anaSecret}
	withProfile := map[string]string{"AWS_ACCESS_KEY_ID": ana, "AWS_SECRET_ACCESS_KEY": anaSecret, "AWS_PROFILE": "night"}
	files := map[string]string{
		"~/.aws/credentials": "[default]\naws_access_key_id = " + bob + "\naws_secret_access_key = " + bobSecret + "\n\n[night]\naws_access_key_id=" + bob + "\naws_secret_access_key=" + bobSecret,
	}
	role := map[string]string{
		"~/.aws/credentials": "# keys\n[ana]\naws_access_key_id = " + ana + "\naws_secret_access_key = " + anaSecret,
		"~/.aws/config":      "[default]\nrole_arn = arn:aws:iam::123456789012:role/other-role\nsource_profile = ana\nrole_session_name = night\nduration_seconds = 900\n",
	}
	metadata := map[string]string{"~/.aws/config": "[profile other]\nrole_arn = arn:aws:iam::123456789012:role/other-role\ncredential_source = Ec2InstanceMetadata\n"}
	tests := map[string]struct {
		program host.Program
		caller  string
	}{
		"nothing else on an instance: its role":      {host.Program{SDK: "python", On: s.ids("Server")}, "instance-role"},
		"environment before instance":                {host.Program{SDK: "python", On: s.ids("Server"), Environment: environment}, "ana"},
		"environment before files":                   {host.Program{SDK: "go", Environment: environment, Files: files}, "ana"},
		"files before instance":                      {host.Program{SDK: "java", On: s.ids("Server"), Files: files}, "bob"},
		"code before environment":                    {host.Program{SDK: "cli", Environment: environment, Credentials: &api.Credentials{AccessKeyID: bob, SecretAccessKey: bobSecret}}, "bob"},
		"system properties before environment":       {host.Program{SDK: "java", Environment: environment, Properties: map[string]string{"aws.accessKeyId": bob, "aws.secretAccessKey": bobSecret}}, "bob"},
		"AWS_PROFILE behind keys: python":            {host.Program{SDK: "python", Environment: withProfile, Files: files}, "ana"},
		"AWS_PROFILE behind keys: go":                {host.Program{SDK: "go", Environment: withProfile, Files: files}, "ana"},
		"AWS_PROFILE behind keys: dotnet":            {host.Program{SDK: "dotnet", Environment: withProfile, Files: files}, "ana"},
		"AWS_PROFILE before keys: javascript":        {host.Program{SDK: "javascript", Environment: withProfile, Files: files}, "bob"},
		"a profile in code before keys: python":      {host.Program{SDK: "python", Environment: environment, Files: files, Profile: "night"}, "bob"},
		"a profile in code behind keys: java":        {host.Program{SDK: "java", Environment: environment, Files: files, Profile: "night"}, "ana"},
		"a profile with a role and its source":       {host.Program{SDK: "cli", Files: role}, "other-role"},
		"a profile with a role, the instance behind": {host.Program{SDK: "go", On: s.ids("Server"), Environment: map[string]string{"AWS_PROFILE": "other"}, Files: metadata}, "other-role"},
		"the task's role before the instance's":      {host.Program{SDK: "javascript", On: s.ids("Reaching", "Task")}, "task-role"},
		"no task role: the instance's":               {host.Program{SDK: "javascript", On: s.ids("Reaching", "Roleless")}, "instance-role"},
		"a function: its execution role":             {host.Program{SDK: "python", On: s.ids("Function"), Files: files}, "function-role"},
		"a function before a file of its own":        {host.Program{SDK: "dotnet", On: s.ids("Function"), Files: files}, "function-role"},
		"a task on Fargate":                          {host.Program{SDK: "python", On: s.ids("Task")}, "task-role"},
		"a container on the instance's network":      {host.Program{SDK: "python", On: s.ids("Strict", "OnHostNetwork")}, "instance-role"},
		"version 1 where no token arrives":           {host.Program{SDK: "python", On: s.ids("Server", "Roleless")}, "instance-role"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found, err := s.find(test.program)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.caller(found.Credentials); got != test.caller {
				t.Errorf("the program is %s with credentials from %s, want %s", got, found.Provider, test.caller)
			}
		})
	}
}

// refusals are the chains that end without credentials.
func (s *site) refusals(t *testing.T) {
	ana, _ := s.keys("Key")
	bob, bobSecret := s.keys("BobsKey")
	toOther := "[default]\nrole_arn = arn:aws:iam::123456789012:role/other-role\nsource_profile = bob\n[profile bob]\naws_access_key_id = " + bob + "\naws_secret_access_key = " + bobSecret
	tests := map[string]struct {
		program host.Program
		code    string
		rule    trace.RuleID
	}{
		"outside AWS: python":               {host.Program{SDK: "python"}, "NoCredentialsError", host.RuleChain},
		"outside AWS: javascript":           {host.Program{SDK: "javascript"}, "CredentialsProviderError", host.RuleChain},
		"an instance without a profile":     {host.Program{SDK: "go", On: s.ids("Bare")}, "SigningError", host.RuleChain},
		"metadata switched off":             {host.Program{SDK: "java", On: s.ids("Silent")}, "SdkClientException", host.RuleChain},
		"metadata passed over by variable":  {host.Program{SDK: "cli", On: s.ids("Server"), Environment: map[string]string{"AWS_EC2_METADATA_DISABLED": "true"}}, "NoCredentials", host.RuleChain},
		"a role that distrusts EC2":         {host.Program{SDK: "dotnet", On: s.ids("Wrong")}, "AmazonClientException", host.RuleChain},
		"a token that travels one hop":      {host.Program{SDK: "python", On: s.ids("Strict", "Roleless")}, "NoCredentialsError", host.RuleChain},
		"a role that distrusts ECS":         {host.Program{SDK: "python", On: s.ids("Untrusted")}, "ClientException", ecs.RuleTrust},
		"a role that distrusts Lambda":      {host.Program{SDK: "python", On: s.ids("Deaf")}, "InvalidParameterValueException", "lambda.execution-role"},
		"half a pair of keys: python":       {host.Program{SDK: "python", Environment: map[string]string{"AWS_ACCESS_KEY_ID": ana}}, "PartialCredentialsError", host.RuleEnvironment},
		"half a pair of keys: java":         {host.Program{SDK: "java", Environment: map[string]string{"AWS_ACCESS_KEY_ID": ana}}, "SdkClientException", host.RuleChain},
		"a profile nobody wrote: python":    {host.Program{SDK: "python", Environment: map[string]string{"AWS_PROFILE": "nigth"}}, "ProfileNotFound", host.RuleProfile},
		"a profile nobody wrote: go":        {host.Program{SDK: "go", Profile: "nigth"}, "SharedConfigProfileNotExistError", host.RuleProfile},
		"a variable nobody wrote: go":       {host.Program{SDK: "go", Environment: map[string]string{"AWS_PROFILE": "nigth"}}, "SigningError", host.RuleChain},
		"a role that the source may not":    {host.Program{SDK: "cli", Files: map[string]string{"~/.aws/config": toOther}}, "AccessDenied", "iam.identity-policy"},
		"a role without a source":           {host.Program{SDK: "cli", Files: map[string]string{"~/.aws/config": "[default]\nrole_arn = arn:aws:iam::123456789012:role/other-role"}}, "PartialCredentialsError", ""},
		"a source that has nothing":         {host.Program{SDK: "cli", Files: map[string]string{"~/.aws/config": "[default]\nrole_arn = a\nsource_profile = default"}}, "InvalidConfigError", ""},
		"a source that does not exist":      {host.Program{SDK: "cli", Files: map[string]string{"~/.aws/config": "[default]\nrole_arn = a\ncredential_source = Moon"}}, "InvalidConfigError", ""},
		"a path that is not the task's own": {host.Program{SDK: "python", On: s.ids("Task"), Environment: map[string]string{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/0"}}, "NoCredentialsError", ecs.RuleCredentials},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := s.find(test.program)
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || refusal.Code != test.code {
				t.Errorf("the error is %v, want %s", err, test.code)
			}
			if got := tracetest.Decider(s.last, 1); test.rule != "" && got != test.rule {
				t.Errorf("decided by %q, want %q", got, test.rule)
			}
		})
	}
}

// token is an ID token of a user of the pool that the account trusts.
func (s *site) token(t *testing.T) string {
	administrator := s.account.Administrator()
	call := func(operation string, input map[string]any) map[string]any {
		out, err := s.account.Call(nil, api.Call{Service: "cognito-idp", Operation: operation, Input: input, Caller: api.Caller{Credentials: &administrator}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	pool, client := s.ids("Pool")[0], s.ids("App")[0]
	call("AdminCreateUser", map[string]any{"UserPoolId": pool, "Username": "worker", "MessageAction": "SUPPRESS"})
	call("AdminSetUserPassword", map[string]any{"UserPoolId": pool, "Username": "worker", "Password": "Correct-Horse-7", "Permanent": true})
	out := call("InitiateAuth", map[string]any{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": map[string]any{"USERNAME": "worker", "PASSWORD": "Correct-Horse-7"}})
	return out["AuthenticationResult"].(map[string]any)["IdToken"].(string)
}

// metadata are requests that no SDK makes.
// Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html,
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
func (s *site) metadata(t *testing.T) {
	send := func(method, path, on string, header api.Header) (api.HTTPResponse, error) {
		recorder := trace.NewRecorder(s.account.Now)
		defer func() { s.cover.Add(recorder.Trace()) }()
		origin := api.Origin{}
		if on != "" {
			origin.Instance = s.ids(on)[0]
		}
		return s.account.Send(recorder.Flow(), api.HTTPRequest{From: "App", Method: method, URL: "http://169.254.169.254" + path, Header: header, Origin: origin})
	}
	ttl := api.Header{"x-aws-ec2-metadata-token-ttl-seconds": {"60"}}
	forwarded := ttl.Clone()
	forwarded.Set("X-Forwarded-For", "198.51.100.7")
	token, err := send("PUT", "/latest/api/token", "Strict", ttl)
	if err != nil || token.Status != 200 {
		t.Fatalf("a token: %v %v", token, err)
	}
	withToken := api.Header{"x-aws-ec2-metadata-token": {token.Body}}
	tests := []struct {
		name, method, path, on string
		header                 api.Header
		status                 int
	}{
		{"a token for a proxy", "PUT", "/latest/api/token", "Strict", forwarded, 403},
		{"a token without a lifetime", "PUT", "/latest/api/token", "Strict", nil, 400},
		{"a token by GET", "GET", "/latest/api/token", "Strict", ttl, 405},
		{"with a token", "GET", "/latest/meta-data/instance-id", "Strict", withToken, 200},
		{"without a token", "GET", "/latest/meta-data/iam/security-credentials/", "Strict", nil, 401},
		{"a token of another instance", "GET", "/latest/meta-data/iam/security-credentials/", "Server", withToken, 401},
		{"another role", "GET", "/latest/meta-data/iam/security-credentials/task-role", "Server", nil, 404},
	}
	for _, test := range tests {
		if reply, err := send(test.method, test.path, test.on, test.header); err != nil || reply.Status != test.status {
			t.Errorf("%s: status %d, error %v, want %d", test.name, reply.Status, err, test.status)
		}
	}
	// https://github.com/aws/aws-cli/issues/2060
	refused := `"Code":"AssumeRoleUnauthorizedAccess","LastUpdated":"2026-03-02T09:00:00Z","Message":"EC2 cannot assume the role task-role.  Please see documentation at `
	if reply, _ := send("GET", "/latest/meta-data/iam/security-credentials/task-role", "Wrong", nil); reply.Status != 200 || !strings.Contains(reply.Body, refused) {
		t.Errorf("a role that EC2 may not assume: %d %s", reply.Status, reply.Body)
	}
	s.account.Advance(time.Minute)
	if reply, _ := send("GET", "/latest/meta-data/instance-id", "Strict", withToken); reply.Status != 401 {
		t.Errorf("a token that is over: status %d", reply.Status)
	}
	var late api.TimeoutError
	if _, err := send("PUT", "/latest/api/token", "", ttl); !errors.As(err, &late) {
		t.Errorf("outside EC2 the metadata service says %v", err)
	}
}

func (s *site) profile(t *testing.T) {
	template, err := cloudformation.Parse("template.yaml", []byte("Resources: {Server: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: instance-role}}}"))
	if err != nil {
		t.Fatal(err)
	}
	recorder := trace.NewRecorder(s.account.Now)
	_, err = s.account.Deploy(recorder.Flow(), template)
	s.cover.Add(recorder.Trace())
	var refusal *awserr.Error
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Message, "Invalid IAM Instance Profile name") {
		t.Errorf("a role's name as an instance profile: %v", err)
	}
}

// webIdentity is a token of a provider that the account trusts, in a file.
func (s *site) webIdentity(t *testing.T) {
	token := s.token(t)
	for name, test := range map[string]struct{ role, token, caller, code string }{
		"a role that trusts the provider": {"pod-role", token, "pod-role", ""},
		"another role":                    {"other-role", token, "", "AccessDenied"},
		"no token":                        {"pod-role", "not a token\n", "", "InvalidIdentityToken"},
	} {
		found, err := s.find(host.Program{SDK: "go", Files: map[string]string{"/var/token": test.token}, Environment: map[string]string{
			"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/" + test.role,
		}})
		var refusal *awserr.Error
		switch {
		case test.code != "" && (!errors.As(err, &refusal) || refusal.Code != test.code):
			t.Errorf("%s: the error is %v, want %s", name, err, test.code)
		case test.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.code == "" && s.caller(found.Credentials) != test.caller:
			t.Errorf("%s: the program is %s", name, s.caller(found.Credentials))
		}
	}
}

func TestWhatIsNotSimulatedOrDamagedIsNoRefusal(t *testing.T) {
	s := newSite(t)
	for want, p := range map[string]host.Program{
		`there is no SDK "rust"`:            {SDK: "rust"},
		`no program can be started on "x"`:  {SDK: "go", On: []string{"x"}},
		"~/.aws/config:2: a setting is":     {SDK: "go", Files: map[string]string{"~/.aws/config": "[default]\nrole_arn"}},
		"~/.aws/credentials:1: a section":   {SDK: "go", Files: map[string]string{"~/.aws/credentials": "[default"}},
		"~/.aws/credentials:1: a setting":   {SDK: "go", Files: map[string]string{"~/.aws/credentials": "a = b"}},
		"has credential_process: AWS has":   {SDK: "go", Files: map[string]string{"~/.aws/config": "[default]\ncredential_process = x"}},
		"AWS_CONTAINER_CREDENTIALS_FULL_UR": {SDK: "go", Environment: map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23"}},
		"does not exist on the host":        {SDK: "go", Environment: map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "r"}},
		"takes its credentials from itself": {SDK: "go", Files: map[string]string{"~/.aws/config": "[default]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = s\nsource_profile = default"}},
	} {
		_, err := s.find(p)
		var refusal *awserr.Error
		if err == nil || errors.As(err, &refusal) || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}

func TestTemporaryCredentialsAreRenewedBeforeTheyEnd(t *testing.T) {
	s := newSite(t)
	for name, step := range map[string]struct {
		on     string
		before time.Duration
		after  time.Duration
	}{
		"instance": {"Server", 5 * time.Hour, 2 * time.Hour},
		"task":     {"Task", 30 * time.Minute, 40 * time.Minute},
	} {
		id := func() string {
			found, err := s.find(host.Program{SDK: "python", On: s.ids(step.on)})
			if err != nil {
				t.Fatal(err)
			}
			return found.Credentials.AccessKeyID
		}
		first := id()
		s.account.Advance(step.before)
		if id() != first {
			t.Errorf("%s: other credentials after %v", name, step.before)
		}
		s.account.Advance(step.after)
		if id() == first {
			t.Errorf("%s: the same credentials after %v", name, step.before+step.after)
		}
	}
}
