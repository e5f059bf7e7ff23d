package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimcheck/cmd/claimcheck/server"
	"claimcheck/sim/scenario"
)

// program is what claimcheck serve would deploy for the arguments.
func program(t testing.TB, args ...string) scenario.Program {
	t.Helper()
	p, err := servedProgram(args)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// whileServed runs a function while a program is served.
func whileServed(t *testing.T, p scenario.Program, do func(servedReport)) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	err := serve(ctx, p, []int{0}, func(d scenario.Deployment, s *server.Server) error {
		go func() {
			defer stop()
			do(served(d, s))
		}()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestServeTakesStacksQuestionsAndOptions(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "stack.yaml")
	if err := os.WriteFile(file, []byte("Resources: {Users: {Type: AWS::Cognito::UserPool}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		args []string
		has  string
		not  string
	}{
		{[]string{"tasks-api"}, "TasksApi", "Nothing"},
		{[]string{file}, "Users", "TasksApi"},
		{[]string{"photos-to-s3"}, "Photos", "Identities"},
		{[]string{"photos-to-s3", "d"}, "Identities", "Nothing"},
		{[]string{"../../questions/identity-pools/photos-to-s3.yaml", "D"}, "Identities", "Nothing"},
	} {
		stack := program(t, row.args...).Stack
		if stack.Type(row.has) == "" || stack.Type(row.not) != "" {
			t.Errorf("%v: the stack has %v", row.args, stack.Resources())
		}
	}
}

func TestEveryAPIAndDomainHasAnAddress(t *testing.T) {
	whileServed(t, program(t, "secure-notes"), func(r servedReport) {
		response, err := http.Get(r.APIs["NotesApi"] + "/notes")
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != 401 || string(text) != `{"message":"Unauthorized"}` {
			t.Errorf("the API answers %d %s", response.StatusCode, text)
		}
		for _, address := range append([]string{r.Domains["Login"]}, r.JWKS[r.Resources["Users"].Ref.(string)]) {
			if !strings.HasPrefix(address, "http://127.0.0.1:") {
				t.Errorf("an address is %q", address)
			}
		}
	})
}

func TestAnIdentityProviderHasAnAddress(t *testing.T) {
	whileServed(t, program(t, "shop-google"), func(r servedReport) {
		response, err := http.Get(r.Providers["Google"] + "?client_id=x&response_type=code&redirect_uri=http%3A%2F%2Flocalhost")
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		if response.StatusCode != 200 {
			t.Errorf("Google answers %d", response.StatusCode)
		}
	})
}

func TestWhatIsServedIsOneLineOfJSON(t *testing.T) {
	whileServed(t, program(t, "secure-notes"), func(r servedReport) {
		text, err := json.Marshal(r)
		var keys map[string]any
		if err == nil {
			err = json.Unmarshal(text, &keys)
		}
		for _, key := range []string{"endpoint", "region", "account", "resources", "apis", "domains", "jwks", "credentials"} {
			if keys[key] == nil {
				t.Errorf("there is no %s, %v", key, err)
			}
		}
	})
}

// The README's command names an app client by its id.
func TestTheREADMESignsInAtTheAppClientOfTheStack(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	whileServed(t, program(t, "secure-notes"), func(r servedReport) {
		want := "--client-id " + r.Resources["CommandLine"].Ref.(string)
		if !strings.Contains(string(text), want) {
			t.Errorf("the README lacks %q: write it there", want)
		}
		var out strings.Builder
		printServed(&out, r)
		if !strings.Contains(out.String(), want) {
			t.Errorf("the command prints\n%s", &out)
		}
	})
}
