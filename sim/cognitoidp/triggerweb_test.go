package cognitoidp_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withTriggers puts all triggers into a template whose first properties are those
// of Pool, in braces.
func withTriggers(template string) string {
	config := []string{"InboundFederation: {LambdaVersion: V1_0, LambdaArn: '" + functionPrefix + "InboundFederation'}"}
	for _, name := range allTriggers() {
		config = append(config, name+": '"+functionPrefix+name+"'")
	}
	return strings.Replace(template, "Properties: {", "Properties: {LambdaConfig: {"+strings.Join(config, ", ")+"}, ", 1)
}

// sources are the triggers of the latest call.
func (a *account) sources() []string {
	var names []string
	for _, event := range a.asked() {
		names = append(names, event["triggerSource"].(string))
	}
	return names
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
// and, for the first sign-in, https://github.com/aws-amplify/amplify-js/issues/5885
func TestTriggersOfFederatedSignIns(t *testing.T) {
	a := newAccount(t)
	if err := a.Deploy(withTriggers(googlePool)); err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		name string
		want []string
	}{
		{"first", []string{"InboundFederation_ExternalProvider", "PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp", "TokenGeneration_HostedAuth"}},
		{"later", []string{"InboundFederation_ExternalProvider", "PreAuthentication_Authentication", "PostAuthentication_Authentication", "TokenGeneration_HostedAuth"}},
	} {
		back := a.federate(a.toProvider("Google"), googleUser{claims: anaAtGoogle})
		got := a.sources()
		a.token(a.exchange("Client", back.parameters.Get("code")))
		if diff := cmp.Diff(s.want, append(got, a.sources()...)); diff != "" {
			t.Errorf("%s sign-in (-want +got):\n%s", s.name, diff)
		}
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
func TestInboundFederationChoosesTheClaims(t *testing.T) {
	a := newAccount(t)
	if err := a.Deploy(withTriggers(googlePool)); err != nil {
		t.Fatal(err)
	}
	a.answers("InboundFederation", object{"userAttributesToMap": object{"email": "ana@shop.example"}})
	id := a.claims(a.federatedTokens(a.toProvider("Google"), googleUser{claims: anaAtGoogle})["id_token"])
	if id.Text("email") != "ana@shop.example" || id.Text("name") != "" {
		t.Errorf("claims %v", id.Claims)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func TestTriggersOfTheLoginPage(t *testing.T) {
	a := newAccount(t)
	if err := a.Deploy(withTriggers(shopPool)); err != nil {
		t.Fatal(err)
	}
	a.addUser("ana")
	login := a.logIn(a.authorization("Client"))
	got := a.sources()
	a.token(a.exchange("Client", login.parameters.Get("code")))
	want := []string{"PreAuthentication_Authentication", "PostAuthentication_Authentication", "TokenGeneration_HostedAuth"}
	if diff := cmp.Diff(want, append(got, a.sources()...)); diff != "" {
		t.Errorf("triggers (-want +got):\n%s", diff)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func TestOnlyV3RunsForClientCredentials(t *testing.T) {
	for version, want := range map[string]string{"V2_0": "", "V3_0": "acme"} {
		a := newAccount(t)
		config := "Properties: {LambdaConfig: {PreTokenGenerationConfig: {LambdaVersion: " + version + ", LambdaArn: '" + functionPrefix + "Tokens'}}, "
		if err := a.Deploy(strings.Replace(shopPool, "Properties: {", config, 1)); err != nil {
			t.Fatal(err)
		}
		a.answers("Tokens", later(object{"accessTokenGeneration": object{"claimsToAddOrOverride": object{"tenant": "acme"}}}))
		r := a.token(url.Values{"grant_type": {"client_credentials"}, "client_id": {a.Ref("Machine")}, "client_secret": {a.secret("Machine")}})
		if got := a.claims(r.body["access_token"]).Text("tenant"); got != want {
			t.Errorf("%s: tenant is %q, want %q", version, got, want)
		}
		if want == "" {
			continue
		}
		event := a.asked()[0]
		request := event["request"].(object)
		if event["triggerSource"] != "TokenGeneration_ClientCredentials" || event["userName"] != "ClientCredentials" || request["groupConfiguration"] != nil {
			t.Errorf("event %v", event)
		}
	}
}
