package host

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// Variables of the environment.
// Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
const (
	accessKeyVariable   = "AWS_ACCESS_KEY_ID"
	secretKeyVariable   = "AWS_SECRET_ACCESS_KEY"
	tokenVariable       = "AWS_SESSION_TOKEN"
	profileVariable     = "AWS_PROFILE"
	tokenFileVariable   = "AWS_WEB_IDENTITY_TOKEN_FILE"
	roleVariable        = "AWS_ROLE_ARN"
	sessionNameVariable = "AWS_ROLE_SESSION_NAME"
	relativeURIVariable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
	fullURIVariable     = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	noMetadataVariable  = "AWS_EC2_METADATA_DISABLED"
)

// inCode are credentials that the code gives to the client itself.
func inCode(m *machine) (*Found, error) {
	c := m.program.Credentials
	if !m.span.Note(RuleCode, c != nil, "credentials given to the client in code", given(c)) {
		return nil, nil
	}
	return &Found{Credentials: *c, Provider: "code"}, nil
}

func given(c *api.Credentials) string {
	if c == nil {
		return "none"
	}
	return c.AccessKeyID
}

// systemProperties are those of the Java virtual machine.
func systemProperties(m *machine) (*Found, error) {
	c := api.Credentials{
		AccessKeyID: m.program.Properties["aws.accessKeyId"], SecretAccessKey: m.program.Properties["aws.secretAccessKey"],
		SessionToken: m.program.Properties["aws.sessionToken"],
	}
	held := c.AccessKeyID != "" && c.SecretAccessKey != ""
	if !m.span.Note(RuleProperties, held, "aws.accessKeyId and aws.secretAccessKey", cmp.Or(c.AccessKeyID, "not set")) {
		return nil, nil
	}
	return &Found{Credentials: c, Provider: "system properties"}, nil
}

// environment are access keys in variables, passed over by some SDKs when a
// profile is named.
func environment(m *machine) (*Found, error) {
	const wanted = accessKeyVariable + " and " + secretKeyVariable
	if m.passesOverEnvironment() {
		m.span.Note(RuleEnvironment, false, wanted, "passed over for the profile "+m.profileName())
		return nil, nil
	}
	c := api.Credentials{
		AccessKeyID: m.Environment[accessKeyVariable], SecretAccessKey: m.Environment[secretKeyVariable], SessionToken: m.Environment[tokenVariable],
	}
	if c.AccessKeyID != "" && c.SecretAccessKey == "" && m.chain.partial != "" {
		m.span.Decide(RuleEnvironment, false, wanted, "no "+secretKeyVariable)
		return nil, awserr.New(m.chain.partial, "Partial credentials found in env, missing: %s", secretKeyVariable)
	}
	if !m.span.Note(RuleEnvironment, c.AccessKeyID != "" && c.SecretAccessKey != "", wanted, cmp.Or(c.AccessKeyID, "not set")) {
		return nil, nil
	}
	return &Found{Credentials: c, Provider: "environment"}, nil
}

func (m *machine) passesOverEnvironment() bool {
	switch m.chain.passOver {
	case forProfileInCode:
		return m.program.Profile != ""
	case forAnyProfile:
		return m.program.Profile != "" || m.Environment[profileVariable] != ""
	}
	return false
}

// webIdentity is a token in a file and the role that it is traded for.
func webIdentity(m *machine) (*Found, error) {
	file, role := m.Environment[tokenFileVariable], m.Environment[roleVariable]
	if !m.span.Note(RuleWebIdentity, file != "" && role != "", tokenFileVariable+" and "+roleVariable, cmp.Or(file, "not set")) {
		return nil, nil
	}
	return m.assumeWithToken(file, role, m.Environment[sessionNameVariable])
}

func (m *machine) assumeWithToken(file, role, name string) (*Found, error) {
	token, ok := m.program.Files[file]
	if !ok {
		return nil, fmt.Errorf("the web identity token file %s does not exist on the host", file)
	}
	return m.assume("web identity", "AssumeRoleWithWebIdentity", nil, map[string]any{
		"RoleArn": role, "RoleSessionName": m.sessionName(name), "WebIdentityToken": strings.TrimSpace(token),
	})
}

// sessionName is the given one, or one that the SDK makes up.
func (m *machine) sessionName(given string) string {
	if given != "" {
		return given
	}
	return fmt.Sprintf("aws-sdk-%s-%d", m.program.SDK, m.world.Now().UnixMilli())
}

// assume calls STS as an SDK does. A refusal ends the chain.
func (m *machine) assume(providerName, operation string, caller *api.Credentials, input map[string]any) (*Found, error) {
	output, err := m.doors.Call(m.span, api.Call{
		From: sdk, Service: "sts", Operation: operation, Input: input, Caller: api.Caller{Credentials: caller},
	})
	if err != nil {
		return nil, err
	}
	credentials, expires, err := api.Issued(output)
	if err != nil {
		return nil, err
	}
	return &Found{Credentials: credentials, Provider: providerName, Expires: expires}, nil
}

// container is the endpoint of the platform that runs the program's container.
func container(m *machine) (*Found, error) {
	uri := m.Environment[relativeURIVariable]
	if uri == "" && m.Environment[fullURIVariable] != "" {
		return nil, fmt.Errorf("%s is not simulated: use %s or %s", fullURIVariable, relativeURIVariable, tokenFileVariable)
	}
	if !m.span.Note(RuleContainer, uri != "", relativeURIVariable, cmp.Or(uri, "not set")) {
		return nil, nil
	}
	reply, err := m.send("GET", "http://169.254.170.2"+uri, nil)
	if err != nil {
		return nil, err
	}
	if reply.Status != 200 {
		return nil, awserr.New(m.chain.exception, "Error retrieving container credentials: received status %d", reply.Status)
	}
	return temporary("container", reply.Body)
}

// instanceMetadata is the metadata service of the EC2 instance. Version 2 is tried
// first; when no token comes, version 1.
func instanceMetadata(m *machine) (*Found, error) {
	const wanted = "an instance profile at 169.254.169.254"
	if m.Origin.Instance == "" {
		m.span.Note(RuleMetadata, false, wanted, "nothing answers: no EC2 instance")
		return nil, nil
	}
	if strings.EqualFold(m.Environment[noMetadataVariable], "true") {
		m.span.Note(RuleMetadata, false, wanted, noMetadataVariable+" is true")
		return nil, nil
	}
	header, err := m.metadataToken()
	if err != nil {
		return nil, err
	}
	const path = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
	role, err := m.send("GET", path, header)
	if err != nil {
		return nil, err
	}
	if role.Status != 200 {
		m.span.Note(RuleMetadata, false, wanted, fmt.Sprintf("status %d", role.Status))
		return nil, nil
	}
	reply, err := m.send("GET", path+role.Body, header)
	if err != nil {
		return nil, err
	}
	var failure struct{ Code, Message string }
	if err := json.Unmarshal([]byte(reply.Body), &failure); err == nil && failure.Code != "Success" {
		m.span.Note(RuleMetadata, false, wanted, failure.Code)
		return nil, nil
	}
	m.span.Note(RuleMetadata, true, wanted, "role "+role.Body)
	return temporary("instance metadata", reply.Body)
}

// metadataToken is the header with the session token of version 2, empty when
// none is given.
func (m *machine) metadataToken() (api.Header, error) {
	header := api.Header{}
	header.Set("x-aws-ec2-metadata-token-ttl-seconds", "21600")
	reply, err := m.send("PUT", "http://169.254.169.254/latest/api/token", header)
	var late api.TimeoutError
	if err != nil && !errors.As(err, &late) {
		return nil, err
	}
	if err != nil || reply.Status != 200 {
		return nil, nil
	}
	return api.Header{"x-aws-ec2-metadata-token": {reply.Body}}, nil
}

func (m *machine) send(method, url string, header api.Header) (api.HTTPResponse, error) {
	return m.doors.Send(m.span, api.HTTPRequest{From: sdk, Method: method, URL: url, Header: header.Clone(), Origin: m.Origin})
}

// temporary reads the credentials that a container endpoint and the metadata
// service answer with.
func temporary(providerName, body string) (*Found, error) {
	var answer struct {
		AccessKeyID     string `json:"AccessKeyId"`
		SecretAccessKey string
		Token           string
		Expiration      time.Time
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return nil, fmt.Errorf("the %s provider's answer: %w", providerName, err)
	}
	return &Found{
		Credentials: api.Credentials{AccessKeyID: answer.AccessKeyID, SecretAccessKey: answer.SecretAccessKey, SessionToken: answer.Token},
		Provider:    providerName, Expires: answer.Expiration,
	}, nil
}
