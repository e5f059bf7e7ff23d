// Package jwt signs, reads and verifies JSON Web Tokens in the compact form,
// and reads and writes key sets (JWKS). It owns the form and the signature. It
// refuses to know what a claim means: who may issue a token, when it expires
// and whom it is for is decided by whoever holds it.
package jwt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// Sign returns the claims as a compact token. The header holds kid, alg and,
// when the key has one, typ; nothing else. Claims are written in sorted order,
// so the same claims and key give the same token.
func Sign(claims map[string]any, key Key) (string, error) {
	private, err := key.rsa()
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("claims cannot be written as JSON: %w", err)
	}
	headers := jws.NewHeaders()
	if err := errors.Join(headers.Set(jws.KeyIDKey, key.ID), setType(headers, key.Type)); err != nil {
		return "", fmt.Errorf("header of key %q: %w", key.ID, err)
	}
	algorithm := jwa.SignatureAlgorithm(key.Algorithm)
	raw, err := jws.Sign(payload, jws.WithKey(algorithm, private, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return "", fmt.Errorf("sign with key %q and algorithm %q: %w", key.ID, key.Algorithm, err)
	}
	return string(raw), nil
}

func setType(headers jws.Headers, typ string) error {
	if typ == "" {
		return nil
	}
	return headers.Set(jws.TypeKey, typ)
}

// Token is a token that has been read, not verified.
type Token struct {
	// Raw is the compact form.
	Raw string
	// KeyID and Algorithm are kid and alg of the header, "" when absent.
	KeyID, Algorithm string
	// Claims are JSON values: numbers are float64, lists []any.
	Claims map[string]any
}

// Parse reads a compact token and verifies nothing. Its error is a short phrase
// that says what about the text is not a JWT, such as "1 part instead of 3".
func Parse(raw string) (Token, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return Token{}, fmt.Errorf("%s instead of 3", countOf(len(parts), "part"))
	}
	var header struct {
		KeyID     string `json:"kid"`
		Algorithm string `json:"alg"`
	}
	if err := decodeObject(parts[0], "header", &header); err != nil {
		return Token{}, err
	}
	token := Token{Raw: raw, KeyID: header.KeyID, Algorithm: header.Algorithm}
	if err := decodeObject(parts[1], "payload", &token.Claims); err != nil {
		return Token{}, err
	}
	if _, err := decodePart(parts[2], "signature"); err != nil {
		return Token{}, err
	}
	return token, nil
}

// decodePart undoes base64url. Go's decoder skips line breaks, a JWT has none.
func decodePart(part, name string) ([]byte, error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil || strings.ContainsAny(part, "\r\n") {
		return nil, fmt.Errorf("the %s is not base64url", name)
	}
	return text, nil
}

func decodeObject(part, name string, into any) error {
	text, err := decodePart(part, name)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) || json.Unmarshal(text, into) != nil {
		return fmt.Errorf("the %s is not a JSON object", name)
	}
	return nil
}

// Text returns a claim that is text, and "" when it is absent or anything else.
func (t Token) Text(claim string) string {
	text, _ := t.Claims[claim].(string)
	return text
}

// Time returns a claim that counts seconds since 1970; ok is false when it is
// absent or not a number.
func (t Token) Time(claim string) (at time.Time, ok bool) {
	seconds, ok := t.Claims[claim].(float64)
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// Texts returns a claim that is a list of texts, or the one text of a claim
// that is text. Items of other kinds are left out.
func (t Token) Texts(claim string) []string {
	if text, ok := t.Claims[claim].(string); ok {
		return []string{text}
	}
	items, _ := t.Claims[claim].([]any)
	var texts []string
	for _, item := range items {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
