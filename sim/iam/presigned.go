package iam

import (
	"claimcheck/sim/api"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
)

// AuthenticatePresigned says whose signature the URL of a request to a service
// carries. It makes checks 3 to 6 and 8 of Authenticate; how long the URL itself
// is good is for the service to say, before it asks. A refusal is an
// *awserr.Error with one of the codes of Authenticate.
func (i *IAM) AuthenticatePresigned(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error) {
	presigned, err := sigv4.ParsePresigned(request)
	if err != nil {
		return api.Principal{}, err
	}
	a := &authentication{iam: i, span: span, request: request, service: service, claimed: presigned.Claimed}
	again := func() error { return a.presignature(presigned) }
	for _, check := range []func() error{a.scope, a.known, a.token, again, a.unexpired} {
		if err := check(); err != nil {
			return api.Principal{}, err
		}
	}
	return a.principal(), nil
}

// presignature makes check 6 for a signature in a URL.
func (a *authentication) presignature(p sigv4.Presignature) error {
	same, err := sigv4.VerifyPresigned(a.request, p, a.secret())
	if err != nil {
		return err
	}
	found := "the same"
	if !same {
		found = "another: wrong secret, changed URL or another method"
	}
	if !a.span.Decide(RuleSignature, same, "the signature that AWS calculates", found) {
		return a.refuse(CodeMismatch, messageMismatch)
	}
	return nil
}
