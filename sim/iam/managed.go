package iam

import (
	"fmt"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
)

// awsManaged begins the ARN of every AWS managed policy.
const awsManaged = "arn:aws:iam::aws:policy/"

// awsPolicy is an AWS managed policy as far as it matters here: actions
// allowed on every resource.
type awsPolicy struct {
	path    string
	actions []any
}

// awsPolicies are the AWS managed policies that the simulation has. Actions of
// services that it does not have are left out.
//
// Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
func awsPolicies() []awsPolicy {
	logs := []any{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
	return []awsPolicy{
		{"AdministratorAccess", []any{"*"}},
		{"AmazonS3FullAccess", []any{"s3:*", "s3-object-lambda:*"}},
		{"AmazonS3ReadOnlyAccess", []any{"s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"}},
		{"AmazonDynamoDBFullAccess", []any{"dynamodb:*", "dax:*"}},
		{"AmazonDynamoDBReadOnlyAccess", []any{"dynamodb:BatchGetItem", "dynamodb:Describe*", "dynamodb:List*", "dynamodb:GetItem",
			"dynamodb:GetResourcePolicy", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect"}},
		{"AmazonCognitoPowerUser", []any{"cognito-identity:*", "cognito-idp:*", "cognito-sync:*", "iam:ListRoles", "iam:ListOpenIdConnectProviders"}},
		{"AmazonAPIGatewayInvokeFullAccess", []any{"execute-api:Invoke", "execute-api:ManageConnections"}},
		{"AWSLambda_FullAccess", []any{"lambda:*"}},
		{"service-role/AWSLambdaBasicExecutionRole", logs},
		{"service-role/AWSLambdaRole", []any{"lambda:InvokeFunction"}},
		{"service-role/AmazonAPIGatewayPushToCloudWatchLogs", logs},
		{"AmazonCognitoUnAuthedIdentitiesSessionPolicy", []any{"rum:PutRumEvents", "sagemaker:InvokeEndpoint", "polly:*", "comprehend:*",
			"translate:*", "transcribe:*", "rekognition:*", "mobiletargeting:*", "firehose:*", "personalize:*",
			"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"}},
	}
}

// managedPolicy finds a managed policy of the account or of AWS. An AWS managed
// policy that the simulation does not have is no refusal.
func (i *IAM) managedPolicy(at string) (*managedPolicy, error) {
	if m, ok := i.managed[at]; ok {
		return m, nil
	}
	path, ok := strings.CutPrefix(at, awsManaged)
	if !ok {
		return nil, awserr.WithStatus(404, "NoSuchEntity", "Policy %s does not exist or is not attachable.", at)
	}
	for _, p := range awsPolicies() {
		if p.path != path {
			continue
		}
		written := map[string]any{
			"Version":   "2012-10-17",
			"Statement": map[string]any{"Effect": "Allow", "Action": p.actions, "Resource": "*"},
		}
		document, err := policy.Parse(written, policy.ManagedPolicy)
		if err != nil {
			return nil, fmt.Errorf("AWS managed policy %s: %w", at, err)
		}
		m := &managedPolicy{name: path[strings.LastIndex(path, "/")+1:], arn: at}
		m.use(m.add(policyVersion{document: document, written: written}))
		i.managed[at] = m
		return m, nil
	}
	return nil, fmt.Errorf("the AWS managed policy %s is not simulated", at)
}
