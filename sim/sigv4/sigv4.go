// Package sigv4 signs requests with Signature Version 4 and checks such
// signatures by signing again. It owns how a signature travels in a request;
// the algorithm is the AWS SDK's own. It refuses to know whose key it is,
// whether the key is still good and what a service makes of a refusal.
package sigv4

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"claimcheck/sim/api"
)

// What SigV4 writes into requests.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
const (
	algorithm       = "AWS4-HMAC-SHA256"
	terminator      = "aws4_request"
	dateLayout      = "20060102"
	timeLayout      = "20060102T150405Z"
	unsignedPayload = "UNSIGNED-PAYLOAD"
	// streamingPayload begins the names of payloads that are sent in chunks.
	streamingPayload = "STREAMING-"

	authorizationHeader = "authorization"
	dateHeader          = "x-amz-date"
	tokenHeader         = "x-amz-security-token"
	payloadHeader       = "x-amz-content-sha256"
)

// s3 is the one service whose paths are not escaped twice and whose payload
// hash travels in a header.
const s3 = "s3"

// Sign signs a request as of the given time with the AWS SDK's signer. It sets
// the headers authorization and x-amz-date, x-amz-security-token when the
// credentials are temporary, and for S3 x-amz-content-sha256. The host is
// signed as it stands in the URL. An error means that the URL or the method
// cannot be sent at all.
func Sign(request *api.HTTPRequest, c api.Credentials, service, region string, at time.Time) error {
	r, err := httpRequest(*request)
	if err != nil {
		return err
	}
	r.ContentLength = int64(len(request.Body))
	for _, name := range request.Header.Names() {
		for _, value := range request.Header[name] {
			r.Header.Add(name, value)
		}
	}
	payload := payloadHash(*request, service)
	if service == s3 {
		r.Header.Set(payloadHeader, payload)
	}
	if err := signHTTP(r, c, payload, service, region, at); err != nil {
		return err
	}
	if request.Header == nil {
		request.Header = api.Header{}
	}
	for _, name := range []string{authorizationHeader, dateHeader, tokenHeader, payloadHeader} {
		if value := r.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	return nil
}

// Verify signs the claimed headers of a request again with the given secret
// and reports whether the signature comes out the same. An error means that
// the request cannot be read, not that it is refused.
func Verify(request api.HTTPRequest, c Claimed, secret string) (bool, error) {
	r, err := httpRequest(request)
	if err != nil {
		return false, err
	}
	credentials := api.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: secret}
	for _, name := range c.SignedHeaders {
		switch name {
		case "host", dateHeader: // the signer adds both itself
		case "content-length":
			r.ContentLength = int64(len(request.Body))
		case tokenHeader:
			credentials.SessionToken = c.SessionToken
		default:
			for _, value := range request.Header[name] {
				r.Header.Add(name, value)
			}
		}
	}
	if err := signHTTP(r, credentials, payloadHash(request, c.Service), c.Service, c.Region, c.At); err != nil {
		return false, err
	}
	_, again, _ := strings.Cut(r.Header.Get(authorizationHeader), "SignedHeaders=")
	claimed := strings.Join(c.SignedHeaders, ";") + ", Signature=" + c.Signature
	return subtle.ConstantTimeCompare([]byte(again), []byte(claimed)) == 1, nil
}

// signHTTP takes a new signer each time: the SDK's caches the derived key by
// access key id, whatever the secret.
func signHTTP(r *http.Request, c api.Credentials, payload, service, region string, at time.Time) error {
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == s3 })
	credentials := aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}
	if err := signer.SignHTTP(context.Background(), credentials, r, payload, service, region, at); err != nil {
		return fmt.Errorf("sign %s %s: %w", r.Method, r.URL, err)
	}
	return nil
}

// httpRequest is the request without headers and body.
func httpRequest(request api.HTTPRequest) (*http.Request, error) {
	r, err := http.NewRequest(request.Method, request.URL, nil)
	if err != nil {
		return nil, err
	}
	if host := request.Header.Get("host"); host != "" {
		r.Host = host
	}
	if r.URL.Host == "" && r.Host == "" {
		return nil, fmt.Errorf("%q is not an absolute URL", request.URL)
	}
	return r, nil
}

func payloadHash(request api.HTTPRequest, service string) string {
	declared := request.Header.Get(payloadHeader)
	if service == s3 && (declared == unsignedPayload || strings.HasPrefix(declared, streamingPayload)) {
		return declared
	}
	sum := sha256.Sum256([]byte(request.Body))
	return hex.EncodeToString(sum[:])
}
