package api

import (
	"errors"
	"time"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// Assume has a service take on a role, as the service principal that calls; the
// input is that of sts:AssumeRole. refused is the answer of STS where the role
// cannot be assumed, nil otherwise; an error means that the simulation cannot run
// the call.
func Assume(doors Doors, span *trace.Span, from trace.Actor, as Caller, input map[string]any) (c Credentials, expires time.Time, refused *awserr.Error, err error) {
	output, err := doors.Call(span, Call{From: from, Service: "sts", Operation: "AssumeRole", Input: input, Caller: as})
	if errors.As(err, &refused) {
		return Credentials{}, time.Time{}, refused, nil
	}
	if err != nil {
		return Credentials{}, time.Time{}, nil, err
	}
	c, expires, err = Issued(output)
	return c, expires, nil, err
}

// Issued reads the Credentials member that the operations of STS answer with,
// and when they expire. An error says which member is missing.
func Issued(output map[string]any) (Credentials, time.Time, error) {
	tree, _ := output["Credentials"].(map[string]any)
	text := func(member string) string { value, _ := tree[member].(string); return value }
	c := Credentials{AccessKeyID: text("AccessKeyId"), SecretAccessKey: text("SecretAccessKey"), SessionToken: text("SessionToken")}
	if c.AccessKeyID == "" || c.SecretAccessKey == "" || c.SessionToken == "" {
		return Credentials{}, time.Time{}, errors.New("the answer of STS has no Credentials with AccessKeyId, SecretAccessKey and SessionToken")
	}
	seconds, ok := tree["Expiration"].(float64)
	if !ok {
		return Credentials{}, time.Time{}, errors.New("the answer of STS has no Expiration")
	}
	return c, time.Unix(int64(seconds), 0).UTC(), nil
}
