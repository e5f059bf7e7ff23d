package sim

import (
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
	"claimcheck/sim/wire"
)

// The rules of the API door itself.
const (
	RuleOperation trace.RuleID = "aws.no-such-operation"
	RuleInput     trace.RuleID = "aws.input"
	RuleRequest   trace.RuleID = "aws.request"
)

func doorRules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleOperation,
		Statement:  "A service has a closed list of operations; a command that names another one does not exist.",
		Source:     "https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleInput,
		Statement:  "An SDK refuses an input with a missing, unknown or mistyped member before anything is sent.",
		Source:     "https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleRequest,
		Statement:  "A service refuses a request with a missing or mistyped member, and pays no heed to members that it does not know.",
		Source:     "https://github.com/aws-amplify/amplify-js/issues/5165",
		Confidence: trace.Observed,
	}}
}

// sdk is the reader of calls: an SDK, which sends nothing that is wrong.
type sdk struct{}

func (sdk) unknown(_ api.Service, operation string) error {
	return awserr.New("InvalidAction", "The action or operation requested is invalid: %s", operation)
}

func (sdk) check(span *trace.Span, _ api.Service, operation string, faults []shape.Fault) error {
	wanted := "members of " + operation
	if len(faults) == 0 {
		span.Note(RuleInput, true, wanted, "all known, all types right")
		return nil
	}
	texts := make([]string, len(faults))
	for i, fault := range faults {
		texts[i] = fault.String()
	}
	span.Decide(RuleInput, false, wanted, texts[0])
	return awserr.New("ParamValidationError", "Parameter validation failed: %s", strings.Join(texts, "; "))
}

// network is the reader of requests that came over the network: the service
// itself.
type network struct{}

func (network) unknown(s api.Service, operation string) error {
	return wire.UnknownOperation(s, operation)
}

// check refuses a mistyped member while it reads, and after that what is missing
// or not in an enumeration, all at once.
//
// Sources: https://github.com/aws-amplify/amplify-js/issues/5165,
// https://github.com/floci-io/floci/pull/2869 and, for what is missing,
// https://github.com/amazon-archives/amazon-cognito-auth-js/issues/65 (all observed)
func (network) check(span *trace.Span, s api.Service, operation string, faults []shape.Fault) error {
	wanted := "members of " + operation
	var constraints []string
	for _, fault := range faults {
		if fault.Kind == shape.WrongType {
			span.Decide(RuleRequest, false, wanted, fault.String())
			return wire.Mistyped(s, fault)
		}
		if text := constraint(fault); text != "" {
			constraints = append(constraints, text)
		}
	}
	if len(constraints) == 0 {
		span.Note(RuleRequest, true, wanted, "all there, all types right")
		return nil
	}
	span.Decide(RuleRequest, false, wanted, constraints[0])
	return awserr.New(invalidCode(s), "%d validation %s detected: %s", len(constraints), plural(len(constraints)), strings.Join(constraints, "; "))
}

// constraint is what AWS says of a member that is not as it should be, "" for
// one that it does not know.
func constraint(fault shape.Fault) string {
	switch fault.Kind {
	case shape.Missing:
		path := append(append([]string{}, fault.Path...), fault.Member)
		return fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", memberPath(path))
	case shape.NotAllowed:
		return fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]",
			fault.Found, memberPath(fault.Path), strings.Join(fault.Allowed, ", "))
	}
	return ""
}

// memberPath spells a path as validation errors do: names begin with a small
// letter, and items of lists are counted from 1 and called member.
func memberPath(path []string) string {
	parts := make([]string, len(path))
	for i, part := range path {
		parts[i] = strings.ToLower(part[:min(1, len(part))]) + part[min(1, len(part)):]
		if index, ok := itemNumber(part); ok {
			parts[i] = fmt.Sprintf("%d.member", index+1)
		}
	}
	return strings.Join(parts, ".")
}

func itemNumber(part string) (int, bool) {
	var index int
	_, err := fmt.Sscanf(part, "%d", &index)
	return index, err == nil && fmt.Sprint(index) == part
}

func plural(n int) string {
	if n == 1 {
		return "error"
	}
	return "errors"
}

// invalidCode is the service's name for an input that is not valid.
func invalidCode(s api.Service) string {
	switch {
	case s.InvalidInput != "":
		return s.InvalidInput
	case s.Protocol.Encoding == api.Query:
		return "ValidationError"
	}
	return "ValidationException"
}
