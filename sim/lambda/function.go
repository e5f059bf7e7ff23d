package lambda

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// The defaults and limits of a function's configuration
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html).
const (
	defaultTimeout, maxTimeout           = 3, 900
	defaultMemory, minMemory, maxMemory  = 128, 128, 10240
	maxFunctionName, maxEnvironmentBytes = 64, 4096
)

// function is a function with its resource policy.
type function struct {
	name, arn, role string
	handler, source string
	// runtime is AWS's identifier and major the Node.js version in it.
	runtime string
	major   int
	timeout time.Duration
	// memory is in MB.
	memory      int
	environment map[string]string
	// version is "$LATEST", or the number of a published version.
	version string
	// endpoints are what an invocation can name, by qualifier: "" for the
	// function itself, version numbers and names of aliases.
	endpoints map[string]*endpoint

	// credentials are those of the execution role until expires; nil before
	// the function first needs them.
	credentials *api.Credentials
	expires     time.Time
}

type functionProperties struct {
	Code         codeProperties `aws:"required"`
	Environment  environmentProperties
	FunctionName string
	Handler      string
	MemorySize   *int
	PackageType  string `aws:"enum=Image|Zip"`
	Role         string `aws:"required"`
	Runtime      string `aws:"enum=nodejs|nodejs4.3|nodejs6.10|nodejs8.10|nodejs10.x|nodejs12.x|nodejs14.x|nodejs16.x|nodejs18.x|nodejs20.x|nodejs22.x|nodejs24.x|nodejs26.x|nodejs4.3-edge|java8|java8.al2|java8.al2023|java11|java11.al2023|java17|java17.al2023|java21|java25|python2.7|python3.6|python3.7|python3.8|python3.9|python3.10|python3.11|python3.12|python3.13|python3.14|python3.15|dotnetcore1.0|dotnetcore2.0|dotnetcore2.1|dotnetcore3.1|dotnet6|dotnet8|dotnet10|go1.x|ruby2.5|ruby2.7|ruby3.2|ruby3.3|ruby3.4|ruby4.0|provided|provided.al2|provided.al2023"`
	Timeout      *int

	_ struct{} `noeffect:"Architectures CodeSigningConfigArn Description EphemeralStorage KmsKeyArn LoggingConfig RecursiveLoop RuntimeManagementConfig SnapStart Tags TracingConfig" unsimulated:"CapacityProviderConfig DeadLetterConfig DurableConfig FileSystemConfigs FunctionScalingConfig ImageConfig Layers PublishToLatestPublished ReservedConcurrentExecutions TenancyConfig VpcConfig"`
}

type codeProperties struct {
	ZipFile string

	_ struct{} `noeffect:"SourceKMSKeyArn" unsimulated:"ImageUri S3Bucket S3Key S3ObjectStorageMode S3ObjectVersion"`
}

type environmentProperties struct {
	Variables map[string]string
}

// createFunction creates a function, checking in this order:
//
//  1. what the simulation can run: inline code for a Node.js runtime
//  2. the constraints of single properties
//  3. the environment variables
//  4. that the execution role is one of the account
//  5. that the name is free
func (l *Lambda) createFunction(r cloudformation.Resource, p functionProperties) (cloudformation.Created, error) {
	// 1
	major, err := nodeMajor(p)
	if err != nil {
		return cloudformation.Created{}, err
	}
	f := &function{
		name: p.FunctionName, role: p.Role, handler: p.Handler, source: p.Code.ZipFile, runtime: p.Runtime, major: major,
		timeout: time.Duration(valueOr(p.Timeout, defaultTimeout)) * time.Second, memory: valueOr(p.MemorySize, defaultMemory),
	}
	if f.name == "" {
		f.name = generatedName(r, l.world.Token(12, api.Alphanumeric))
	}
	// 2
	if err := checkConfiguration(f); err != nil {
		return cloudformation.Created{}, err
	}
	// 3
	if err := checkEnvironment(p.Environment.Variables); err != nil {
		return cloudformation.Created{}, err
	}
	// 4
	if err := l.checkRole(r.Span, f.role); err != nil {
		return cloudformation.Created{}, err
	}
	// 5
	if _, taken := l.functions[f.name]; taken {
		return cloudformation.Created{}, awserr.WithStatus(409, "ResourceConflictException", "Function already exist: %s", f.name)
	}
	f.arn = arn.New("lambda", l.world.Region(), l.world.Account(), "function:"+f.name)
	f.version = latest
	f.environment = l.environmentOf(f, p.Environment.Variables)
	f.endpoints = map[string]*endpoint{"": {runs: f, arn: f.arn}}
	l.functions[f.name] = f
	return cloudformation.Created{Ref: f.name, Attributes: map[string]string{"Arn": f.arn}}, nil
}

// nodeMajor is the Node.js version of the properties' runtime. Its errors say
// what AWS refuses or the simulation cannot run.
func nodeMajor(p functionProperties) (int, error) {
	if p.PackageType == "Image" {
		return 0, errors.New("only inline code (Code.ZipFile) is simulated, found PackageType Image")
	}
	if p.Runtime == "" || p.Handler == "" {
		return 0, invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	if p.Code.ZipFile == "" {
		return 0, invalid("Please provide a source for function code.")
	}
	match := regexp.MustCompile(`^nodejs(\d+)\.x$`).FindStringSubmatch(p.Runtime)
	if match == nil {
		return 0, fmt.Errorf("only nodejs runtimes are simulated, found Runtime %s", p.Runtime)
	}
	return strconv.Atoi(match[1])
}

func invalid(format string, args ...any) *awserr.Error {
	return awserr.New("InvalidParameterValueException", format, args...)
}

func constraint(value any, member, wanted string) *awserr.Error {
	return awserr.New("ValidationException",
		"1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: Member must %s", value, member, wanted)
}

func checkConfiguration(f *function) error {
	const rolePattern = `arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`
	seconds := int(f.timeout / time.Second)
	switch {
	case len(f.name) > maxFunctionName:
		return constraint(f.name, "functionName", "have length less than or equal to 64")
	case !regexp.MustCompile(`^[a-zA-Z0-9-_]+$`).MatchString(f.name):
		return constraint(f.name, "functionName", "satisfy regular expression pattern: [a-zA-Z0-9-_]+")
	case !regexp.MustCompile(`^` + rolePattern + `$`).MatchString(f.role):
		return constraint(f.role, "role", "satisfy regular expression pattern: "+rolePattern)
	case seconds < 1:
		return constraint(seconds, "timeout", "have value greater than or equal to 1")
	case seconds > maxTimeout:
		return constraint(seconds, "timeout", "have value less than or equal to 900")
	case f.memory < minMemory:
		return constraint(f.memory, "memorySize", "have value greater than or equal to 128")
	case f.memory > maxMemory:
		return constraint(f.memory, "memorySize", "have value less than or equal to 10240")
	}
	return nil
}

// checkRole refuses the role of another account.
// Source: https://github.com/fabric8io/kubernetes-alexa/issues/6 (observed)
func (l *Lambda) checkRole(span *trace.Span, role string) error {
	account := accountOf(role)
	if span.Decide(RuleRoleAccount, account == l.world.Account(), "a role of account "+l.world.Account(), "one of "+account) {
		return nil
	}
	return awserr.WithStatus(403, "AccessDeniedException", "Cross-account pass role is not allowed.")
}

// checkEnvironment refuses names that Lambda reserves and more than 4 KB
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
func checkEnvironment(variables map[string]string) error {
	size := 0
	var reserved []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		size += len(name) + len(variables[name])
		if !regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`).MatchString(name) {
			return awserr.New("ValidationException", "1 validation error detected: Value at 'environment.variables' failed to satisfy "+
				"constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		}
		if isReserved(name) {
			reserved = append(reserved, name)
		}
	}
	if len(reserved) > 0 {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided "+
			"contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s",
			strings.Join(reserved, ", "))
	}
	if size > maxEnvironmentBytes {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided " +
			"exceeded the 4KB limit.")
	}
	return nil
}

func isReserved(name string) bool {
	switch name {
	case "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
		"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR":
		return true
	}
	return false
}

// environmentOf is what process.env holds: Lambda's variables and the
// function's own. The role's credentials, which Lambda puts there too, are
// handed to the SDK directly.
func (l *Lambda) environmentOf(f *function, own map[string]string) map[string]string {
	all := map[string]string{
		"AWS_REGION": l.world.Region(), "AWS_DEFAULT_REGION": l.world.Region(),
		"AWS_LAMBDA_FUNCTION_NAME": f.name, "AWS_LAMBDA_FUNCTION_VERSION": f.version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.memory), "AWS_EXECUTION_ENV": "AWS_Lambda_" + f.runtime,
		"_HANDLER": f.handler, "LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime", "TZ": ":UTC", "LANG": "en_US.UTF-8",
	}
	for name, value := range own {
		all[name] = value
	}
	return all
}

// generatedName is CloudFormation's name for a resource without one.
func generatedName(r cloudformation.Resource, suffix string) string {
	prefix := r.Stack + "-" + r.LogicalID
	if limit := maxFunctionName - len(suffix) - 1; len(prefix) > limit {
		prefix = prefix[:limit]
	}
	return strings.TrimPrefix(prefix, "-") + "-" + suffix
}

func valueOr(p *int, otherwise int) int {
	if p == nil {
		return otherwise
	}
	return *p
}
