package cognitoidp

import (
	"cmp"
	"fmt"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// verificationTemplate is what a pool writes when it sends a code:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
type verificationTemplate struct {
	DefaultEmailOption string `aws:"enum=CONFIRM_WITH_CODE|CONFIRM_WITH_LINK" json:",omitempty"`
	EmailMessage       string `json:",omitempty"`
	EmailMessageByLink string `json:",omitempty"`
	EmailSubject       string `json:",omitempty"`
	EmailSubjectByLink string `json:",omitempty"`
	SmsMessage         string `json:",omitempty"`
}

// invitationTemplate is what a pool writes to users whom an administrator made:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_MessageTemplateType.html
type invitationTemplate struct {
	EmailMessage string `json:",omitempty"`
	EmailSubject string `json:",omitempty"`
	SMSMessage   string `json:",omitempty"`
}

// The values of DefaultEmailOption.
const (
	confirmWithCode = "CONFIRM_WITH_CODE"
	confirmWithLink = "CONFIRM_WITH_LINK"
)

// textPattern is the documented form of every text that carries a code.
const textPattern = `[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`

// checkTexts refuses texts without the place for their code, in the words that
// AWS has for every member of a wrong form. Links to confirm with are not
// simulated.
func (in poolSettings) checkTexts(span *trace.Span) error {
	if in.VerificationMessageTemplate.DefaultEmailOption == confirmWithLink {
		return fmt.Errorf("VerificationMessageTemplate: AWS has %s, the simulation does not", confirmWithLink)
	}
	verification, invitation := in.VerificationMessageTemplate, in.AdminCreateUserConfig.InviteMessageTemplate
	for _, text := range []struct{ member, value string }{
		{"verificationMessageTemplate.emailMessage", verification.EmailMessage},
		{"verificationMessageTemplate.smsMessage", verification.SmsMessage},
		{"adminCreateUserConfig.inviteMessageTemplate.emailMessage", invitation.EmailMessage},
		{"adminCreateUserConfig.inviteMessageTemplate.sMSMessage", invitation.SMSMessage},
	} {
		if text.value == "" {
			continue
		}
		complete := strings.Contains(text.value, codePlaceholder)
		if !span.Decide(RuleTextHasCode, complete, "a text with "+codePlaceholder, withOrWithoutCode(complete)) {
			return awserr.New("InvalidParameterException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", text.value, text.member, textPattern)
		}
	}
	return nil
}

// ownText is what the pool writes itself, with the code in its place. Where it
// has no text of its own the message has none here: AWS's is not simulated.
func (l letter) ownText() Message {
	settings := l.pool.settings
	verification, invitation := settings.VerificationMessageTemplate, settings.AdminCreateUserConfig.InviteMessageTemplate
	email := Message{Text: verification.EmailMessage, Subject: verification.EmailSubject}
	sms := cmp.Or(verification.SmsMessage, settings.SmsVerificationMessage)
	switch l.reason {
	case "AdminCreateUser":
		email, sms = Message{Text: invitation.EmailMessage, Subject: invitation.EmailSubject}, invitation.SMSMessage
	case "Authentication":
		email, sms = Message{}, settings.SmsAuthenticationMessage
	}
	if mediumOf(l.attribute) == "SMS" {
		email = Message{Text: sms}
	}
	email.Text = strings.NewReplacer(codePlaceholder, l.code, namePlaceholder, l.user.username).Replace(email.Text)
	return email
}
