package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

// accountID is the first account of a simulation, and region that of all.
const (
	accountID = "123456789012"
	region    = "us-east-1"
)

// world is an account as its services see it: who it is, what time it is, and a
// source of identifiers that gives the same ones in every run.
type world struct {
	cloud   *cloud
	account string
}

// Account is the twelve-digit account id.
func (w *world) Account() string { return w.account }

// Region is the Region's code.
func (w *world) Region() string { return region }

// Now is the virtual clock.
func (w *world) Now() time.Time { return w.cloud.now }

// Reserve takes a name that the whole of AWS has once.
func (w *world) Reserve(kind, name string) bool {
	key := [2]string{kind, name}
	if holder, taken := w.cloud.names[key]; taken {
		return holder == w.account
	}
	w.cloud.names[key] = w.account
	return true
}

// Token returns n characters of the alphabet, taken from a counter's digest.
func (w *world) Token(n int, alphabet string) string {
	text := make([]byte, 0, n)
	for len(text) < n {
		for _, b := range w.cloud.digest() {
			if len(text) < n {
				text = append(text, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(text)
}

// UUID returns a version 4 UUID made of a counter's digest.
func (w *world) UUID() string { return uuid(w.cloud.digest()) }

// RequestID is AWS's name for one call, a UUID.
func (w *world) RequestID() string {
	w.cloud.requests++
	return uuid(sha256.Sum256(fmt.Appendf(nil, "request %d", w.cloud.requests)))
}

func uuid(d [sha256.Size]byte) string {
	d[6] = d[6]&0x0f | 0x40
	d[8] = d[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", d[0:4], d[4:6], d[6:8], d[8:10], d[10:16])
}

func (c *cloud) digest() [sha256.Size]byte {
	c.next++
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], c.next)
	return sha256.Sum256(counter[:])
}
