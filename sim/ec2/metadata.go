package ec2

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// metadataHost is the link-local address of the instance metadata service.
const metadataHost = "169.254.169.254"

// Paths of the service.
const (
	tokenPath       = "/latest/api/token"
	rolePath        = "/latest/meta-data/iam/security-credentials/"
	instanceIDPath  = "/latest/meta-data/instance-id"
	tokenHeader     = "x-aws-ec2-metadata-token"
	tokenTTLHeader  = "x-aws-ec2-metadata-token-ttl-seconds"
	longestTokenTTL = 21600
	tokenLength     = 56
)

// Times of what the service hands out.
// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
const (
	sessionLength = 6 * time.Hour
	// renewal is how long before they expire credentials are replaced.
	renewal = 5 * time.Minute
	// patience is how long a program waits for an answer that never comes.
	patience = time.Second
)

// Site is the instance metadata service. Each instance has its own at the same
// address: the request's Origin says whose.
func (e *EC2) Site() api.Site {
	return api.Site{
		Name:  "Instance metadata",
		Hosts: func(host string) bool { return host == metadataHost },
		Serve: e.serveMetadata,
	}
}

// serveMetadata answers one request, in these phases:
//
//  1. it comes from an instance (elsewhere the address leads nowhere)
//  2. the service is on
//  3. a PUT gets a token, if its answer reaches the sender
//  4. a GET brings a token, or needs none
//  5. the instance has what is asked for
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
// has the statuses 400, 401, 403 and 404. It does not say which of them a token
// asked for through a proxy gets; 403 there and 405 are inferred.
func (e *EC2) serveMetadata(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	// 1
	i, ok := e.instances[request.Origin.Instance]
	if !span.Note(RuleReach, ok, "a program on an EC2 instance", cmp.Or(request.Origin.Instance, "no instance")) {
		return api.HTTPResponse{}, api.TimeoutError{After: patience}
	}
	// 2
	enabled := i.metadata.HttpEndpoint != "disabled"
	if !span.Decide(RuleEndpoint, enabled, "HttpEndpoint enabled", cmp.Or(i.metadata.HttpEndpoint, "enabled")) {
		return plain(403, "Forbidden"), nil
	}
	address, err := url.Parse(request.URL)
	if err != nil {
		return plain(400, "Bad Request"), nil
	}
	// 3
	if address.Path == tokenPath {
		return e.token(span, i, request)
	}
	// 4
	if !e.mayRead(span, i, request.Header) {
		return plain(401, "Unauthorized"), nil
	}
	// 5
	return e.read(span, i, address.Path)
}

// token answers PUT /latest/api/token. The answer travels as many hops as the
// instance allows: a program in a container with a network of its own is two
// away.
func (e *EC2) token(span *trace.Span, i *instance, request api.HTTPRequest) (api.HTTPResponse, error) {
	if request.Method != "PUT" {
		return plain(405, "Method Not Allowed"), nil
	}
	if forwarded := request.Header.Get("x-forwarded-for"); !span.Decide(RuleForwarded, forwarded == "", "no X-Forwarded-For header", cmp.Or(forwarded, "none")) {
		return plain(403, "Forbidden"), nil
	}
	seconds, err := strconv.Atoi(request.Header.Get(tokenTTLHeader))
	if err != nil || seconds < 1 || seconds > longestTokenTTL {
		return plain(400, "Bad Request"), nil
	}
	hops := 1
	if request.Origin.Container {
		hops = 2
	}
	if !span.Note(RuleHops, hops <= i.metadata.HttpPutResponseHopLimit,
		fmt.Sprintf("at most %d hops to the program", i.metadata.HttpPutResponseHopLimit), fmt.Sprintf("%d hops", hops)) {
		return api.HTTPResponse{}, api.TimeoutError{After: patience}
	}
	token := e.world.Token(tokenLength, api.Alphanumeric)
	i.tokens[token] = e.world.Now().Add(time.Duration(seconds) * time.Second)
	response := plain(200, token)
	response.Header.Set(tokenTTLHeader, strconv.Itoa(seconds))
	return response, nil
}

func (e *EC2) mayRead(span *trace.Span, i *instance, header api.Header) bool {
	token := header.Get(tokenHeader)
	wanted, found := "no token needed: HttpTokens is optional", "none"
	if i.metadata.HttpTokens == "required" {
		wanted = "a token: HttpTokens is required"
	}
	ends, known := i.tokens[token]
	valid := known && e.world.Now().Before(ends)
	switch {
	case valid:
		found = "a valid token"
	case token != "":
		found = "a token that is not valid"
	}
	return span.Decide(RuleToken, valid || token == "" && i.metadata.HttpTokens != "required", wanted, found)
}

func (e *EC2) read(span *trace.Span, i *instance, path string) (api.HTTPResponse, error) {
	if path == instanceIDPath {
		return plain(200, i.id), nil
	}
	name, ok := strings.CutPrefix(path+"/", rolePath)
	if !ok {
		return api.HTTPResponse{}, fmt.Errorf("the metadata service has more paths than the simulation: %s", path)
	}
	profile, ok := e.profiles.InstanceProfile(i.profile)
	if !span.Note(RuleRole, ok && profile.RoleName != "", "an instance with an instance profile", cmp.Or(profile.RoleName, "none")) {
		return plain(404, "Not Found"), nil
	}
	name = strings.TrimSuffix(name, "/")
	if name == "" {
		return plain(200, profile.RoleName), nil
	}
	if name != profile.RoleName {
		return plain(404, "Not Found"), nil
	}
	return e.roleCredentials(span, i, profile)
}

// roleCredentials is the document with the role's credentials. EC2 assumes the
// role anew when those it has come near their end. Where it may not, the document
// has the words of https://github.com/aws/aws-cli/issues/2060 (observed), with
// today's address of the page.
func (e *EC2) roleCredentials(span *trace.Span, i *instance, profile api.InstanceProfile) (api.HTTPResponse, error) {
	if e.world.Now().Before(i.expires.Add(-renewal)) {
		return i.document()
	}
	credentials, expires, refusal, err := api.Assume(e.doors, span, span.Actor(), api.Caller{Service: "ec2.amazonaws.com"},
		map[string]any{"RoleArn": profile.RoleARN, "RoleSessionName": i.id, "DurationSeconds": sessionLength.Seconds()})
	if err != nil {
		return api.HTTPResponse{}, err
	}
	if !span.Note(RuleTrust, refusal == nil, "a role that ec2.amazonaws.com may assume", profile.RoleName) {
		return document(map[string]string{
			"Code":        "AssumeRoleUnauthorizedAccess",
			"Message":     "EC2 cannot assume the role " + profile.RoleName + ".  Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.",
			"LastUpdated": e.world.Now().UTC().Format(time.RFC3339),
		})
	}
	i.credentials, i.expires, i.issued = credentials, expires, e.world.Now()
	return i.document()
}

func (i *instance) document() (api.HTTPResponse, error) {
	return document(map[string]string{
		"Code": "Success", "LastUpdated": i.issued.UTC().Format(time.RFC3339), "Type": "AWS-HMAC",
		"AccessKeyId": i.credentials.AccessKeyID, "SecretAccessKey": i.credentials.SecretAccessKey,
		"Token": i.credentials.SessionToken, "Expiration": i.expires.UTC().Format(time.RFC3339),
	})
}

func document(members map[string]string) (api.HTTPResponse, error) {
	text, err := json.Marshal(members)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	return plain(200, string(text)), nil
}

func plain(status int, body string) api.HTTPResponse {
	return api.HTTPResponse{Status: status, Header: api.Header{"content-type": {"text/plain"}}, Body: body}
}
