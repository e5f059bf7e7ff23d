// Package clients talks to claimcheck serve with the clients that people use:
// the AWS SDK for Go, an OpenID Connect library, curl and the AWS CLI. It is a
// module of its own, so that the program does not depend on any of them, and
// knows nothing of the program but its command line.
package clients

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// program is the environment variable with the path of the program under test.
const program = "CLAIMCHECK_PROGRAM"

// TestMain builds the program once.
func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "claimcheck")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "claimcheck")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	os.Setenv(program, path)
	return m.Run()
}

// served is what the program says on its first line.
type served struct {
	Endpoint, Region, Account string
	Resources                 map[string]struct {
		Type, Ref  string
		Attributes map[string]any
	}
	APIs, Domains, JWKS map[string]string
	IdentityProviders   map[string]string
	Values              map[string]string
	Credentials         struct{ AccessKeyId, SecretAccessKey string }
}

func (s served) ref(t testing.TB, id string) string {
	t.Helper()
	resource, ok := s.Resources[id]
	if !ok {
		t.Fatalf("there is no resource %s", id)
	}
	return resource.Ref
}

func (s served) attribute(t testing.TB, id, name string) string {
	t.Helper()
	text, ok := s.Resources[id].Attributes[name].(string)
	if !ok {
		t.Fatalf("resource %s has no %s", id, name)
	}
	return text
}

// serve runs the program until the test ends, and sees that it ends well.
func serve(t *testing.T, arguments ...string) served {
	t.Helper()
	cmd := exec.Command(os.Getenv(program), append([]string{"serve", "--port", "0", "--json"}, arguments...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the program ends with %v\n%s", err, &stderr)
		}
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var s served
	if err := json.Unmarshal(line, &s); err != nil {
		t.Fatalf("%v\n%s", err, line)
	}
	return s
}

// administrator is the configuration of an SDK as its documentation shows it.
func (s served) administrator(t testing.TB) aws.Config {
	t.Helper()
	return s.as(t, credentials.NewStaticCredentialsProvider(s.Credentials.AccessKeyId, s.Credentials.SecretAccessKey, ""))
}

func (s served) anonymous(t testing.TB) aws.Config {
	t.Helper()
	return s.as(t, aws.AnonymousCredentials{})
}

func (s served) as(t testing.TB, provider aws.CredentialsProvider) aws.Config {
	t.Helper()
	c, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(s.Region), config.WithBaseEndpoint(s.Endpoint), config.WithCredentialsProvider(provider))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// code is the latest code that a user was sent.
func (s served) code(t testing.TB, username string) string {
	t.Helper()
	var letters []struct{ Code string }
	get(t, s.Endpoint+"/_claimcheck/outbox/"+username, &letters)
	if len(letters) == 0 {
		t.Fatalf("%s was sent nothing", username)
	}
	return letters[len(letters)-1].Code
}

// advance moves the account's clock.
func (s served) advance(t testing.TB, by string) {
	t.Helper()
	response, err := http.Post(s.Endpoint+"/_claimcheck/clock", "application/json", strings.NewReader(`{"advance": "`+by+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		t.Fatalf("the clock says %s", response.Status)
	}
}

func get(t testing.TB, address string, into any) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("%s: %s %s", address, response.Status, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
}
