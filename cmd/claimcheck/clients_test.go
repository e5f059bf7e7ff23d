package main

import (
	"os/exec"
	"testing"
)

// TestRealClients runs the tests of clients, a module of its own: the AWS SDK,
// an OpenID Connect library, curl and the AWS CLI against claimcheck serve. They
// are skipped where those modules cannot be had.
func TestRealClients(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the AWS SDK")
	}
	t.Parallel()
	download := exec.Command("go", "mod", "download")
	download.Dir = "clients"
	if out, err := download.CombinedOutput(); err != nil {
		t.Skipf("go mod download: %v\n%s", err, out)
	}
	test := exec.Command("go", "test", "-count=1", "./...")
	test.Dir = "clients"
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
