package cognitoidp_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"

	"claimcheck/sim/jwt"
)

// relyingParty is an application that knows its issuer and its client id, and
// takes the keys from the issuer's discovery document. It knows nothing of the
// simulation.
type relyingParty struct {
	issuer, client string
	keys           jose.JSONWebKeySet
}

func (a *account) relyingParty() relyingParty {
	a.T.Helper()
	party := relyingParty{issuer: "https://cognito-idp.us-east-1.amazonaws.com/" + a.Ref("Pool"), client: a.Ref("Client")}
	var configuration struct {
		URI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal([]byte(a.get("GET", party.issuer+"/.well-known/openid-configuration").Body), &configuration); err != nil {
		a.T.Fatal(err)
	}
	if err := json.Unmarshal([]byte(a.get("GET", configuration.URI).Body), &party.keys); err != nil {
		a.T.Fatal(err)
	}
	return party
}

// accept verifies in the order of
// .../amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
func (party relyingParty) accept(raw, use string, now time.Time) error {
	token, err := josejwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return err
	}
	var claims josejwt.Claims
	var own struct {
		TokenUse string `json:"token_use"`
		ClientID string `json:"client_id"`
	}
	if err := token.Claims(party.keys, &claims, &own); err != nil {
		return err
	}
	if err := claims.ValidateWithLeeway(josejwt.Expected{Issuer: party.issuer, Time: now}, 0); err != nil {
		return err
	}
	if own.TokenUse != use {
		return fmt.Errorf("token_use is %s", own.TokenUse)
	}
	if use == "access" && own.ClientID == party.client || use == "id" && claims.Audience.Contains(party.client) {
		return nil
	}
	return errors.New("a token for another client")
}

func TestARelyingPartyAcceptsTokensAndRefusesEachSingleFault(t *testing.T) {
	a := shopAccount(t, nil)
	tokens := a.webTokens(a.authorization("Client"))
	party := a.relyingParty()
	for n, use := range []string{"id", "access"} {
		raw := tokens[use+"_token"].(string)
		if err := party.accept(raw, use, a.World.Clock); err != nil {
			t.Errorf("%s token: %v", use, err)
		}
		good := a.claims(raw)
		signed := func(kid string, changes ...any) string {
			claims := map[string]any{}
			for name, value := range good.Claims {
				claims[name] = value
			}
			for i := 0; i < len(changes); i += 2 {
				claims[changes[i].(string)] = changes[i+1]
			}
			text, err := jwt.Sign(claims, jwt.DevelopmentKey(n, kid, jwt.RS256))
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		if err := party.accept(signed(good.KeyID), use, a.World.Clock); err != nil {
			t.Fatalf("%s token signed again: %v", use, err)
		}
		audience, other := "aud", "access"
		if use == "access" {
			audience, other = "client_id", "id"
		}
		for fault, token := range map[string]string{
			"signature": raw[:strings.LastIndex(raw, ".")+1] + base64.RawURLEncoding.EncodeToString(make([]byte, 256)),
			"kid":       signed("another"),
			"iss":       signed(good.KeyID, "iss", party.issuer+"x"),
			audience:    signed(good.KeyID, audience, a.Ref("Confidential")),
			"token_use": signed(good.KeyID, "token_use", other),
			"exp":       signed(good.KeyID, "exp", a.World.Clock.Add(-time.Second).Unix()),
		} {
			if err := party.accept(token, use, a.World.Clock); err == nil {
				t.Errorf("%s token with a wrong %s is accepted", use, fault)
			}
		}
	}
}
