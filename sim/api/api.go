// Package api is the contract between the account's two doors and the services
// behind them: what an operation is, how a caller presents itself, what a
// request and a response are. It owns no behaviour but strict decoding, and
// refuses to know any service by name.
package api

import (
	"time"

	"claimcheck/sim/trace"
)

// Credentials are AWS credentials as an SDK holds them. SessionToken is empty
// for an IAM user's access key.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
}

// Caller is how a request presents itself: with credentials, as an AWS service,
// or, when both are empty, as nobody.
type Caller struct {
	Credentials *Credentials
	// Service is a service principal, such as "apigateway.amazonaws.com".
	Service string
	// SourceARN is the resource on whose behalf a service calls (aws:SourceArn).
	SourceARN string
	// Principal is a caller whom a service has authenticated itself and for whom
	// it calls on, with that caller's permissions; nil for none.
	Principal *Principal
}

// World is what every service may know of the account it runs in.
type World interface {
	// Account is the twelve-digit account id and Region the Region's code.
	Account() string
	Region() string
	// Now is the virtual clock.
	Now() time.Time
	// Token returns n characters of the alphabet, the same in every run for
	// the same sequence of calls.
	Token(n int, alphabet string) string
	// Reserve takes a name of a kind, such as a bucket's, that no two accounts
	// can have. It is false when another account has it; the account's own names
	// are the caller's business.
	Reserve(kind, name string) bool
	// UUID returns a new identifier in UUID form, deterministic like Token.
	UUID() string
}

// Doors are the two ways into the account. Services use them to reach one
// another, so that every hop is checked and recorded in one way.
type Doors interface {
	// Call runs one API operation. An error is an *awserr.Error when AWS
	// refuses, and anything else when the simulation cannot run the call.
	Call(span *trace.Span, call Call) (map[string]any, error)
	// Send runs one HTTP request. An error means that the simulation cannot
	// run it; a refusal by AWS is a response.
	Send(span *trace.Span, request HTTPRequest) (HTTPResponse, error)
}

// Call is one request at the API door.
type Call struct {
	// From is the actor that calls.
	From trace.Actor
	// Service is the IAM prefix, such as "cognito-idp".
	Service   string
	Operation string
	// Input is a tree of JSON values.
	Input  map[string]any
	Caller Caller
	// Patience is how long the caller waits for the answer; 0 means until it
	// comes. When it is over the error is a TimeoutError.
	Patience time.Duration
}

// TimeoutError says that a call was not answered while its caller waited. What
// was called went on to its own end.
type TimeoutError struct {
	// After is the caller's patience.
	After time.Duration
}

// Error says how long the caller waited.
func (e TimeoutError) Error() string { return "no answer within " + e.After.String() }

// UnreachableError says that a host does not answer. Only names below .invalid,
// which never resolve, are known not to.
type UnreachableError struct{ Host string }

// Error names the host.
func (e UnreachableError) Error() string { return e.Host + " cannot be reached" }

// Alphabets for World.Token.
const (
	LowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"
	UpperAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	Alphanumeric      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	Digits            = "0123456789"
)
