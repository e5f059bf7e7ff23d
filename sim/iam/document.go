package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// checkDocument reads a document that somebody wants to store: JSON text, or a
// tree, of which IAM gets the text.
func checkDocument(span *trace.Span, document any, kind policy.Kind) (*policy.Document, error) {
	d, err := readDocument(document, kind)
	const wanted = "a policy that follows the grammar"
	if err != nil {
		span.Decide(RulePolicyDocument, false, wanted, firstLine(err))
		return nil, malformed(err)
	}
	span.Decide(RulePolicyDocument, true, wanted, string(kind))
	return d, nil
}

// readDocument reads a tree twice: as it is, for faults by path alone, and as
// text, so that statements have their places and the document its size.
func readDocument(document any, kind policy.Kind) (*policy.Document, error) {
	if text, ok := document.(string); ok {
		return policy.ParseJSON([]byte(text), kind)
	}
	if _, err := policy.Parse(document, kind); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("the policy cannot be written as JSON: %w", err)
	}
	return policy.ParseJSON(text.Bytes(), kind)
}

// identityPools is how trust policies name the identity pools of all accounts.
const identityPools = "cognito-identity.amazonaws.com"

// checkTrust reads a trust policy. The users and roles of this account that it
// names must exist, and identity pools are trusted under a condition; the words of
// the latter are inferred.
//
// Sources: https://github.com/aws-actions/configure-aws-credentials/issues/332 (observed),
// https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools-security-best-practices.html
func (i *IAM) checkTrust(span *trace.Span, document any) error {
	d, err := checkDocument(span, document, policy.TrustPolicy)
	if err != nil {
		return err
	}
	if err := checkQuota(span, "ACLSizePerRole", d.Size(), maxTrustSize); err != nil {
		return err
	}
	if !span.Decide(RulePoolCondition, !d.Unconditional("Federated", identityPools), "a condition for "+identityPools, "the trust policy") {
		return awserr.New("MalformedPolicyDocument", "A role that trusts %s must have a condition on the identity pool.", identityPools)
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
