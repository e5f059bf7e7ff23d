package scenario

import (
	"strconv"
	"strings"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/idp"
)

// federating is a stack whose role trusts a company's SAML server. It takes the
// server's metadata and the condition of the trust policy.
const federating = `
Metadata:
  Claimcheck:
    IdentityProviders:
      corp:
        Issuer: https://login.corp.example
        Protocol: SAML
        Users:
          - NameID: ana
            https://aws.amazon.com/SAML/Attributes/Role:
              - arn:aws:iam::123456789012:role/auditor,arn:aws:iam::123456789012:saml-provider/corp
              - arn:aws:iam::123456789012:role/other,arn:aws:iam::123456789012:saml-provider/corp
            https://aws.amazon.com/SAML/Attributes/RoleSessionName: ana@corp.example
            https://aws.amazon.com/SAML/Attributes/PrincipalTag:team: blue
Resources:
  Corp:
    Type: AWS::IAM::SAMLProvider
    Properties: {Name: corp, SamlMetadataDocument: METADATA}
  Auditor:
    Type: AWS::IAM::Role
    Properties:
      RoleName: auditor
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: !Ref Corp}
            Action: [sts:AssumeRoleWithSAML, sts:TagSession]
            Condition: CONDITION
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::team-reports/${aws:PrincipalTag/team}/*", Condition: {StringEquals: {"saml:sub": ana}}}
  Reports: {Type: AWS::S3::Bucket, Properties: {BucketName: team-reports}}
`

// signOn brings the SAML server's response to STS.
const signOn = `
sign-on:
  - http: POST https://login.corp.example/sso?loginToRp=urn:amazon:webservices
    headers: {Content-Type: application/x-www-form-urlencoded}
    body: account=ana
    as: vouched
  - attempt: sts:AssumeRoleWithSAML
    with: {RoleArn: "${Auditor.Arn}", PrincipalArn: "${Corp}", SAMLAssertion: '${field(vouched.text, "SAMLResponse")}'}
    as: issued
`

// published is what the company's SAML server publishes.
func published(t *testing.T) string {
	t.Helper()
	server, err := idp.New(apitest.NewWorld(), idp.Provider{Name: "corp", Issuer: "https://login.corp.example", Protocol: idp.SAML})
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Site().Serve(nil, api.HTTPRequest{Method: "GET", URL: "https://login.corp.example/metadata"})
	if err != nil || response.Status != 200 {
		t.Fatal(response, err)
	}
	return response.Body
}

func federation(t *testing.T, metadata, condition string) Program {
	t.Helper()
	return program(t, replace(federating, "METADATA", metadata, "CONDITION", condition), signOn)
}

// replace puts the metadata, quoted, and one more text into a stack.
func replace(stack, at, metadata, other, text string) string {
	return strings.NewReplacer(at, strconv.Quote(metadata), other, text).Replace(stack)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html
func TestAnEmployeeSignsOnWithSAML(t *testing.T) {
	o := runFlow(t, federation(t, published(t), `{StringEquals: {"saml:aud": "https://signin.aws.amazon.com/saml"}}`), `
- do: sign-on
- call: sts:GetCallerIdentity
  sign: "${issued.Credentials}"
  as: me
- expect: me.Arn == "arn:aws:sts::123456789012:assumed-role/auditor/ana@corp.example"
- attempt: s3:GetObject
  with: {Bucket: team-reports, Key: blue/2026.csv}
  sign: "${issued.Credentials}"
  as: own
- expect: own.error.code == "AccessDenied" && own.error.message endsWith "no identity-based policy allows the s3:ListBucket action"
- attempt: s3:GetObject
  with: {Bucket: team-reports, Key: red/2026.csv}
  sign: "${issued.Credentials}"
  as: other
- expect: other.error.message endsWith "no identity-based policy allows the s3:GetObject action"
- wait: 61m
- attempt: sts:GetCallerIdentity
  sign: "${issued.Credentials}"
  as: late
- expect: late.error.code startsWith "ExpiredToken"
`)
	if !o.Holds {
		t.Errorf("wanted %s, but %s", o.Expected, o.Happened)
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html, and for
// the code that SDKs see https://github.com/dbeaver/cloudbeaver/issues/3112 and
// https://github.com/Nike-Inc/gimme-aws-creds/issues/251
func TestWhatKeepsAnEmployeeOut(t *testing.T) {
	const audience = `{StringEquals: {"saml:aud": "https://signin.aws.amazon.com/saml"}}`
	for name, row := range map[string]struct{ metadata, condition, wait, code, rule string }{
		"an audience with a typing error": {published(t), `{StringEquals: {"saml:aud": "https://signin.aws.amazon.com/saml/"}}`, "1m", "AccessDenied", "iam.trust-policy"},
		"metadata of another server":      {strings.ReplaceAll(published(t), "login.corp.example", "other.corp.example"), audience, "1m", "InvalidIdentityToken", "sts.saml.provider"},
		"an assertion kept too long":      {published(t), audience, "6m", "ExpiredTokenException", "sts.saml.expiry"},
	} {
		t.Run(name, func(t *testing.T) {
			p := federation(t, row.metadata, row.condition)
			flow := `
- http: POST https://login.corp.example/sso?loginToRp=urn:amazon:webservices
  headers: {Content-Type: application/x-www-form-urlencoded}
  body: account=ana
  as: vouched
- wait: ` + row.wait + `
- attempt: sts:AssumeRoleWithSAML
  with: {RoleArn: "${Auditor.Arn}", PrincipalArn: "${Corp}", SAMLAssertion: '${field(vouched.text, "SAMLResponse")}'}
  as: issued
- expect: issued.error.code == "` + row.code + `"
- expect: issued.status == 200
`
			o := runFlow(t, p, flow)
			if got := string(o.DecidedBy("")); o.Holds || got != row.rule || o.Expected != "issued.status == 200" {
				t.Errorf("decided by %s, want %s: wanted %s, but %s", got, row.rule, o.Expected, o.Happened)
			}
		})
	}
}
