// Package social asks Facebook and Login with Amazon about the access tokens that
// they give to apps. Such a token says nothing by itself: who is shown one asks
// its provider for which app and which user it was issued. The package owns the
// two ways to ask, and refuses to know who may log in.
package social

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// The providers, as AWS names them.
const (
	Facebook = "graph.facebook.com"
	Amazon   = "www.amazon.com"
)

// ErrNoAnswer says that a provider did not answer.
var ErrNoAnswer = errors.New("the provider does not answer")

// Token is what a provider says of an access token.
type Token struct {
	// Valid is false for a token that the provider does not know or that has
	// expired.
	Valid bool
	// App is the id of the app and User that of the user at the provider.
	App, User string
}

// Ask asks one of the two providers about an access token. Its error wraps
// ErrNoAnswer, or says that the request could not be run.
//
// Sources: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging,
// https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
func Ask(span *trace.Span, doors api.Doors, from trace.Actor, provider, raw string) (Token, error) {
	address := "https://api.amazon.com/auth/o2/tokeninfo?access_token="
	if provider == Facebook {
		address = "https://graph.facebook.com/debug_token?input_token="
	}
	response, err := doors.Send(span, api.HTTPRequest{From: from, Method: "GET", URL: address + url.QueryEscape(raw), Header: api.Header{}})
	if err != nil {
		return Token{}, fmt.Errorf("access token of %s: %w", provider, err)
	}
	if response.Status >= 500 {
		return Token{}, fmt.Errorf("%w: %s", ErrNoAnswer, provider)
	}
	if provider == Facebook {
		return readFacebook(response.Body), nil
	}
	return readAmazon(response), nil
}

// readFacebook reads an answer about any token; one that cannot be read is of no
// token.
func readFacebook(body string) Token {
	var answer struct {
		Data struct {
			App   string `json:"app_id"`
			User  string `json:"user_id"`
			Valid bool   `json:"is_valid"`
		}
	}
	if json.Unmarshal([]byte(body), &answer) != nil {
		return Token{}
	}
	return Token{Valid: answer.Data.Valid, App: answer.Data.App, User: answer.Data.User}
}

// readAmazon reads an answer with status 200; others are about no token.
func readAmazon(response api.HTTPResponse) Token {
	var answer struct {
		App  string `json:"app_id"`
		User string `json:"user_id"`
	}
	if response.Status != 200 || json.Unmarshal([]byte(response.Body), &answer) != nil {
		return Token{}
	}
	return Token{Valid: true, App: answer.App, User: answer.User}
}
