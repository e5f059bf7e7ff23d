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

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func TestPeopleOfSocialProvidersNeedNoOIDCProvider(t *testing.T) {
	google := func(changes map[string]any) map[string]any {
		claims := map[string]any{"iss": "https://accounts.google.com", "aud": "app.apps.googleusercontent.com", "sub": "104", "amr": nil}
		for name, value := range changes {
			claims[name] = value
		}
		return claims
	}
	for name, tt := range map[string]struct {
		body, provider, audience string
		claims                   map[string]any
		keys                     map[string][]string
	}{
		"Facebook": {`{"data":{"app_id":"7","user_id":"104","is_valid":true}}`, "graph.facebook.com", "7", nil,
			map[string][]string{"graph.facebook.com:app_id": {"7"}, "graph.facebook.com:id": {"104"}}},
		"Login with Amazon": {`{"app_id":"7","user_id":"104"}`, "www.amazon.com", "7", nil,
			map[string][]string{"www.amazon.com:app_id": {"7"}, "www.amazon.com:user_id": {"104"}}},
		"Google": {"", "accounts.google.com", "app.apps.googleusercontent.com", google(nil),
			map[string][]string{"accounts.google.com:aud": {"app.apps.googleusercontent.com"}, "accounts.google.com:sub": {"104"}}},
		"Google, for a server of the app's": {"", "accounts.google.com", "app.apps.googleusercontent.com", google(map[string]any{"azp": "phone.apps.googleusercontent.com"}),
			map[string][]string{"accounts.google.com:aud": {"phone.apps.googleusercontent.com"}, "accounts.google.com:oaud": {"app.apps.googleusercontent.com"}, "accounts.google.com:sub": {"104"}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			input := f.webIdentity(f.token(key(0), tt.claims), nil)
			if tt.claims == nil {
				f.doors.body = tt.body
				input = f.webIdentity("opaque", map[string]any{"ProviderId": tt.provider})
			}
			out, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", input)
			if err != nil {
				t.Fatal(err)
			}
			if out["Provider"] != tt.provider || out["Audience"] != tt.audience || out["SubjectFromWebIdentityToken"] != "104" {
				t.Errorf("answer %v", out)
			}
			tt.keys["aws:FederatedProvider"] = []string{tt.provider}
			want := api.SessionRequest{RoleARN: reader, Name: "CognitoIdentityCredentials", Duration: time.Hour, Keys: tt.keys}
			if diff := cmp.Diff(want, f.directory.issued[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func TestAccessTokensAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		provider, body string
		status         int
		rule           trace.RuleID
		refusal        *awserr.Error
	}{
		"another provider":       {"accounts.google.com", "", 0, sts.RuleTokenProvider, awserr.New("InvalidIdentityToken", "No OpenIDConnect provider found in your account for accounts.google.com")},
		"an invalid token":       {"graph.facebook.com", `{"data":{"is_valid":false}}`, 0, sts.RuleAccessToken, awserr.WithStatus(403, "IDPRejectedClaim", "The identity provider graph.facebook.com has rejected the token.")},
		"a provider that is ill": {"www.amazon.com", "", 503, "", awserr.New("IDPCommunicationError", "The identity provider at www.amazon.com could not be reached.")},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			f.doors.body, f.doors.status = tt.body, tt.status
			_, exchange, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity("opaque", map[string]any{"ProviderId": tt.provider}))
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
			if got := tracetest.Decider(f.recorder.Trace(), exchange); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
	f := setUp(t)
	f.doors.err = errors.New("no such host")
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity("opaque", map[string]any{"ProviderId": "www.amazon.com"})); !errors.Is(err, f.doors.err) {
		t.Errorf("a provider that cannot be asked: %v", err)
	}
}
