// Package awserr is the error an AWS service answers with: code, message and
// HTTP status, as they travel. It refuses to know which service raised it and
// how a protocol spells it.
package awserr

import "fmt"

// Error is a refusal by AWS.
type Error struct {
	// Code is AWS's name for it, such as "NotAuthorizedException".
	Code string
	// Message is AWS's wording.
	Message string
	// Status is the HTTP status, 400 where AWS documents no other.
	Status int
}

// New returns an error with HTTP status 400; the message is formatted.
func New(code, format string, args ...any) *Error {
	return WithStatus(400, code, format, args...)
}

// WithStatus returns an error with the given HTTP status; the message is formatted.
func WithStatus(status int, code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: status}
}

// Error is "CODE: MESSAGE".
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}
