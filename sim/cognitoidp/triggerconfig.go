package cognitoidp

import (
	"cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// lambdaConfig are a pool's functions by trigger:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cognito-userpool-lambdaconfig.html
type lambdaConfig struct {
	PreSignUp                   string                   `json:",omitempty"`
	PostConfirmation            string                   `json:",omitempty"`
	PreAuthentication           string                   `json:",omitempty"`
	PostAuthentication          string                   `json:",omitempty"`
	PreTokenGeneration          string                   `json:",omitempty"`
	PreTokenGenerationConfig    preTokenGenerationConfig `json:",omitzero"`
	UserMigration               string                   `json:",omitempty"`
	CustomMessage               string                   `json:",omitempty"`
	DefineAuthChallenge         string                   `json:",omitempty"`
	CreateAuthChallenge         string                   `json:",omitempty"`
	VerifyAuthChallengeResponse string                   `json:",omitempty"`
	InboundFederation           inboundFederationConfig  `json:",omitzero"`
	CustomEmailSender           customSender             `json:",omitzero"`
	CustomSMSSender             customSender             `json:",omitzero"`
	KMSKeyID                    string                   `json:",omitempty"`
}

type preTokenGenerationConfig struct {
	LambdaArn     string `json:",omitempty"`
	LambdaVersion string `aws:"enum=V1_0|V2_0|V3_0" json:",omitempty"`
}

type inboundFederationConfig struct {
	LambdaArn     string `json:",omitempty"`
	LambdaVersion string `aws:"enum=V1_0" json:",omitempty"`
}

type customSender struct {
	LambdaArn     string `json:",omitempty"`
	LambdaVersion string `aws:"enum=V1_0" json:",omitempty"`
}

// function is the ARN of a trigger's function, "" without one.
func (c lambdaConfig) function(t trigger) string {
	return map[trigger]string{
		preSignUp:                   c.PreSignUp,
		postConfirmation:            c.PostConfirmation,
		preAuthentication:           c.PreAuthentication,
		postAuthentication:          c.PostAuthentication,
		preTokenGeneration:          cmp.Or(c.PreTokenGenerationConfig.LambdaArn, c.PreTokenGeneration),
		userMigration:               c.UserMigration,
		customMessage:               c.CustomMessage,
		defineAuthChallenge:         c.DefineAuthChallenge,
		createAuthChallenge:         c.CreateAuthChallenge,
		verifyAuthChallengeResponse: c.VerifyAuthChallengeResponse,
		inboundFederation:           c.InboundFederation.LambdaArn,
		customEmailSender:           c.CustomEmailSender.LambdaArn,
		customSMSSender:             c.CustomSMSSender.LambdaArn,
	}[t]
}

// tokenVersion is the version of the pre token generation event: V1_0 unless
// PreTokenGenerationConfig says otherwise.
func (c lambdaConfig) tokenVersion() string {
	return cmp.Or(c.PreTokenGenerationConfig.LambdaVersion, "V1_0")
}

// check refuses settings that contradict one another:
//
//  1. both ways to name the pre token generation function name the same one
//  2. a custom sender has a key for the codes
func (c lambdaConfig) check(span *trace.Span) error {
	older, newer := c.PreTokenGeneration, c.PreTokenGenerationConfig.LambdaArn
	if older != "" && newer != "" {
		if !span.Decide(RuleTriggerOneFunction, older == newer, "one pre token generation function", oneOrTwo(older == newer)) { // 1
			return awserr.New("InvalidParameterException", "PreTokenGeneration and PreTokenGenerationConfig must have the same ARN.")
		}
	}
	if c.CustomEmailSender.LambdaArn != "" || c.CustomSMSSender.LambdaArn != "" { // 2
		if !span.Decide(RuleSenderKey, c.KMSKeyID != "", "KMSKeyID for the codes of a custom sender", presence(c.KMSKeyID)) {
			return awserr.New("InvalidParameterException", "KMSKeyID is required when a custom sender is configured.")
		}
	}
	return nil
}

func oneOrTwo(same bool) string {
	if same {
		return "one"
	}
	return "two different ones"
}
