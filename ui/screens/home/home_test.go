package home

import "testing"

func TestBankTitlesReadLikeTitles(t *testing.T) {
	for folder, want := range map[string]string{
		"api-authorizers": "API authorizers", "identity-pools": "Identity pools", "s3-and-iam": "S3 and IAM", "": "",
	} {
		if got := bankTitle(folder); got != want {
			t.Errorf("bankTitle(%q) = %q, want %q", folder, got, want)
		}
	}
}
