// Package ecs is ECS as far as code in a task's container gets credentials from
// it: task definitions with their two roles, and the endpoint of the ECS agent at
// 169.254.170.2. It refuses to know clusters, services and images, and what a role
// may do.
package ecs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// The agent's endpoint and the variable that leads there.
// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
const (
	agentHost       = "169.254.170.2"
	agentPath       = "/v2/credentials/"
	relativeURI     = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
	agent           = trace.Actor("ECS agent")
	taskIDLength    = 32
	hexadecimal     = "0123456789abcdef"
	defaultRevision = 1
)

// ECS holds the task definitions of one account and the tasks started from them.
// It is not safe for concurrent use.
type ECS struct {
	world api.World
	doors api.Doors
	// definitions are by ARN, and tasks by the id in their credentials' path.
	definitions map[string]*definition
	tasks       map[string]*task
}

type definition struct {
	arn, taskRole string
	// hostNetwork is true for containers that share their instance's network.
	hostNetwork bool
	environment map[string]string
	// task is the last one started, nil before.
	task *task
}

type task struct {
	id, role    string
	credentials api.Credentials
	expires     time.Time
}

// New returns ECS without task definitions.
func New(w api.World, doors api.Doors) *ECS {
	return &ECS{world: w, doors: doors, definitions: map[string]*definition{}, tasks: map[string]*task{}}
}

// Types are the resource type AWS::ECS::TaskDefinition.
func (e *ECS) Types() []cloudformation.Type {
	return []cloudformation.Type{cloudformation.Define("AWS::ECS::TaskDefinition", []string{"TaskDefinitionArn"}, e.createDefinition)}
}

type definitionProperties struct {
	ContainerDefinitions    []container
	ExecutionRoleArn        string
	Family                  string
	NetworkMode             string   `aws:"enum=bridge|host|awsvpc|none"`
	RequiresCompatibilities []string `aws:"enum=EC2|FARGATE|EXTERNAL"`
	TaskRoleArn             string
	_                       struct{} `noeffect:"Cpu EphemeralStorage Memory RuntimePlatform Tags Volumes" unsimulated:"EnableFaultInjection InferenceAccelerators IpcMode PidMode PlacementConstraints ProxyConfiguration"`
}

type container struct {
	Environment []variable
	Image       string   `aws:"required"`
	Name        string   `aws:"required"`
	_           struct{} `noeffect:"Command Cpu EntryPoint Essential HealthCheck LogConfiguration Memory MemoryReservation MountPoints PortMappings ReadonlyRootFilesystem StartTimeout StopTimeout User WorkingDirectory" unsimulated:"CredentialSpecs DependsOn DisableNetworking DnsSearchDomains DnsServers DockerLabels DockerSecurityOptions EnvironmentFiles ExtraHosts FirelensConfiguration Hostname Interactive Links LinuxParameters Privileged PseudoTerminal RepositoryCredentials ResourceRequirements RestartPolicy Secrets SystemControls Ulimits VersionConsistency VolumesFrom"`
}

type variable struct{ Name, Value string }

func (e *ECS) createDefinition(r cloudformation.Resource, p definitionProperties) (cloudformation.Created, error) {
	family := p.Family
	if family == "" {
		family = r.Stack + r.LogicalID + e.world.Token(12, api.Alphanumeric)
	}
	if len(p.ContainerDefinitions) == 0 {
		return cloudformation.Created{}, awserr.New("ClientException", "Container list cannot be empty.")
	}
	if slices.Contains(p.RequiresCompatibilities, "FARGATE") && p.NetworkMode != "awsvpc" {
		return cloudformation.Created{}, awserr.New("ClientException", "Fargate only supports network mode 'awsvpc'.")
	}
	created := &definition{
		arn:      arn.New("ecs", e.world.Region(), e.world.Account(), fmt.Sprintf("task-definition/%s:%d", family, defaultRevision)),
		taskRole: p.TaskRoleArn, hostNetwork: p.NetworkMode == "host", environment: map[string]string{},
	}
	for _, v := range p.ContainerDefinitions[0].Environment {
		created.environment[v.Name] = v.Value
	}
	e.definitions[created.arn] = created
	return cloudformation.Created{Ref: created.arn, Attributes: map[string]string{"TaskDefinitionArn": created.arn}}, nil
}

// Start runs a task of a definition and begins a program in its first container:
// the program finds the container's variables and, when the task has a role, the
// path of its credentials. ok is false when the id is no task definition's. The
// error is an *awserr.Error when ECS cannot assume the task role.
func (e *ECS) Start(span *trace.Span, id string) (place api.Place, ok bool, err error) {
	d, ok := e.definitions[id]
	if !ok {
		return api.Place{}, false, nil
	}
	place = api.Place{Environment: maps.Clone(d.environment), Origin: api.Origin{Task: d.arn, Container: !d.hostNetwork}}
	if !span.Note(RuleTaskRole, d.taskRole != "", "a task definition with a TaskRoleArn", cmp.Or(d.taskRole, "none")) {
		return place, true, nil
	}
	if d.task == nil {
		d.task = &task{id: e.world.Token(taskIDLength, hexadecimal), role: d.taskRole}
		e.tasks[d.task.id] = d.task
	}
	if err := e.renew(span, d.task); err != nil {
		return api.Place{}, true, err
	}
	place.Environment[relativeURI] = agentPath + d.task.id
	return place, true, nil
}

// renew assumes the task role when the credentials that the agent has are over.
// The refusal has the words of a service's event in
// https://github.com/boto/boto3/issues/1878 (observed), and the code with which
// RunTask says the same.
func (e *ECS) renew(span *trace.Span, t *task) error {
	if e.world.Now().Before(t.expires) {
		return nil
	}
	credentials, expires, refusal, err := api.Assume(e.doors, span, agent, api.Caller{Service: "ecs-tasks.amazonaws.com"},
		map[string]any{"RoleArn": t.role, "RoleSessionName": t.id})
	if err != nil {
		return err
	}
	if !span.Decide(RuleTrust, refusal == nil, "a role that ecs-tasks.amazonaws.com may assume", t.role) {
		return awserr.New("ClientException", "ECS was unable to assume the role '%s' that was provided for this task. "+
			"Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.", t.role)
	}
	t.credentials, t.expires = credentials, expires
	return nil
}

// Site is the agent's endpoint, which only containers of tasks reach.
func (e *ECS) Site() api.Site {
	return api.Site{
		Name:  agent,
		Hosts: func(host string) bool { return host == agentHost },
		Serve: e.serveCredentials,
	}
}

func (e *ECS) serveCredentials(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if request.Origin.Task == "" {
		return api.HTTPResponse{}, api.TimeoutError{After: time.Second}
	}
	t, ok := e.tasks[strings.TrimPrefix(address.Path, agentPath)]
	if !span.Decide(RuleCredentials, ok, "the path that the task was given", address.Path) {
		return answer(404, map[string]string{"code": "InvalidIdInRequest", "message": "CredentialsV2Request: Credentials not found"})
	}
	if err := e.renew(span, t); err != nil {
		return api.HTTPResponse{}, err
	}
	return answer(200, map[string]string{
		"RoleArn": t.role, "AccessKeyId": t.credentials.AccessKeyID, "SecretAccessKey": t.credentials.SecretAccessKey,
		"Token": t.credentials.SessionToken, "Expiration": t.expires.UTC().Format(time.RFC3339),
	})
}

func answer(status int, members map[string]string) (api.HTTPResponse, error) {
	text, err := json.Marshal(members)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"application/json"}}, Body: string(text)}, nil
}
