package sts_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/sts"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

func ana() api.Principal {
	return api.Principal{Type: api.User, ARN: "arn:aws:iam::123456789012:user/ana", AccessKeyID: "AKIA1"}
}

// temporary is a caller with temporary credentials.
func temporary(kind api.PrincipalType) api.Principal {
	return api.Principal{Type: kind, ARN: "arn:aws:sts::123456789012:x/y", AccessKeyID: "ASIA9", Keys: map[string][]string{"aws:TokenIssueTime": {"2026-03-02T09:00:00Z"}}}
}

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html,
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
func TestSessionsOfUsers(t *testing.T) {
	for name, tt := range map[string]struct {
		operation string
		input     map[string]any
		want      api.UserSessionRequest
	}{
		"a session lasts twelve hours":         {"GetSessionToken", nil, api.UserSessionRequest{Caller: ana(), Duration: 12 * time.Hour}},
		"a session with MFA":                   {"GetSessionToken", map[string]any{"SerialNumber": device, "TokenCode": "123456", "DurationSeconds": 900.0}, api.UserSessionRequest{Caller: ana(), Duration: 15 * time.Minute, MFA: true}},
		"a session may last a day and a half":  {"GetSessionToken", map[string]any{"DurationSeconds": 129600.0}, api.UserSessionRequest{Caller: ana(), Duration: 36 * time.Hour}},
		"a federated user with session policy": {"GetFederationToken", map[string]any{"Name": "fay", "Policy": "{}", "PolicyArns": []any{map[string]any{"arn": "a"}}}, api.UserSessionRequest{Caller: ana(), Name: "fay", Duration: 12 * time.Hour, Policy: "{}", PolicyARNs: []string{"a"}}},
		"a federated user with tags":           {"GetFederationToken", map[string]any{"Name": "fay", "Tags": tags("team", "blue")}, api.UserSessionRequest{Caller: ana(), Name: "fay", Duration: 12 * time.Hour, Tags: map[string]string{"team": "blue"}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			out, _, err := f.run(ana(), tt.operation, tt.input)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, f.directory.users[0]); diff != "" {
				t.Error(diff)
			}
			want := map[string]any{"Credentials": map[string]any{"AccessKeyId": "ASIA2", "SecretAccessKey": "secret", "SessionToken": "token",
				"Expiration": float64(tracetest.Start().Add(tt.want.Duration).Unix())}}
			if tt.want.Name != "" {
				want["FederatedUser"] = map[string]any{"FederatedUserId": "123456789012:fay", "Arn": "arn:aws:sts::123456789012:federated-user/fay"}
			}
			if tt.want.Tags != nil {
				want["PackedPolicySize"] = 2.0 // (4 + 4 + 3) / 460
			}
			if diff := cmp.Diff(want, out); diff != "" {
				t.Error(diff)
			}
			f.directory.refusal = awserr.New("MalformedPolicyDocument", "Syntax errors in policy.")
			if _, _, err := f.run(ana(), tt.operation, tt.input); err == nil {
				t.Error("IAM's refusal is lost")
			}
		})
	}
}

// Sources: https://github.com/aws/aws-sdk-net/issues/1704, https://github.com/y13i/sgviz/issues/9,
// https://github.com/99designs/aws-vault/issues/676, https://github.com/aws/aws-cli/issues/2279,
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
func TestSessionsOfUsersAreRefused(t *testing.T) {
	denied := func(message string) *awserr.Error { return awserr.WithStatus(403, "AccessDenied", "%s", message) }
	const bad = "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s"
	for name, tt := range map[string]struct {
		operation string
		caller    api.Principal
		input     map[string]any
		rule      trace.RuleID
		refusal   *awserr.Error
	}{
		"session credentials":        {"GetSessionToken", temporary(api.User), nil, sts.RuleCaller, denied("Cannot call GetSessionToken with session credentials")},
		"a role's session":           {"GetSessionToken", temporary(api.AssumedRole), nil, sts.RuleCaller, denied("Cannot call GetSessionToken with session credentials")},
		"federation by a role":       {"GetFederationToken", temporary(api.AssumedRole), map[string]any{"Name": "fay"}, sts.RuleCaller, denied("Cannot call GetFederationToken with session credentials")},
		"a federated user, and role": {"AssumeRole", temporary(api.FederatedUser), assume(nil), sts.RuleCaller, denied("Cannot call AssumeRole with session credentials")},
		"too short":                  {"GetSessionToken", ana(), map[string]any{"DurationSeconds": 899.0}, sts.RuleParameters, awserr.New("ValidationError", bad, "899", "durationSeconds", "have value greater than or equal to 900")},
		"too long":                   {"GetSessionToken", ana(), map[string]any{"DurationSeconds": 129601.0}, sts.RuleParameters, awserr.New("ValidationError", bad, "129601", "durationSeconds", "have value less than or equal to 129600")},
		"a name too long":            {"GetFederationToken", ana(), map[string]any{"Name": "abcdefghijklmnopqrstuvwxyzabcdefg"}, sts.RuleParameters, awserr.New("ValidationError", bad, "abcdefghijklmnopqrstuvwxyzabcdefg", "name", "have length less than or equal to 32")},
		"no code":                    {"GetSessionToken", ana(), map[string]any{"SerialNumber": device}, sts.RuleMFA, denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")},
		"no serial number":           {"AssumeRole", ana(), assume(map[string]any{"TokenCode": "123456"}), sts.RuleMFA, denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")},
		"another's device":           {"GetSessionToken", ana(), map[string]any{"SerialNumber": "arn:aws:iam::123456789012:mfa/bob", "TokenCode": "123456"}, sts.RuleMFA, denied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")},
		"a wrong code":               {"AssumeRole", ana(), assume(map[string]any{"SerialNumber": device, "TokenCode": "000000"}), sts.RuleMFA, denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			_, exchange, err := f.run(tt.caller, tt.operation, tt.input)
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
			if got := tracetest.Decider(f.recorder.Trace(), exchange); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func TestTaggingAFederatedUserIsAnActionOfItsOwn(t *testing.T) {
	f := setUp(t)
	f.directory.forbidden = "sts:TagSession"
	_, _, err := f.run(ana(), "GetFederationToken", map[string]any{"Name": "fay", "Tags": tags("team", "blue")})
	if diff := cmp.Diff(error(awserr.WithStatus(403, "AccessDenied", "no sts:TagSession")), err); diff != "" {
		t.Error(diff)
	}
	want := api.Authorization{
		Principal: ana(), Action: "sts:TagSession", Resource: "arn:aws:sts::123456789012:federated-user/fay",
		Keys: map[string][]string{"aws:RequestTag/team": {"blue"}, "aws:TagKeys": {"team"}},
	}
	if diff := cmp.Diff(want, f.directory.asked[0]); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
func TestAnAccessKeyTellsItsAccount(t *testing.T) {
	f := setUp(t)
	out, _, err := f.run(ana(), "GetAccessKeyInfo", map[string]any{"AccessKeyId": "AKIA7"})
	if err != nil || out["Account"] != "444455556666" {
		t.Error(out, err)
	}
	_, _, err = f.run(ana(), "GetAccessKeyInfo", map[string]any{"AccessKeyId": "AKIA8"})
	var refusal *awserr.Error
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("a key of nobody's: %v", err)
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
func TestNoMessageCanBeDecoded(t *testing.T) {
	f := setUp(t)
	_, _, err := f.run(ana(), "DecodeAuthorizationMessage", map[string]any{"EncodedMessage": "abc"})
	if diff := cmp.Diff(error(awserr.New("InvalidAuthorizationMessageException", "Message is not valid")), err); diff != "" {
		t.Error(diff)
	}
}

func TestRoleSessionSaysWhetherItsUserProvedMFA(t *testing.T) {
	f := setUp(t)
	for _, input := range []map[string]any{nil, {"SerialNumber": device, "TokenCode": "123456"}} {
		if _, _, err := f.run(ana(), "AssumeRole", assume(input)); err != nil {
			t.Fatal(err)
		}
	}
	issued := f.directory.issued
	if first, last := issued[0], issued[len(issued)-1]; first.MFA || !first.HasMFA || !last.MFA || !last.HasMFA {
		t.Errorf("asked for %+v and %+v", first, last)
	}
}
