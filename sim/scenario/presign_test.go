package scenario

import "testing"

// sharing is a bucket and a role of one hour that may write to it.
const sharing = `
Metadata:
  Claimcheck:
    Setup:
      - call: s3:PutObject
        with: {Bucket: "${Photos}", Key: beach.jpg, Body: a photo}
Resources:
  Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}
  Identities: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Identities, Roles: {unauthenticated: !GetAtt Reader.Arn}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Identities}}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: s3:GetObject, Resource: !Sub "${Photos.Arn}/*"}]
`

const sharer = `
sign:
  - call: cognito-identity:GetId
    with: {IdentityPoolId: "${Identities}"}
    as: identity
  - call: cognito-identity:GetCredentialsForIdentity
    with: {IdentityId: "${identity.IdentityId}"}
    as: issued
  - let: presign("GET", "https://holiday-photos.s3.us-east-1.amazonaws.com/beach.jpg", issued.Credentials, 7200)
    as: link
open:
  - http: GET ${link}
    by: A friend
    as: reply
overwrite:
  - http: PUT ${link}
    by: A friend
    body: another photo
    as: reply
`

// A presigned URL does what its signer may, for anybody, and ends with the
// signer's credentials: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
func TestAPresignedURLStandsForItsSigner(t *testing.T) {
	p := program(t, sharing, sharer)
	for flow, decider := range map[string]string{
		`[{do: sign}, {do: open}, {expect: 'reply.status == 200 && reply.text == "a photo"'}]`:                        "",
		`[{do: sign}, {wait: 59m}, {do: open}, {expect: reply.status == 200}]`:                                        "",
		`[{do: sign}, {wait: 61m}, {do: open}, {expect: reply.status == 200}]`:                                        "iam.credentials.expiry",
		`[{do: sign}, {wait: 121m}, {do: open}, {expect: reply.status == 200}]`:                                       "s3.presigned-url.expiry",
		`[{do: sign}, {do: overwrite}, {expect: reply.status == 200}]`:                                                "iam.signature.match",
		`[{do: sign}, {let: 'replace(link, "beach", "attic")', as: link}, {do: open}, {expect: reply.status == 200}]`: "iam.signature.match",
	} {
		o := runFlow(t, p, flow)
		if o.Holds != (decider == "") || (decider != "" && string(o.DecidedBy("")) != decider) {
			t.Errorf("%s: holds %v, decided by %v, %s", flow, o.Holds, o.Decided, o.Happened)
		}
	}
}
