package cognitoidentity

import (
	"encoding/json"
	"fmt"
)

// guestManagedPolicy is the managed session policy of enhanced-flow guests:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonCognitoUnAuthedIdentitiesSessionPolicy.html
const guestManagedPolicy = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"

// guestPolicy is the inline session policy of enhanced-flow guests. Whatever
// their role allows, they reach only these services:
// https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
func guestPolicy() (string, error) {
	document := map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":   "Allow",
			"Action":   guestActions(),
			"Resource": "*",
		}},
	}
	text, err := json.Marshal(document)
	if err != nil {
		return "", fmt.Errorf("session policy of guests: %w", err)
	}
	return string(text), nil
}

func guestActions() []string {
	return []string{
		"appsync:*", "cloudwatch:*", "codewhisperer:*", "cognito-identity:*", "cognito-idp:*", "cognito-sync:*",
		"comprehend:*", "dynamodb:*", "execute-api:*", "firehose:*", "gamelift:*", "geo:*", "iot:*",
		"kinesisanalytics:*", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "lambda:*",
		"lex:*", "logs:*", "machinelearning:*", "mobileanalytics:*", "personalize:*", "polly:*", "rekognition:*",
		"s3:*", "sagemaker:InvokeEndpoint", "sdb:*", "ses:*", "sns:*", "sqs:*", "sumerian:View*",
		"textract:AnalyzeDocument", "textract:DetectDocumentText", "transcribe:*", "translate:*",
	}
}
