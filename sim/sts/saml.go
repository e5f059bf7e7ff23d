package sts

import (
	"crypto/sha1" // NameQualifier is a hash by definition, no protection
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/saml"
	"claimcheck/sim/trace"
)

type samlInput struct {
	DurationSeconds *int
	Policy          string
	PolicyArns      []policyDescriptor
	PrincipalArn    string `aws:"required"`
	RoleArn         string `aws:"required"`
	SAMLAssertion   string `aws:"required"`
}

// samlOutput is the answer of AssumeRoleWithSAML. NameQualifier tells users of
// the same name at different providers apart.
type samlOutput struct {
	issued
	Audience, Issuer, NameQualifier, Subject, SubjectType string
}

// samlAttribute begins the names of the attributes that AWS reads.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
const (
	samlAttribute = "https://aws.amazon.com/SAML/Attributes/"
	samlAction    = "sts:AssumeRoleWithSAML"
	samlLife      = 5 * time.Minute
	formatPrefix  = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
)

// assumeRoleWithSAML serves anybody who holds a response of a SAML provider:
//
//  1. the duration and the session policies have legal values
//  2. the response is one of a SAML provider of the account, see verifiedSAML
//  3. the assertion offers the role together with the provider
//  4. it names the session
//  5. the role's trust policy accepts the provider and what the assertion says
//  6. and lets it tag the session and set its source identity, where it does so
//  7. the role's sessions may last that long; SessionDuration and
//     SessionNotOnOrAfter of the assertion make the session shorter
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
func (s *STS) assumeRoleWithSAML(c api.Context, in samlInput) (samlOutput, error) {
	// 1
	duration, err := limits{usual: defaultSession, longest: longestAsked}.check(c.Span, "", in.DurationSeconds)
	if err != nil {
		return samlOutput{}, err
	}
	if err := checkSessionPolicies(c.Span, in.Policy, in.PolicyArns); err != nil {
		return samlOutput{}, err
	}
	// 2
	said, err := s.verifiedSAML(c.Span, in)
	if err != nil {
		return samlOutput{}, err
	}
	// 3
	offered := said.Values(samlAttribute + "Role")
	if !c.Span.Decide(RuleSAMLRole, offers(offered, in), in.RoleArn+" with the provider", orNothing(strings.Join(offered, "; "))) {
		return samlOutput{}, accessDenied(notAuthorized(samlAction))
	}
	// 4
	name, err := sessionName(c.Span, said)
	if err != nil {
		return samlOutput{}, err
	}
	// 5, 6
	keys, written := samlKeys(said, in.PrincipalArn), samlLabels(said)
	trust := func(action string) bool {
		return s.directory.TrustsWebIdentity(c.Span, action, in.RoleArn, in.PrincipalArn, with(keys, written.keys())).Allowed
	}
	if !trust(samlAction) {
		return samlOutput{}, accessDenied(notAuthorized(samlAction))
	}
	if err := mayLabel(c.Span, written, trust); err != nil {
		return samlOutput{}, err
	}
	// 7
	role, _ := s.directory.Role(in.RoleArn)
	if err := checkDuration(c.Span, duration, role.MaxSession, false); err != nil {
		return samlOutput{}, err
	}
	request := api.SessionRequest{
		RoleARN: role.ARN, Name: name, Duration: s.shortened(duration, said), Policy: in.Policy, PolicyARNs: arns(in.PolicyArns),
		Keys: lasting(keys, in.PrincipalArn),
	}
	written.mark(&request, api.Principal{})
	given, err := s.issue(c.Span, request)
	return samlOutput{
		issued: given, Audience: said.Recipient, Issuer: said.Issuer, NameQualifier: first(keys["saml:namequalifier"]),
		Subject: said.NameID, SubjectType: first(keys["saml:sub_type"]),
	}, err
}

// verifiedSAML makes the checks of the response itself:
//
//  1. it is a response with one assertion
//  2. the account has the SAML provider, and the provider issued the assertion
//  3. a key in the provider's metadata signed it
//  4. it is for AWS
//  5. it is at most five minutes old, and has not ended
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html,
// https://github.com/dbeaver/cloudbeaver/issues/3112, https://github.com/cevoaustralia/aws-google-auth/issues/270,
// https://github.com/Nike-Inc/gimme-aws-creds/issues/251 (observed)
func (s *STS) verifiedSAML(span *trace.Span, in samlInput) (saml.Assertion, error) {
	// 1
	response, err := saml.Read(in.SAMLAssertion)
	said := response.Assertion
	if !span.Decide(RuleSAMLResponse, err == nil, "a SAML response", faultOr(err, "an assertion about "+said.NameID)) {
		return said, awserr.New(codeInvalidToken, "Invalid SAMLResponse")
	}
	// 2
	provider, known := s.directory.SAMLProvider(in.PrincipalArn)
	if !span.Decide(RuleSAMLProvider, known, "a SAML provider of the account", in.PrincipalArn) {
		return said, awserr.New(codeInvalidToken, "Specified provider doesn't exist")
	}
	if !span.Decide(RuleSAMLProvider, said.Issuer == provider.Issuer, "issued by "+provider.Issuer, orNothing(said.Issuer)) {
		return said, awserr.New(codeInvalidToken, "Issuer not present in specified provider")
	}
	// 3
	err = response.Verify(provider.Certificates...)
	if !span.Decide(RuleSAMLSignature, err == nil, "a signature by a key in the metadata", faultOr(err, "it is valid")) {
		return said, awserr.New(codeInvalidToken, "Response signature invalid")
	}
	// 4
	if !span.Decide(RuleSAMLAudience, said.ForAWS(), saml.AWSRecipient+" and "+saml.AWSEntity, orNothing(said.Recipient)+", "+strings.Join(said.Audiences, ", ")) {
		return said, awserr.New(codeInvalidToken, "Response does not contain the required audience.")
	}
	// 5
	now := s.world.Now()
	fresh := !now.After(said.Issued.Add(samlLife)) && now.Before(said.NotOnOrAfter) && !ended(said.SessionNotOnOrAfter, now)
	if !span.Decide(RuleSAMLExpiry, fresh, "issued after "+now.Add(-samlLife).UTC().Format(time.TimeOnly), said.Issued.Format(time.TimeOnly)) {
		return said, awserr.New("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
	}
	return said, nil
}

func ended(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }

// offers looks for a pair of the role and the provider, in either order.
func offers(roles []string, in samlInput) bool {
	return slices.ContainsFunc(roles, func(pair string) bool {
		first, second, _ := strings.Cut(pair, ",")
		first, second = strings.TrimSpace(first), strings.TrimSpace(second)
		return first == in.RoleArn && second == in.PrincipalArn || second == in.RoleArn && first == in.PrincipalArn
	})
}

// sessionName is the attribute RoleSessionName.
// Source: https://github.com/MicrosoftDocs/azure-docs/issues/45025 (observed)
func sessionName(span *trace.Span, said saml.Assertion) (string, error) {
	name := first(said.Values(samlAttribute + "RoleSessionName"))
	message := ""
	switch {
	case name == "":
		message = "RoleSessionName is required in AuthnResponse"
	case len(name) < 2 || len(name) > 64 || strings.ContainsFunc(name, notInName):
		message = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
	}
	if !span.Decide(RuleSAMLName, message == "", "a name of 2–64 characters", orNothing(name)) {
		return "", awserr.New(codeInvalidToken, "%s", message)
	}
	return name, nil
}

// samlKeys are the condition keys that an assertion brings to the trust policy.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func samlKeys(said saml.Assertion, provider string) map[string][]string {
	account, name := "", provider
	if a, err := arn.Parse(provider); err == nil {
		account, name = a.Account, a.Name()
	}
	hash := sha1.Sum([]byte(said.Issuer + account + "/" + name))
	keys := map[string][]string{
		"saml:aud": {said.Recipient}, "saml:iss": {said.Issuer}, "saml:sub": {said.NameID},
		"saml:sub_type":      {strings.TrimPrefix(said.NameFormat, formatPrefix)},
		"saml:namequalifier": {base64.StdEncoding.EncodeToString(hash[:])},
		"saml:doc":           {account + "/" + name},
	}
	for attribute, key := range directoryAttributes() {
		if values := said.Values(attribute); len(values) > 0 {
			keys[key] = values
		}
	}
	return keys
}

// directoryAttributes are the condition keys of well-known attributes.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
func directoryAttributes() map[string]string {
	return map[string]string{
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.1":  "saml:edupersonaffiliation",
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.5":  "saml:edupersonprimaryaffiliation",
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.6":  "saml:edupersonprincipalname",
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.7":  "saml:edupersonentitlement",
		"urn:oid:1.3.6.1.4.1.5923.1.1.1.9":  "saml:edupersonscopedaffiliation",
		"urn:oid:2.5.4.3":                   "saml:cn",
		"urn:oid:2.5.4.4":                   "saml:surname",
		"urn:oid:2.5.4.42":                  "saml:givenname",
		"urn:oid:0.9.2342.19200300.100.1.1": "saml:uid",
		"urn:oid:0.9.2342.19200300.100.1.3": "saml:mail",
	}
}

// lasting are the keys that the session keeps: the others are gone once the
// role is assumed.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func lasting(keys map[string][]string, provider string) map[string][]string {
	kept := map[string][]string{"aws:FederatedProvider": {provider}}
	for _, name := range []string{"saml:namequalifier", "saml:sub", "saml:sub_type"} {
		kept[name] = keys[name]
	}
	return kept
}

// samlLabels reads what the assertion writes on the session.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func samlLabels(said saml.Assertion) labels {
	l := labels{transitive: said.Values(samlAttribute + "TransitiveTagKeys"), source: first(said.Values(samlAttribute + "SourceIdentity"))}
	for _, a := range said.Attributes {
		if key, ok := strings.CutPrefix(a.Name, samlAttribute+"PrincipalTag:"); ok {
			l.tags = append(l.tags, tag{Key: key, Value: first(a.Values)})
		}
	}
	return l
}

// shortened is the duration, or the shorter one that the assertion sets.
func (s *STS) shortened(asked time.Duration, said saml.Assertion) time.Duration {
	if seconds, err := strconv.Atoi(first(said.Values(samlAttribute + "SessionDuration"))); err == nil {
		asked = min(asked, time.Duration(seconds)*time.Second)
	}
	if !said.SessionNotOnOrAfter.IsZero() {
		asked = min(asked, said.SessionNotOnOrAfter.Sub(s.world.Now()))
	}
	return asked
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func faultOr(err error, found string) string {
	if err != nil {
		return err.Error()
	}
	return found
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}
