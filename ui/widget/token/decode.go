// Package token finds tokens in messages and shows them claim by claim, with who
// wrote each and its times in a person's words. It decodes and never verifies:
// whether a token is good is the business of the checks.
package token

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"claimcheck/sim/trace"
)

// Token is a token found in a message or issued in the trace.
type Token struct {
	// Name is the response member that carried it, "" when nothing in the
	// trace issued it.
	Name string
	Raw  string
	// Header and Claims are nil for a token that only its issuer can read.
	Header, Claims []trace.Claim
}

// Find returns the tokens that a text carries, in order and each once: those of
// the known ones that occur in it, and whatever else has the form of a JWT.
func Find(text string, known []trace.Token) []Token {
	var found []Token
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(text, separates) {
		if seen[word] {
			continue
		}
		if t, ok := recognise(word, known); ok {
			seen[word] = true
			found = append(found, t)
		}
	}
	return found
}

// separates splits JSON and header text into words; the characters of a compact
// token and of URLs are kept.
func separates(r rune) bool { return strings.ContainsRune(" \t\r\n\"'\\,;&=<>()[]{}", r) }

func recognise(word string, known []trace.Token) (Token, bool) {
	for _, k := range known {
		if k.Raw == word {
			return Of(k), true
		}
	}
	header, claims, err := decode(word)
	if err != nil {
		return Token{}, false
	}
	return Token{Raw: word, Header: header, Claims: claims}, true
}

// Of is a token as its issuer recorded it.
func Of(k trace.Token) Token {
	t := Token{Name: k.Name, Raw: k.Raw, Claims: k.Claims}
	header, claims, err := decode(k.Raw)
	if err != nil {
		return t
	}
	t.Header = header
	if len(t.Claims) == 0 {
		t.Claims = claims
	}
	return t
}

// Issued collects the tokens issued in a trace up to and including event n.
func Issued(events []trace.Event) []trace.Token {
	var tokens []trace.Token
	for _, e := range events {
		if e.Token != nil {
			tokens = append(tokens, *e.Token)
		}
	}
	return tokens
}

// Shorten replaces every known token and JWT in a text by a stub that names it,
// such as "eyJraWQi…‹IdToken›".
func Shorten(text string, known []trace.Token) string {
	for _, t := range Find(text, known) {
		if len(t.Raw) < 24 {
			continue
		}
		name := t.Name
		if name == "" {
			name = "a JWT"
		}
		text = strings.ReplaceAll(text, t.Raw, t.Raw[:8]+"… ("+name+")")
	}
	return text
}

// decode takes a compact JWT apart without looking at its signature.
func decode(raw string) (header, claims []trace.Claim, err error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 || len(parts[0]) < 4 {
		return nil, nil, fmt.Errorf("found %d parts, a JWT has 3", len(parts))
	}
	if header, err = members(parts[0]); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if claims, err = members(parts[1]); err != nil {
		return nil, nil, fmt.Errorf("claims: %w", err)
	}
	return header, claims, nil
}

// members reads a base64url part as a JSON object, in the order it is written.
func members(part string) ([]trace.Claim, error) {
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("no JSON object")
	}
	var list []trace.Claim
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		list = append(list, trace.Claim{Name: fmt.Sprint(name), Value: string(value)})
	}
	return list, nil
}
