package nodejs

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
)

// random makes everything that Node.js would take from the system's entropy.
// It is drawn from the seed of the invocation and not from the account, so that
// code which is stopped after an unknown number of draws disturbs nobody else.
type random struct {
	source *rand.ChaCha8
}

func newRandom(seed string) *random {
	return &random{source: rand.NewChaCha8(sha256.Sum256([]byte(seed)))}
}

// bytes returns n bytes in hexadecimal.
func (r *random) bytes(n int) string {
	b := make([]byte, n)
	// ChaCha8 never returns an error.
	_, _ = r.source.Read(b)
	return hex.EncodeToString(b)
}
