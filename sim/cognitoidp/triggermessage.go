package cognitoidp

import (
	"cmp"
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// The placeholders of a message, and its largest sizes in characters:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
const (
	codePlaceholder = "{####}"
	namePlaceholder = "{username}"
	maxSMSText      = 140
	maxEmailText    = 20000
	maxSubject      = 140
)

// letter is a message that a pool is about to send.
type letter struct {
	span *trace.Span
	pool *pool
	// client is nil when an administrator caused the message.
	client *client
	user   *user
	// attribute is the one that the message goes to, code what it carries.
	attribute, code string
	// address is another one than the attribute's value, "" for that value.
	address string
	// reason is the end of triggerSource: SignUp, AdminCreateUser, ResendCode,
	// ForgotPassword, UpdateUserAttribute, VerifyUserAttribute or Authentication.
	reason   string
	metadata map[string]string
}

func (l letter) occasion(t trigger) occasion {
	return occasion{span: l.span, pool: l.pool, client: l.client, username: l.user.username, trigger: t, source: string(t) + "_" + l.reason}
}

// post sends a message to a user who has the attribute that it goes to:
//
//  1. the custom message trigger may write its text
//  2. a custom sender sends it in the pool's place
//  3. the pool sends it
func (s *UserPools) post(l letter) error {
	to := cmp.Or(l.address, l.user.attributes[l.attribute])
	if to == "" {
		return nil
	}
	text, err := s.write(l) // 1
	if err != nil {
		return err
	}
	if sent, err := s.handToSender(l); sent || err != nil { // 2
		return err
	}
	text.At, text.Username, text.Code = s.world.Now(), l.user.username, l.code // 3
	text.Medium, text.To = mediumOf(l.attribute), to
	l.pool.outbox = append(l.pool.outbox, text)
	return nil
}

// messageAnswer is the text that the custom message trigger wrote, "" where it
// leaves the pool's own.
type messageAnswer struct {
	SMSMessage   string `aws:"name=smsMessage"`
	EmailMessage string `aws:"name=emailMessage"`
	EmailSubject string `aws:"name=emailSubject"`
}

// write asks the custom message trigger for the text, and checks it:
//
//  1. it stands where the message goes: e-mail text needs EmailSendingAccount DEVELOPER
//  2. it has the placeholder of the code and, in an invitation, of the username
//  3. it is not too long
//
// Where the trigger writes nothing the text is the pool's own.
func (s *UserPools) write(l letter) (Message, error) {
	o := l.occasion(customMessage)
	o.request = map[string]any{
		"userAttributes": l.user.eventAttributes(), "codeParameter": codePlaceholder, "linkParameter": "{##Click Here##}",
		"usernameParameter": nil, "clientMetadata": texts(l.metadata),
	}
	if l.reason == "AdminCreateUser" {
		o.request["usernameParameter"] = namePlaceholder
	}
	o.response = map[string]any{"smsMessage": nil, "emailMessage": nil, "emailSubject": nil}
	var answer messageAnswer
	ran, err := s.consult(o, &answer)
	if err != nil || !ran {
		return l.ownText(), err
	}
	if err := answer.check(l); err != nil {
		return Message{}, err
	}
	own, fill := l.ownText(), strings.NewReplacer(codePlaceholder, l.code, namePlaceholder, l.user.username)
	if mediumOf(l.attribute) == "SMS" {
		return Message{Text: cmp.Or(fill.Replace(answer.SMSMessage), own.Text)}, nil
	}
	return Message{Text: cmp.Or(fill.Replace(answer.EmailMessage), own.Text), Subject: cmp.Or(answer.EmailSubject, own.Subject)}, nil
}

func (m messageAnswer) check(l letter) error {
	own := m.EmailMessage == "" && m.EmailSubject == "" || l.pool.settings.EmailConfiguration.EmailSendingAccount == "DEVELOPER"
	if !l.span.Decide(RuleMessageSender, own, "EmailSendingAccount DEVELOPER for e-mail text of one's own", sendingAccount(l.pool)) { // 1
		return invalidResponse("Unrecognizable lambda output")
	}
	text, most := m.SMSMessage, maxSMSText
	if mediumOf(l.attribute) == "EMAIL" {
		text, most = m.EmailMessage, maxEmailText
	}
	if text != "" {
		complete := strings.Contains(text, codePlaceholder) && (l.reason != "AdminCreateUser" || strings.Contains(text, namePlaceholder))
		if !l.span.Decide(RuleMessageCode, complete, "a text with the placeholders of this message", withOrWithoutCode(complete)) { // 2
			return invalidResponse("Unrecognizable lambda output")
		}
	}
	length, subject := len([]rune(text)), len([]rune(m.EmailSubject))
	if !l.span.Decide(RuleMessageLength, length <= most && subject <= maxSubject, fmt.Sprintf("at most %d characters, a subject of %d", most, maxSubject), fmt.Sprintf("%d and %d", length, subject)) { // 3
		return invalidResponse("Unrecognizable lambda output")
	}
	return nil
}

func sendingAccount(p *pool) string {
	if account := p.settings.EmailConfiguration.EmailSendingAccount; account != "" {
		return account
	}
	return "COGNITO_DEFAULT"
}

func withOrWithoutCode(complete bool) string {
	if complete {
		return "all of them"
	}
	return "one is missing"
}

// handToSender lets the custom sender of the medium send the message: the pool
// itself then sends nothing. The call is asynchronous. The code is encrypted
// with the KMS key of the pool; the simulation has no KMS, so here the function
// gets a text in its place that nobody can decrypt.
func (s *UserPools) handToSender(l letter) (sent bool, err error) {
	t, kind := customEmailSender, "customEmailSenderRequestV1"
	if mediumOf(l.attribute) == "SMS" {
		t, kind = customSMSSender, "customSMSSenderRequestV1"
	}
	function := l.pool.settings.LambdaConfig.function(t)
	if function == "" {
		return false, nil
	}
	o := l.occasion(t)
	o.request = map[string]any{
		"type": kind, "code": s.world.Token(64, api.Alphanumeric),
		"clientMetadata": texts(l.metadata), "userAttributes": l.user.eventAttributes(),
	}
	_, err = s.invoke(o, function, unawaited)
	return true, err
}
