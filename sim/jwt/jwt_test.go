package jwt_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/jwt"
)

const issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"

func now() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

// claims are those of a Cognito ID token.
func claims() map[string]any {
	return map[string]any{
		"sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "email_verified": true, "iss": issuer,
		"cognito:username": "ana", "cognito:groups": []any{"editors"}, "origin_jti": "o", "jti": "j", "event_id": "e",
		"aud": "client", "token_use": "id", "email": "ana@example.com",
		"auth_time": now().Unix(), "iat": now().Unix(), "exp": now().Add(time.Hour).Unix(),
	}
}

func sign(t testing.TB, claims map[string]any, key jwt.Key) string {
	t.Helper()
	raw, err := jwt.Sign(claims, key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func parse(t testing.TB, raw string) jwt.Token {
	t.Helper()
	token, err := jwt.Parse(raw)
	if err != nil {
		t.Fatalf("Parse(%q): %v", raw, err)
	}
	return token
}

func jwks(t testing.TB, keys ...jwt.Key) string {
	t.Helper()
	document, err := jwt.MarshalKeySet(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func keySet(t testing.TB, keys ...jwt.Key) jwt.KeySet {
	t.Helper()
	set, err := jwt.ParseKeySet(jwks(t, keys...))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func headerOf(t *testing.T, raw string) string {
	t.Helper()
	head, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The header of a user pool's tokens has two members:
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
func TestHeaderHoldsKidAndAlgOnly(t *testing.T) {
	raw := sign(t, claims(), jwt.DevelopmentKey(0, "first", jwt.RS256))
	if got, want := headerOf(t, raw), `{"alg":"RS256","kid":"first"}`; got != want {
		t.Errorf("header is %s, want %s", got, want)
	}
}

func TestHeaderHoldsTypOfAKeyThatHasOne(t *testing.T) {
	key := jwt.DevelopmentKey(0, "first", jwt.RS512)
	key.Type = "JWS"
	if got, want := headerOf(t, sign(t, claims(), key)), `{"alg":"RS512","kid":"first","typ":"JWS"}`; got != want {
		t.Errorf("header is %s, want %s", got, want)
	}
}

func TestSameClaimsAndKeyGiveTheSameToken(t *testing.T) {
	first := sign(t, claims(), jwt.DevelopmentKey(1, "k", jwt.RS256))
	second := sign(t, claims(), jwt.DevelopmentKey(1, "k", jwt.RS256))
	if first != second {
		t.Errorf("two tokens for one set of claims:\n%s\n%s", first, second)
	}
}

func TestSignNeedsAKeyAndAnAlgorithm(t *testing.T) {
	for name, key := range map[string]jwt.Key{
		"zero key":        {},
		"no private part": {ID: "k", Algorithm: jwt.RS256},
		"other algorithm": jwt.DevelopmentKey(0, "k", "HS256"),
		"none":            jwt.DevelopmentKey(0, "k", "none"),
	} {
		t.Run(name, func(t *testing.T) {
			if raw, err := jwt.Sign(claims(), key); err == nil {
				t.Errorf("signed %s", raw)
			}
			if document, err := jwt.MarshalKeySet(key); err == nil {
				t.Errorf("listed %s", document)
			}
		})
	}
}

func TestSignRefusesClaimsThatJSONCannotHold(t *testing.T) {
	if _, err := jwt.Sign(map[string]any{"f": func() {}}, jwt.DevelopmentKey(0, "k", jwt.RS256)); err == nil {
		t.Error("signed a function")
	}
}

func TestDevelopmentKeysDifferAndRepeatAfterSix(t *testing.T) {
	seen := map[string]int{}
	for n := range 6 {
		seen[jwks(t, jwt.DevelopmentKey(n, "k", jwt.RS256))] = n
	}
	if len(seen) != 6 {
		t.Errorf("six keys give %d documents", len(seen))
	}
	for n, same := range map[int]int{6: 0, 13: 1, -1: 5} {
		if diff := cmp.Diff(jwks(t, jwt.DevelopmentKey(same, "k", jwt.RS256)), jwks(t, jwt.DevelopmentKey(n, "k", jwt.RS256))); diff != "" {
			t.Errorf("key %d is not key %d:\n%s", n, same, diff)
		}
	}
}

func TestParseReadsWhatSignWrote(t *testing.T) {
	token := parse(t, sign(t, claims(), jwt.DevelopmentKey(0, "first", jwt.RS256)))
	if token.KeyID != "first" || token.Algorithm != jwt.RS256 {
		t.Errorf("kid %q alg %q", token.KeyID, token.Algorithm)
	}
	if got := token.Text("token_use"); got != "id" {
		t.Errorf("token_use is %q", got)
	}
	if got, ok := token.Time("exp"); !ok || !got.Equal(now().Add(time.Hour)) {
		t.Errorf("exp is %v, %v", got, ok)
	}
	if diff := cmp.Diff([]string{"editors"}, token.Texts("cognito:groups")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"client"}, token.Texts("aud")); diff != "" {
		t.Error(diff)
	}
}

func TestAbsentAndMistypedClaimsAreEmpty(t *testing.T) {
	token := jwt.Token{Claims: map[string]any{"n": 1.0, "s": "1", "mixed": []any{"a", 2.0}}}
	if got := token.Text("n"); got != "" {
		t.Errorf("Text of a number is %q", got)
	}
	if _, ok := token.Time("s"); ok {
		t.Error("Time of text is ok")
	}
	if got := token.Texts("absent"); got != nil {
		t.Errorf("Texts of nothing is %q", got)
	}
	if diff := cmp.Diff([]string{"a"}, token.Texts("mixed")); diff != "" {
		t.Error(diff)
	}
}

func TestParseSaysWhatIsNotJWT(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	object := encode([]byte(`{}`))
	for _, row := range []struct{ name, raw, want string }{
		{"empty", "", "1 part instead of 3"},
		{"plain word", "user-42", "1 part instead of 3"},
		{"refresh token", "a.b.c.d.e", "5 parts instead of 3"},
		{"header not base64", "%." + object + ".", "the header is not base64url"},
		{"header padded", object + "=." + object + ".", "the header is not base64url"},
		{"header broken over lines", object[:1] + "\n" + object[1:] + "." + object + ".", "the header is not base64url"},
		{"header not JSON", encode([]byte("x")) + "." + object + ".", "the header is not a JSON object"},
		{"header kid is a number", encode([]byte(`{"kid":1}`)) + "." + object + ".", "the header is not a JSON object"},
		{"payload not base64", object + ".%.", "the payload is not base64url"},
		{"payload null", object + "." + encode([]byte("null")) + ".", "the payload is not a JSON object"},
		{"payload a list", object + "." + encode([]byte("[]")) + ".", "the payload is not a JSON object"},
		{"payload with a tail", object + "." + encode([]byte("{}{}")) + ".", "the payload is not a JSON object"},
		{"signature not base64", object + "." + object + ".%", "the signature is not base64url"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := jwt.Parse(row.raw)
			if err == nil || err.Error() != row.want {
				t.Errorf("Parse(%q): %v, want %s", row.raw, err, row.want)
			}
		})
	}
}

func TestKeySetVerifiesTheTokensOfItsKeys(t *testing.T) {
	first, second := jwt.DevelopmentKey(0, "first", jwt.RS256), jwt.DevelopmentKey(1, "second", jwt.RS512)
	set := keySet(t, first, second)
	for _, key := range []jwt.Key{first, second} {
		if err := set.Verify(parse(t, sign(t, claims(), key))); err != nil {
			t.Errorf("key %s: %v", key.ID, err)
		}
	}
}

func TestKeySetRefusesEachSingleFault(t *testing.T) {
	key := jwt.DevelopmentKey(0, "first", jwt.RS256)
	set := keySet(t, key)
	good := sign(t, claims(), key)
	parts := strings.Split(good, ".")
	forged := claims()
	forged["sub"] = "someone else"
	other := strings.Split(sign(t, forged, key), ".")
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"first"}`))
	for _, row := range []struct {
		name, raw string
		want      error
	}{
		{"another key under the same kid", sign(t, claims(), jwt.DevelopmentKey(1, "first", jwt.RS256)), jwt.ErrSignature},
		{"unknown kid", sign(t, claims(), jwt.DevelopmentKey(0, "second", jwt.RS256)), jwt.ErrUnknownKey},
		{"another algorithm", sign(t, claims(), jwt.DevelopmentKey(0, "first", jwt.RS512)), jwt.ErrAlgorithm},
		{"alg none", unsigned + "." + parts[1] + ".", jwt.ErrAlgorithm},
		{"payload changed", parts[0] + "." + other[1] + "." + parts[2], jwt.ErrSignature},
		{"signature of another token", parts[0] + "." + parts[1] + "." + other[2], jwt.ErrSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", jwt.ErrSignature},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := set.Verify(parse(t, row.raw)); !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
		})
	}
	if err := (jwt.KeySet{}).Verify(parse(t, good)); !errors.Is(err, jwt.ErrUnknownKey) {
		t.Errorf("the empty set says %v", err)
	}
}

func TestParseKeySetRefusesOtherDocuments(t *testing.T) {
	for _, document := range []string{"", "x", "[]", `{"keys":1}`, `{"keys":[{"kty":"RSA","kid":"k","n":"%","e":"AQAB"}]}`} {
		if _, err := jwt.ParseKeySet(document); err == nil {
			t.Errorf("ParseKeySet(%q) is accepted", document)
		}
	}
}

func TestKeysThatSignNoTokenAreLeftOut(t *testing.T) {
	set, err := jwt.ParseKeySet(`{"keys":[{"kty":"oct","k":"AAAA","kid":"k","alg":"HS256"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Verify(jwt.Token{KeyID: "k"}); !errors.Is(err, jwt.ErrUnknownKey) {
		t.Errorf("got %v", err)
	}
}

// goJOSE verifies as an application would that knows nothing of the
// simulation: it has the JWKS document, the issuer and its own client id.
func goJOSE(document, raw, audience string, at time.Time) error {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(document), &set); err != nil {
		return err
	}
	token, err := josejwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return err
	}
	var claims josejwt.Claims
	own := struct {
		TokenUse string `json:"token_use"`
	}{}
	if err := token.Claims(set, &claims, &own); err != nil {
		return err
	}
	if own.TokenUse != "id" {
		return errors.New("token_use is " + own.TokenUse)
	}
	return claims.ValidateWithLeeway(josejwt.Expected{Issuer: issuer, AnyAudience: []string{audience}, Time: at}, 0)
}

func TestAnIndependentVerifierAcceptsOurTokens(t *testing.T) {
	id, access := jwt.DevelopmentKey(0, "id", jwt.RS256), jwt.DevelopmentKey(1, "access", jwt.RS256)
	if err := goJOSE(jwks(t, id, access), sign(t, claims(), id), "client", now()); err != nil {
		t.Error(err)
	}
}

func TestAnIndependentVerifierRefusesEachSingleFault(t *testing.T) {
	key := jwt.DevelopmentKey(0, "id", jwt.RS256)
	document := jwks(t, key)
	with := func(claim string, value any) string {
		changed := claims()
		changed[claim] = value
		return sign(t, changed, key)
	}
	good := sign(t, claims(), key)
	for _, row := range []struct{ name, raw string }{
		{"signature", good[:strings.LastIndex(good, ".")+1] + base64.RawURLEncoding.EncodeToString(make([]byte, 256))},
		{"kid", sign(t, claims(), jwt.DevelopmentKey(0, "other", jwt.RS256))},
		{"iss", with("iss", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other")},
		{"aud", with("aud", "other")},
		{"token_use", with("token_use", "access")},
		{"exp", with("exp", now().Add(-time.Second).Unix())},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := goJOSE(document, row.raw, "client", now()); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestOurKeySetAcceptsTokensOfAnotherLibrary(t *testing.T) {
	set := keySet(t, jwt.DevelopmentKey(0, "id", jwt.RS256))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{KeyID: "id", Key: rawKey(t)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := josejwt.Signed(signer).Claims(claims()).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Verify(parse(t, raw)); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sign(f, claims(), jwt.DevelopmentKey(0, "id", jwt.RS256)))
	f.Add("e30.e30.")
	f.Add("user-42")
	f.Add("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.a.b.c.d")
	set := keySet(f, jwt.DevelopmentKey(0, "id", jwt.RS256))
	f.Fuzz(func(t *testing.T, raw string) {
		token, err := jwt.Parse(raw)
		if err != nil {
			return
		}
		if token.Raw != raw || token.Claims == nil {
			t.Errorf("Parse(%q) gives %+v", raw, token)
		}
		_ = set.Verify(token)
		for claim := range token.Claims {
			_, _ = token.Time(claim)
			_, _ = token.Text(claim), token.Texts(claim)
		}
	})
}
