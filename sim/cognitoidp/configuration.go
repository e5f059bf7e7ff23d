package cognitoidp

import (
	"cmp"
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// configuration is what a template and CreateUserPool alike say about a pool.
type configuration struct {
	poolOrigin
	poolSettings
}

// poolOrigin is what a pool keeps for life; UpdateUserPool has no such members.
type poolOrigin struct {
	AliasAttributes       []string               `aws:"enum=email|phone_number|preferred_username" json:",omitempty"`
	UsernameAttributes    []string               `aws:"enum=email|phone_number" json:",omitempty"`
	UsernameConfiguration *usernameConfiguration `json:",omitempty"`
	// Schema is what the pool began with: AddCustomAttributes adds to pool.schema.
	Schema []schemaAttribute `json:"-"`
}

// poolSettings are those that UpdateUserPool replaces, all at once:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
type poolSettings struct {
	AccountRecoverySetting      accountRecovery       `json:",omitzero"`
	AdminCreateUserConfig       adminCreateUserConfig `json:",omitzero"`
	AutoVerifiedAttributes      []string              `aws:"enum=email|phone_number" json:",omitempty"`
	DeletionProtection          string                `aws:"enum=ACTIVE|INACTIVE" json:",omitempty"`
	DeviceConfiguration         *deviceConfiguration  `json:",omitempty"`
	EmailConfiguration          emailConfiguration    `json:",omitzero"`
	EmailVerificationMessage    string                `json:",omitempty"`
	EmailVerificationSubject    string                `json:",omitempty"`
	LambdaConfig                lambdaConfig          `json:",omitzero"`
	MfaConfiguration            string                `aws:"enum=OFF|ON|OPTIONAL" json:",omitempty"`
	Policies                    poolPolicies          `json:",omitzero"`
	SmsAuthenticationMessage    string                `json:",omitempty"`
	SmsConfiguration            *smsConfiguration     `json:",omitempty"`
	SmsVerificationMessage      string                `json:",omitempty"`
	UserAttributeUpdateSettings *attributeUpdates     `json:",omitempty"`
	UserPoolAddOns              userPoolAddOns        `json:",omitzero"`
	UserPoolTags                map[string]string     `json:",omitempty"`
	UserPoolTier                string                `aws:"enum=LITE|ESSENTIALS|PLUS" json:",omitempty"`
	VerificationMessageTemplate verificationTemplate  `json:",omitzero"`
}

type adminCreateUserConfig struct {
	AllowAdminCreateUserOnly bool
	InviteMessageTemplate    invitationTemplate `json:",omitzero"`

	_ struct{} `unsimulated:"UnusedAccountValidityDays"`
}

type poolPolicies struct {
	PasswordPolicy *passwordPolicy `json:",omitempty"`
	SignInPolicy   signInPolicy    `json:",omitzero"`
}

type usernameConfiguration struct {
	CaseSensitive bool
}

// check refuses settings that a pool cannot have, whoever asks for them. In
// order:
//
//  1. the numbers of the password policy are in their ranges
//  2. the plan has every feature that is used
//  3. the triggers do not contradict one another
//  4. the pool has the means for its second factors, and MFA allows the first
//  5. what waits for its verification is verified automatically
//  6. texts of its own have the place for their code
func (in poolSettings) check(span *trace.Span, m multiFactor) error {
	if err := in.Policies.PasswordPolicy.checkNumbers(span); err != nil { // 1
		return err
	}
	if err := checkPlan(span, in.plan(), in.features(m)); err != nil { // 2
		return err
	}
	if err := in.LambdaConfig.check(span); err != nil { // 3
		return err
	}
	if err := in.checkFactors(span, m); err != nil { // 4
		return err
	}
	if err := in.Policies.SignInPolicy.check(span, m); err != nil { // 4
		return err
	}
	if err := in.checkVerification(span); err != nil { // 5
		return err
	}
	return in.checkTexts(span) // 6
}

// checkNumbers looks at the numbers of a policy, nil for none.
func (policy *passwordPolicy) checkNumbers(span *trace.Span) error {
	if policy == nil {
		return nil
	}
	for _, number := range []struct {
		name               string
		value, least, most int64
	}{
		{"minimumLength", policy.MinimumLength, 6, 99},
		{"temporaryPasswordValidityDays", policy.TemporaryPasswordValidityDays, 0, 365},
		{"passwordHistorySize", policy.PasswordHistorySize, 0, 24},
	} {
		if err := checkRange(span, "policies.passwordPolicy."+number.name, number.value, number.least, number.most); err != nil {
			return err
		}
	}
	return nil
}

// checkVerification has the wording of
// https://github.com/ekristen/aws-nuke/issues/477
func (in poolSettings) checkVerification(span *trace.Span) error {
	for _, attribute := range in.verifiedFirst() {
		verified := slices.Contains(in.AutoVerifiedAttributes, attribute)
		if !span.Decide(RuleVerifiedFirst, verified, attribute+" in AutoVerifiedAttributes", phrase(in.AutoVerifiedAttributes, "none")) {
			return awserr.New("InvalidParameterException", "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes")
		}
	}
	return nil
}

// verifiedFirst are the attributes whose new value waits for its verification.
func (in poolSettings) verifiedFirst() []string {
	if in.UserAttributeUpdateSettings == nil {
		return nil
	}
	return in.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate
}

// inEffect are the settings with the defaults for what was left out:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
func (in poolSettings) inEffect() poolSettings {
	in.DeletionProtection = cmp.Or(in.DeletionProtection, inactive)
	in.MfaConfiguration = cmp.Or(in.MfaConfiguration, "OFF")
	in.UserPoolTier = string(in.plan())
	in.EmailConfiguration.EmailSendingAccount = cmp.Or(in.EmailConfiguration.EmailSendingAccount, "COGNITO_DEFAULT")
	in.VerificationMessageTemplate.DefaultEmailOption = cmp.Or(in.VerificationMessageTemplate.DefaultEmailOption, confirmWithCode)
	policy := in.passwords()
	in.Policies.PasswordPolicy = &policy
	if len(in.Policies.SignInPolicy.AllowedFirstAuthFactors) == 0 {
		in.Policies.SignInPolicy.AllowedFirstAuthFactors = []string{"PASSWORD"}
	}
	return in
}

// The values of DeletionProtection.
const (
	active   = "ACTIVE"
	inactive = "INACTIVE"
)

// noteResets notes every setting that an update gives another value without
// naming it.
func noteResets(span *trace.Span, before, after, named any) error {
	resets, err := api.Resets(before, after, named)
	if err != nil {
		return err
	}
	for _, r := range resets {
		span.Note(RuleUpdateResets, false, r.Member+" sent again to keep it", fmt.Sprintf("left out: %s becomes %s", r.Was, r.Is))
	}
	if len(resets) == 0 {
		span.Note(RuleUpdateResets, true, "every setting to keep sent again", "none is lost")
	}
	return nil
}
