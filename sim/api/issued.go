package api

import (
	"errors"
	"time"
)

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
