package iam

import (
	"errors"
	"strings"

	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// checkDocument reads a document that somebody wants to store: a tree, or JSON
// text.
func checkDocument(span *trace.Span, document any, kind policy.Kind) (*policy.Document, error) {
	var d *policy.Document
	var err error
	if text, ok := document.(string); ok {
		d, err = policy.ParseJSON([]byte(text), kind)
	} else {
		d, err = policy.Parse(document, kind)
	}
	const wanted = "a policy that follows the grammar"
	if err != nil {
		span.Decide(RulePolicyDocument, false, wanted, firstLine(err))
		return nil, malformed(err)
	}
	span.Decide(RulePolicyDocument, true, wanted, string(kind))
	return d, nil
}

// checkTrust reads a trust policy. The users and roles of this account that it
// names must exist.
// Source: https://github.com/aws-actions/configure-aws-credentials/issues/332 (observed)
func (i *IAM) checkTrust(span *trace.Span, document any) error {
	d, err := checkDocument(span, document, policy.TrustPolicy)
	if err != nil {
		return err
	}
	for _, named := range d.Principals("AWS") {
		if !i.mayExist(named) {
			span.Decide(RulePolicyDocument, false, "principals that exist", named)
			return awserr.New("MalformedPolicyDocument", `Invalid principal in policy: "AWS":"%s"`, named)
		}
	}
	return nil
}

// mayExist is false for a user or role of this account that is not there.
func (i *IAM) mayExist(principal string) bool {
	a, err := arn.Parse(principal)
	if err != nil || a.Service != "iam" || a.Account != i.world.Account() {
		return true
	}
	switch {
	case strings.HasPrefix(a.Resource, "user/"):
		u, ok := i.users[a.Name()]
		return ok && u.arn == principal
	case strings.HasPrefix(a.Resource, "role/"):
		_, ok := i.roleByARN(principal)
		return ok
	}
	return true
}

// malformed is the refusal to store a document with faults.
func malformed(err error) error {
	var faults policy.Faults
	if errors.As(err, &faults) {
		return awserr.New("MalformedPolicyDocument", "%s", faults.AWS())
	}
	return err
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func outOfRange(member string, value int, want string) error {
	return awserr.New("ValidationError", "1 validation error detected: Value '%d' at '%s' failed to satisfy constraint: Member must have value %s", value, member, want)
}
