package scenario

import (
	"fmt"
	"testing"
)

// isolating is a table and a bucket with things of two owners, and a role for
// guests with one statement.
const isolating = `
Metadata:
  Claimcheck:
    Setup:
      - call: dynamodb:PutItem
        with: {TableName: "${Notes}", Item: {owner: {S: somebody}, text: {S: theirs}}}
      - call: s3:PutObject
        with: {Bucket: "${Photos}", Key: somebody/beach.jpg, Body: theirs}
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: owner, AttributeType: S}]
      KeySchema: [{AttributeName: owner, KeyType: HASH}]
  Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}
  Identities: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Identities, Roles: {unauthenticated: !GetAtt Guest.Arn}}
  Guest:
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
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: ["dynamodb:*", "s3:*"], Resource: "*", Condition: %s}]
`

const isolated = `
start:
  - call: cognito-identity:GetId
    with: {IdentityPoolId: "${Identities}"}
    as: identity
  - call: cognito-identity:GetCredentialsForIdentity
    with: {IdentityId: "${identity.IdentityId}"}
    as: issued
  - let: identity.IdentityId
    as: me
`

// What a condition on the owner lets through, and what it does not:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html,
// https://github.com/aws/aws-sdk-js-v3/issues/3115,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html,
// https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
func TestConditionsOnTheOwnerIsolateUsers(t *testing.T) {
	const (
		sub      = "${cognito-identity.amazonaws.com:sub}"
		leading  = `{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["` + sub + `"]}}`
		present  = `{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["` + sub + `"]}, "Null": {"dynamodb:LeadingKeys": "false"}}`
		prefixed = `{StringLike: {"dynamodb:LeadingKeys": ["NOTE#` + sub + `"]}}`
		folder   = `{StringLike: {"s3:prefix": ["` + sub + `/*"]}}`
		put      = `dynamodb:PutItem, with: {TableName: "${Notes}", Item: {owner: {S: "%s"}}}`
		query    = `dynamodb:Query, with: {TableName: "${Notes}", KeyConditionExpression: "#o = :o", ExpressionAttributeNames: {"#o": owner}, ExpressionAttributeValues: {":o": {S: "%s"}}}`
		scan     = `dynamodb:Scan, with: {TableName: "${Notes}"}`
		list     = `s3:ListObjectsV2, with: {Bucket: "${Photos}"%s}`
	)
	for name, row := range map[string]struct {
		condition, request string
		status             int
	}{
		"LeadingKeys, an own item":                    {leading, fmt.Sprintf(put, "${me}"), 200},
		"LeadingKeys, another's item":                 {leading, fmt.Sprintf(put, "somebody"), 400},
		"LeadingKeys, a query for own items":          {leading, fmt.Sprintf(query, "${me}"), 200},
		"LeadingKeys, a query for another's items":    {leading, fmt.Sprintf(query, "somebody"), 400},
		"LeadingKeys are the whole key":               {leading, fmt.Sprintf(put, "NOTE#${me}"), 400},
		"LeadingKeys with a pattern":                  {prefixed, fmt.Sprintf(put, "NOTE#${me}"), 200},
		"a scan has no LeadingKeys, ForAllValues":     {leading, scan, 200},
		"a scan has no LeadingKeys, Null beside it":   {present, scan, 400},
		"an own item, Null beside it":                 {present, fmt.Sprintf(put, "${me}"), 200},
		"s3:prefix, the own folder":                   {folder, fmt.Sprintf(list, `, Prefix: "${me}/"`), 200},
		"s3:prefix, another's folder":                 {folder, fmt.Sprintf(list, `, Prefix: somebody/`), 403},
		"s3:prefix, the whole bucket":                 {folder, fmt.Sprintf(list, ""), 403},
		"s3:prefix, the own folder without its slash": {folder, fmt.Sprintf(list, `, Prefix: "${me}"`), 403},
	} {
		t.Run(name, func(t *testing.T) {
			p := program(t, fmt.Sprintf(isolating, row.condition), isolated)
			flow := fmt.Sprintf(`[{do: start}, {attempt: %s, sign: "${issued.Credentials}", as: reply}, {expect: reply.status == %d}]`, row.request, row.status)
			if o := runFlow(t, p, flow); !o.Holds {
				t.Errorf("%s", o.Happened)
			}
		})
	}
}
