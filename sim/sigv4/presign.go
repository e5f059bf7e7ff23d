package sigv4

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"claimcheck/sim/api"
)

// The parameters of a signature in a query string.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const (
	algorithmParameter  = "X-Amz-Algorithm"
	credentialParameter = "X-Amz-Credential"
	dateParameter       = "X-Amz-Date"
	expiresParameter    = "X-Amz-Expires"
	headersParameter    = "X-Amz-SignedHeaders"
	tokenParameter      = "X-Amz-Security-Token"
	signatureParameter  = "X-Amz-Signature"
)

// Presignature is a signature that travels in the query string of a URL.
type Presignature struct {
	Claimed
	// Life is how long after At the URL is good, from X-Amz-Expires.
	Life time.Duration
}

// IsPresigned reports whether the URL of a request carries a signature, even an
// incomplete one.
func IsPresigned(request api.HTTPRequest) bool {
	u, err := url.Parse(request.URL)
	return err == nil && (u.Query().Has(algorithmParameter) || u.Query().Has(signatureParameter))
}

// Presign returns a URL that lets whoever has it make one request of that
// method within its life, in the name of the credentials. The host is all that
// is signed beside the URL; the body may be anything.
func Presign(method, address string, c api.Credentials, service, region string, at time.Time, life time.Duration) (string, error) {
	r, err := httpRequest(api.HTTPRequest{Method: method, URL: address})
	if err != nil {
		return "", err
	}
	query := r.URL.Query()
	query.Set(expiresParameter, strconv.Itoa(int(life/time.Second)))
	r.URL.RawQuery = query.Encode()
	return presign(r, c, service, region, at)
}

// presign takes a new signer each time, like signHTTP.
func presign(r *http.Request, c api.Credentials, service, region string, at time.Time) (string, error) {
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == s3 })
	credentials := aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}
	signed, _, err := signer.PresignHTTP(context.Background(), credentials, r, unsignedPayload, service, region, at)
	if err != nil {
		return "", fmt.Errorf("presign %s %s: %w", r.Method, r.URL, err)
	}
	return signed, nil
}

// ParsePresigned reads the signature in the query string. Its error is an
// IncompleteError with the wording of code AuthorizationQueryParametersError,
// but for a URL that cannot be read at all.
func ParsePresigned(request api.HTTPRequest) (Presignature, error) {
	u, err := url.Parse(request.URL)
	if err != nil {
		return Presignature{}, err
	}
	query := u.Query()
	for _, name := range []string{algorithmParameter, credentialParameter, signatureParameter, dateParameter, headersParameter, expiresParameter} {
		if query.Get(name) == "" {
			return Presignature{}, incomplete("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
		}
	}
	c, err := scope(query.Get(credentialParameter))
	if err != nil {
		return Presignature{}, err
	}
	if c.At, err = time.Parse(timeLayout, query.Get(dateParameter)); err != nil {
		return Presignature{}, incomplete("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
	}
	seconds, err := strconv.Atoi(query.Get(expiresParameter))
	switch {
	case err != nil:
		return Presignature{}, incomplete("X-Amz-Expires should be a number")
	case seconds < 0:
		return Presignature{}, incomplete("X-Amz-Expires must be non-negative")
	case seconds > 604800:
		return Presignature{}, incomplete("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	c.SessionToken = query.Get(tokenParameter)
	c.Signature = query.Get(signatureParameter)
	c.SignedHeaders = strings.Split(strings.ToLower(query.Get(headersParameter)), ";")
	return Presignature{Claimed: c, Life: time.Duration(seconds) * time.Second}, nil
}

// VerifyPresigned signs the URL again with the given secret and reports whether
// the signature comes out the same. An error means that the request cannot be
// read, not that it is refused.
func VerifyPresigned(request api.HTTPRequest, p Presignature, secret string) (bool, error) {
	r, err := httpRequest(request)
	if err != nil {
		return false, err
	}
	query := r.URL.Query()
	for _, name := range []string{algorithmParameter, credentialParameter, signatureParameter, dateParameter, headersParameter, tokenParameter} {
		query.Del(name)
	}
	r.URL.RawQuery = query.Encode()
	for _, name := range p.SignedHeaders {
		if name == "host" {
			continue
		}
		for _, value := range request.Header[name] {
			r.Header.Add(name, value)
		}
	}
	credentials := api.Credentials{AccessKeyID: p.AccessKeyID, SecretAccessKey: secret, SessionToken: p.SessionToken}
	signed, err := presign(r, credentials, p.Service, p.Region, p.At)
	if err != nil {
		return false, err
	}
	again, err := url.Parse(signed)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare([]byte(again.Query().Get(signatureParameter)), []byte(p.Signature)) == 1, nil
}
