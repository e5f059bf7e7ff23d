package iam

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
)

// The codes of Authenticate's refusals. Services with a body of their own (API
// Gateway, S3) tell the cases apart by them; the spelling that JSON and query
// services use is in refusals.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
// https://github.com/yegor256/s3auth/issues/244 (observed)
const (
	CodeMissing       = "MissingAuthenticationToken"
	CodeIncomplete    = "IncompleteSignature"
	CodeUnknownKey    = "UnrecognizedClientException"
	CodeMismatch      = "SignatureDoesNotMatch"
	CodeExpired       = "SignatureExpired"
	CodeNotYetCurrent = "SignatureNotYetCurrent"
	CodeExpiredToken  = "ExpiredTokenException"
)

// Messages of Authenticate's refusals, in AWS's words.
const (
	messageMissing    = "Missing Authentication Token"
	messageUnknownKey = "The security token included in the request is invalid."
	messageMismatch   = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	messageExpired    = "The security token included in the request is expired"
)

// authentication is one request on its way through the checks.
type authentication struct {
	iam     *IAM
	span    *trace.Span
	request api.HTTPRequest
	service string
	claimed sigv4.Claimed
	home    *IAM       // the directory of
	key     *accessKey // one of key
	session *session   // and session
}

// principal is who signed, once that is known.
func (a *authentication) principal() api.Principal {
	if a.session != nil {
		return a.session.principal
	}
	return a.home.userPrincipal(a.key)
}

// Authenticate says whose signature a request to a service carries. The service
// is named as in credential scopes. Its checks, in order:
//
//  1. the request has an Authorization header
//  2. the header is a SigV4 one
//  3. the credential scope is that of the day, the Region and the service
//  4. AWS has issued the access key id and it is active
//  5. the session token belongs to the key; long-term keys have none
//  6. the signature comes out the same when it is made again
//  7. the signature is at most five minutes old or early by the sender's clock,
//     fifteen for S3
//  8. temporary credentials have not expired
//  9. IAM itself takes a user's temporary credentials only with MFA, and those of
//     a federated user never
//
// A refusal is an *awserr.Error with one of the codes above. The check of
// expiry is recorded for every request that gets so far, for long-term keys too:
// those hold it always.
func (i *IAM) Authenticate(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error) {
	a := &authentication{iam: i, span: span, request: request, service: service}
	for _, check := range []func() error{a.read, a.scope, a.known, a.token, a.signature, a.fresh, a.unexpired, a.admitted} {
		if err := check(); err != nil {
			return api.Principal{}, err
		}
	}
	return a.principal(), nil
}

func (i *IAM) userPrincipal(k *accessKey) api.Principal {
	return api.Principal{
		Type: api.User, ARN: k.owner.arn, Account: i.world.Account(), UserID: k.owner.id, AccessKeyID: k.id,
		Keys: map[string][]string{"aws:username": {k.owner.name}},
	}
}

// read makes checks 1 and 2.
func (a *authentication) read() error {
	claimed, err := sigv4.Parse(a.request)
	a.claimed = claimed
	const wanted = "Authorization header"
	if errors.As(err, new(sigv4.MissingError)) {
		a.span.Decide(RuleSigned, false, wanted, "none")
		return a.refuse(CodeMissing, messageMissing)
	}
	a.span.Decide(RuleSigned, true, wanted, "there is one")
	const form = "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…"
	var incomplete sigv4.IncompleteError
	if errors.As(err, &incomplete) {
		a.span.Decide(RuleSignatureForm, false, form, abbreviate(a.request.Header.Get("authorization")))
		return a.refuse(CodeIncomplete, incomplete.Message)
	}
	if err != nil {
		return err
	}
	a.span.Decide(RuleSignatureForm, true, form, "signed with "+claimed.AccessKeyID)
	return nil
}

// scope makes check 3.
func (a *authentication) scope() error {
	c := a.claimed
	wanted := fmt.Sprintf("scope %s/%s/%s", sigv4.DateOf(c.At), a.region(), a.service)
	found := fmt.Sprintf("%s/%s/%s", c.Date, c.Region, c.Service)
	message := ""
	switch {
	case c.Region != a.region():
		message = fmt.Sprintf("Credential should be scoped to a valid Region, not '%s'.", c.Region)
	case c.Service != a.service:
		message = fmt.Sprintf("Credential should be scoped to correct service: '%s'.", a.service)
	case c.Date != sigv4.DateOf(c.At):
		message = fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
			c.Date, sigv4.DateOf(c.At), compact(c.At))
	}
	if !a.span.Decide(RuleSignatureScope, message == "", wanted, found) {
		return a.refuse(CodeMismatch, message)
	}
	return nil
}

// region is the Region that signatures for the service name. IAM itself has
// one endpoint for all Regions, in us-east-1.
func (a *authentication) region() string {
	if a.service == "iam" && a.claimed.Region == globalRegion {
		return globalRegion
	}
	return a.iam.world.Region()
}

const globalRegion = "us-east-1"

// known makes check 4.
func (a *authentication) known() error {
	id := a.claimed.AccessKeyID
	a.home = a.iam.issuer(id)
	a.key, a.session = a.home.keys[id], a.home.sessions[id]
	found := "no such access key"
	switch {
	case a.session != nil:
		found = a.session.String()
	case a.key != nil && a.key.active:
		found = "access key of IAM user " + a.key.owner.name
	case a.key != nil:
		found = "inactive access key of IAM user " + a.key.owner.name
	}
	if a.home != a.iam {
		found += ", account " + a.home.world.Account()
	}
	held := a.session != nil || (a.key != nil && a.key.active)
	if !a.span.Decide(RuleAccessKey, held, "access key id issued by AWS", found) {
		return a.refuse(CodeUnknownKey, messageUnknownKey)
	}
	return nil
}

// token makes check 5.
func (a *authentication) token() error {
	wanted, found := "no session token: the key is long-term", "none"
	issued := ""
	if a.session != nil {
		wanted, issued = "the session token issued with the key", a.session.credentials.SessionToken
	}
	given := a.claimed.SessionToken
	switch {
	case given != "" && given == issued:
		found = "that token"
	case given != "":
		found = "another token"
	}
	if !a.span.Decide(RuleSessionToken, given == issued, wanted, found) {
		return a.refuse(CodeUnknownKey, messageUnknownKey)
	}
	return nil
}

// signature makes check 6.
func (a *authentication) signature() error {
	same, err := sigv4.Verify(a.request, a.claimed, a.secret())
	if err != nil {
		return err
	}
	found := "the same"
	if !same {
		found = "another: wrong secret or changed request"
	}
	if !a.span.Decide(RuleSignature, same, "the signature that AWS calculates", found) {
		return a.refuse(CodeMismatch, messageMismatch)
	}
	return nil
}

func (a *authentication) secret() string {
	if a.session != nil {
		return a.session.credentials.SecretAccessKey
	}
	return a.key.secret
}

// fresh makes check 7.
func (a *authentication) fresh() error {
	skew := 5 * time.Minute
	if a.service == "s3" {
		skew = 15 * time.Minute
	}
	now, at := a.iam.world.Now(), a.claimed.At.Add(a.request.Behind)
	minutes := int(skew / time.Minute)
	wanted := fmt.Sprintf("signed within %d minutes of now", minutes)
	found := "signed at " + at.UTC().Format(time.TimeOnly)
	code, message := "", ""
	switch {
	case at.Before(now.Add(-skew)):
		code, message = CodeExpired, fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %d min.)", compact(at), compact(now.Add(-skew)), compact(now), minutes)
	case at.After(now.Add(skew)):
		code, message = CodeNotYetCurrent, fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %d min.)", compact(at), compact(now.Add(skew)), compact(now), minutes)
	}
	if !a.span.Decide(RuleSignatureTime, code == "", wanted, found) {
		return a.refuse(code, message)
	}
	return nil
}

// unexpired makes check 8.
func (a *authentication) unexpired() error {
	const wanted = "credentials that have not expired"
	if a.session == nil {
		a.span.Decide(RuleExpiry, true, wanted, "access key of IAM user "+a.key.owner.name+", no expiry")
		return nil
	}
	end := a.session.expires
	if !a.span.Decide(RuleExpiry, a.iam.world.Now().Before(end), wanted, "session until "+end.UTC().Format(time.TimeOnly)) {
		return a.refuse(CodeExpiredToken, messageExpired)
	}
	return nil
}

// admitted makes check 9.
// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html,
// https://github.com/cloudyr/aws.iam/issues/15 (observed)
func (a *authentication) admitted() error {
	if a.service != "iam" || a.session == nil || a.session.user == nil {
		return nil
	}
	held := !a.session.federated && !a.session.mfaAt.IsZero()
	found := a.session.String()
	if held {
		found += ", with MFA"
	}
	if !a.span.Decide(RuleIAMSession, held, "long-term keys, a role's session or a user's with MFA", found) {
		return a.refuse(CodeUnknownKey, messageUnknownKey)
	}
	return nil
}

// refuse words a refusal for the service: query services and JSON services
// have other codes and statuses for the same fault. Services that answer HTTP
// requests get the codes as they are, to word the answer themselves.
func (a *authentication) refuse(code, message string) error {
	status := 403
	switch a.service {
	case "iam", "sts":
		switch code {
		case CodeUnknownKey:
			code = "InvalidClientTokenId"
		case CodeExpired, CodeNotYetCurrent:
			code = CodeMismatch
		case CodeExpiredToken:
			code = "ExpiredToken"
		}
	case "execute-api", "s3":
	default:
		status = 400
		switch code {
		case CodeMissing:
			code = "MissingAuthenticationTokenException"
		case CodeIncomplete:
			code = "IncompleteSignatureException"
		case CodeMismatch, CodeExpired, CodeNotYetCurrent:
			code = "InvalidSignatureException"
		}
	}
	return awserr.WithStatus(status, code, "%s", message)
}

func compact(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// abbreviate keeps the beginning of a header, which says of what kind it is.
func abbreviate(header string) string {
	const limit = 32
	if r := []rune(strings.TrimSpace(header)); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return strings.TrimSpace(header)
}
