package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"claimcheck/sim/api"
)

// Claimed is what a request says of its own signature. Nothing of it is
// checked yet but its form.
type Claimed struct {
	AccessKeyID string
	// Date, Region and Service are the credential scope; Date is YYYYMMDD.
	Date, Region, Service string
	// SessionToken is the header x-amz-security-token, "" for long-term keys.
	SessionToken string
	// Signature is hexadecimal.
	Signature string
	// SignedHeaders are lower-case names in the order they were signed.
	SignedHeaders []string
	// At is the time the request was signed, from x-amz-date.
	At time.Time
}

// MissingError says that a request carries no Authorization header at all.
type MissingError struct{}

func (MissingError) Error() string { return "the request has no Authorization header" }

// IncompleteError says that the Authorization header is not a SigV4 one.
type IncompleteError struct {
	// Message is AWS's wording, that of code IncompleteSignature.
	Message string
}

func (e IncompleteError) Error() string { return e.Message }

// Parse reads the Authorization header. Its errors are a MissingError, an
// IncompleteError, or a plain error when the request is signed in its query
// string, which the simulation does not know.
func Parse(request api.HTTPRequest) (Claimed, error) {
	if !request.Header.Has(authorizationHeader) {
		if u, err := url.Parse(request.URL); err == nil && u.Query().Has("X-Amz-Algorithm") {
			return Claimed{}, errors.New("presigned URLs are not simulated")
		}
		return Claimed{}, MissingError{}
	}
	header := request.Header.Get(authorizationHeader)
	fields, err := parameters(header)
	if err != nil {
		return Claimed{}, err
	}
	date := request.Header.Get(dateHeader)
	if err := complete(header, fields, date != "" || request.Header.Has("date")); err != nil {
		return Claimed{}, err
	}
	c, err := scope(fields["Credential"])
	if err != nil {
		return Claimed{}, err
	}
	if c.At, err = time.Parse(timeLayout, date); err != nil {
		return Claimed{}, incomplete("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", date)
	}
	c.SessionToken = request.Header.Get(tokenHeader)
	c.Signature = fields["Signature"]
	c.SignedHeaders = strings.Split(strings.ToLower(fields["SignedHeaders"]), ";")
	return c, nil
}

// parameters splits "ALGORITHM Name=value, Name=value". A header of one word,
// such as a bare JWT, is read as one parameter.
// Source: https://github.com/serverless/serverless/issues/3205 (observed)
func parameters(header string) (map[string]string, error) {
	name, list, found := strings.Cut(strings.TrimSpace(header), " ")
	if !found {
		list = name
	}
	fields := map[string]string{}
	for _, pair := range strings.Split(list, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !ok {
			return nil, incomplete("Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '%s'.", fingerprint(header))
		}
		fields[key] = value
	}
	if name != algorithm {
		return map[string]string{}, nil
	}
	return fields, nil
}

func complete(header string, fields map[string]string, dated bool) error {
	var lacks []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			lacks = append(lacks, fmt.Sprintf("Authorization header requires '%s' parameter.", name))
		}
	}
	if !dated {
		lacks = append(lacks, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if len(lacks) == 0 {
		return nil
	}
	return incomplete("%s (Hashed with SHA-256 and encoded with Base64) Authorization=%s", strings.Join(lacks, " "), fingerprint(header))
}

// scope reads KEY/YYYYMMDD/REGION/SERVICE/aws4_request.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
func scope(credential string) (Claimed, error) {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 {
		return Claimed{}, incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'", credential)
	}
	if parts[4] != terminator {
		return Claimed{}, incomplete("Credential should be scoped with a valid terminator: '%s', not '%s'.", terminator, parts[4])
	}
	return Claimed{AccessKeyID: parts[0], Date: parts[1], Region: parts[2], Service: parts[3]}, nil
}

// DateOf is the form that a time has in a credential scope.
func DateOf(at time.Time) string { return at.UTC().Format(dateLayout) }

func incomplete(format string, args ...any) error {
	return IncompleteError{Message: fmt.Sprintf(format, args...)}
}

func fingerprint(header string) string {
	sum := sha256.Sum256([]byte(header))
	return base64.StdEncoding.EncodeToString(sum[:])
}
