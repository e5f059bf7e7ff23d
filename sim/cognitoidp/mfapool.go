package cognitoidp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// multiFactor is a pool's MFA configuration.
type multiFactor struct {
	// configuration is OFF, OPTIONAL or ON.
	configuration string
	// factors are those that users of the pool can have, sorted.
	factors []string
}

func (m multiFactor) has(factor string) bool { return slices.Contains(m.factors, factor) }

// smsConfiguration is how a pool sends text messages. Whether the role may is
// not looked at: that there is one is all that counts.
type smsConfiguration struct {
	ExternalId   string `json:",omitempty"`
	SnsCallerArn string `json:",omitempty"`
	SnsRegion    string `json:",omitempty"`
}

// emailConfiguration is how a pool sends e-mail. DEVELOPER is the account's own
// SES identity.
type emailConfiguration struct {
	EmailSendingAccount string `aws:"enum=COGNITO_DEFAULT|DEVELOPER" json:",omitempty"`
	ConfigurationSet    string `json:",omitempty"`
	From                string `json:",omitempty"`
	ReplyToEmailAddress string `json:",omitempty"`
	SourceArn           string `json:",omitempty"`
}

// multiFactor is the MFA configuration of a pool whose users can have the given
// factors. Without any a pool that can send text messages has SMS_MFA:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
func (in poolSettings) multiFactor(factors []string) multiFactor {
	m := multiFactor{configuration: cmp.Or(in.MfaConfiguration, "OFF"), factors: slices.Sorted(slices.Values(factors))}
	if len(m.factors) == 0 && m.configuration != "OFF" && in.SmsConfiguration != nil {
		m.factors = []string{smsMFA}
	}
	return m
}

// checkFactors refuses factors that a pool has no means for. AWS documents the
// demands without the wording of the errors of 1 and 3:
//
//  1. a pool with MFA has a factor
//  2. text messages need an SmsConfiguration
//  3. e-mailed codes need EmailSendingAccount DEVELOPER
func (in poolSettings) checkFactors(span *trace.Span, m multiFactor) error {
	if m.configuration == "OFF" && len(m.factors) == 0 {
		return nil
	}
	enough := m.configuration == "OFF" || len(m.factors) > 0
	if !span.Decide(RuleMFAMeans, enough, "a factor to ask for", phrase(m.factors, "no factor")) { // 1
		return awserr.New("InvalidParameterException", "MFA needs at least one enabled factor.")
	}
	texts := !m.has(smsMFA) || in.SmsConfiguration != nil
	if !span.Decide(RuleMFAMeans, texts, "SmsConfiguration for SMS_MFA", setOrNot(in.SmsConfiguration != nil)) { // 2
		return awserr.New("InvalidParameterException", "SMS configuration and Auto verification for phone_number are required when MFA is required/optional")
	}
	sender := in.EmailConfiguration.EmailSendingAccount
	mails := !m.has(emailOTP) || sender == "DEVELOPER"
	if !span.Decide(RuleMFAMeans, mails, "EmailSendingAccount DEVELOPER for EMAIL_OTP", phrase(strings.Fields(sender), "COGNITO_DEFAULT")) { // 3
		return awserr.New("InvalidParameterException", "E-mail MFA needs an Amazon SES identity as the sender.")
	}
	return nil
}

func setOrNot(set bool) string {
	if set {
		return "set"
	}
	return "not set"
}

type setUserPoolMfaConfigInput struct {
	UserPoolId                    string `aws:"required"`
	MfaConfiguration              string `aws:"enum=OFF|ON|OPTIONAL"`
	SmsMfaConfiguration           *smsMfaConfiguration
	SoftwareTokenMfaConfiguration softwareTokenMfaConfiguration
	EmailMfaConfiguration         *emailMfaConfiguration
	WebAuthnConfiguration         *webAuthnConfiguration
}

func (in setUserPoolMfaConfigInput) pool() string { return in.UserPoolId }

type smsMfaConfiguration struct {
	SmsConfiguration *smsConfiguration

	_ struct{} `noeffect:"SmsAuthenticationMessage"`
}

type softwareTokenMfaConfiguration struct {
	Enabled bool
}

type emailMfaConfiguration struct {
	_ struct{} `noeffect:"Message Subject"`
}

// mfaConfigOutput is a pool's MFA configuration; a factor that is off is left out.
type mfaConfigOutput struct {
	MfaConfiguration              string
	SmsMfaConfiguration           *smsMfaConfiguration          `json:",omitempty"`
	SoftwareTokenMfaConfiguration softwareTokenMfaConfiguration `json:",omitzero"`
	EmailMfaConfiguration         *emailMfaConfiguration        `json:",omitempty"`
	WebAuthnConfiguration         webAuthnConfiguration         `json:",omitzero"`
}

func (p *pool) describeMFA() mfaConfigOutput {
	out := mfaConfigOutput{
		MfaConfiguration:              p.mfa.configuration,
		SoftwareTokenMfaConfiguration: softwareTokenMfaConfiguration{Enabled: p.mfa.has(softwareTokenMFA)},
		WebAuthnConfiguration:         p.passkeys,
	}
	if p.mfa.has(smsMFA) {
		out.SmsMfaConfiguration = &smsMfaConfiguration{SmsConfiguration: p.settings.SmsConfiguration}
	}
	if p.mfa.has(emailOTP) {
		out.EmailMfaConfiguration = &emailMfaConfiguration{}
	}
	return out
}

func (s *UserPools) getUserPoolMfaConfig(c api.Context, in ofPool) (mfaConfigOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return mfaConfigOutput{}, err
	}
	return p.describeMFA(), nil
}

// setUserPoolMfaConfig replaces a pool's MFA configuration.
func (s *UserPools) setUserPoolMfaConfig(c api.Context, in setUserPoolMfaConfigInput) (mfaConfigOutput, error) {
	none := mfaConfigOutput{}
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return none, err
	}
	if in.MfaConfiguration == "" {
		return none, fmt.Errorf("SetUserPoolMfaConfig without MfaConfiguration: what AWS does is not known")
	}
	settings, m := p.settings, multiFactor{configuration: in.MfaConfiguration}
	if in.EmailMfaConfiguration != nil {
		m.factors = append(m.factors, emailOTP)
	}
	if in.SmsMfaConfiguration != nil {
		m.factors = append(m.factors, smsMFA)
		if sms := in.SmsMfaConfiguration.SmsConfiguration; sms != nil {
			settings.SmsConfiguration = sms
		}
	}
	if in.SoftwareTokenMfaConfiguration.Enabled {
		m.factors = append(m.factors, softwareTokenMFA)
	}
	if err := settings.checkFactors(c.Span, m); err != nil {
		return none, err
	}
	settings.MfaConfiguration = in.MfaConfiguration
	p.settings, p.mfa = settings, m
	if in.WebAuthnConfiguration != nil {
		p.passkeys = *in.WebAuthnConfiguration
	}
	return p.describeMFA(), nil
}
