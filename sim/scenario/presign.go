package scenario

import (
	"fmt"
	"time"

	"claimcheck/sim/sigv4"
)

// presign signs a URL of S3 now, in its query string, so that whoever has the
// URL can make one kind of request for so many seconds.
func (r *run) presign(method, url string, credentials map[string]any, seconds int) (string, error) {
	c, ok := credentialsOf(credentials)
	if !ok {
		return "", fmt.Errorf("presign wants credentials with AccessKeyId and SecretAccessKey (or SecretKey), found %s", show(credentials))
	}
	life := time.Duration(seconds) * time.Second
	return sigv4.Presign(method, url, c, signingService(url), r.account.Region(), r.account.Now(), life)
}
