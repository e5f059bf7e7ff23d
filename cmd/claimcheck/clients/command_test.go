package clients

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// run runs a command and returns what it prints.
func run(t testing.TB, environment []string, name string, arguments ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no %s on this machine", name)
	}
	cmd := exec.Command(path, arguments...)
	cmd.Env = append(os.Environ(), environment...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

func read(t testing.TB, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// A user who was invited signs in on the pages of the login domain, choosing a
// password on the way, and the code that the browser brings back is exchanged
// and used as the walkthrough of "Secure Notes" has it.
func TestTheCommandsOfTheSecureNotesWalkthrough(t *testing.T) {
	s := serve(t, "secure-notes")
	client, secret := s.ref(t, "NotesApp"), s.attribute(t, "NotesApp", "ClientSecret")
	code := s.signInAsInvited(t, client)
	var tokens struct {
		ID      string `json:"id_token"`
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Expires int    `json:"expires_in"`
		Type    string `json:"token_type"`
	}
	read(t, run(t, nil, "curl", "-sS", "-X", "POST", s.Domains["Login"]+"/oauth2/token",
		"-H", "Content-Type: application/x-www-form-urlencoded",
		"-d", "grant_type=authorization_code&code="+code+"&client_id="+client+"&client_secret="+secret+"&redirect_uri="+callback), &tokens)
	if tokens.ID == "" || tokens.Access == "" || tokens.Refresh == "" || tokens.Expires != 3600 || tokens.Type != "Bearer" {
		t.Fatalf("tokens: %+v", tokens)
	}
	notes := s.APIs["NotesApi"] + "/notes"
	const note = `{"title": "My first note", "content": "Hello world"}`

	if got := run(t, nil, "curl", "-sS", "-X", "POST", notes, "-H", "Content-Type: application/json", "-d", note); got != `{"message":"Unauthorized"}` {
		t.Errorf("test one, no token: %s", got)
	}
	var created struct{ UserId, NoteId, Title, Content, CreatedAt string }
	read(t, run(t, nil, "curl", "-sS", "-X", "POST", notes, "-H", "Authorization: "+tokens.ID, "-d", note), &created)
	if created.UserId == "" || created.NoteId == "" || created.Title != "My first note" || created.Content != "Hello world" || created.CreatedAt == "" {
		t.Errorf("test two, a note: %+v", created)
	}
	var list struct {
		Notes []struct{ NoteId string }
		Count int
	}
	read(t, run(t, nil, "curl", "-sS", notes, "-H", "Authorization: "+tokens.ID), &list)
	if list.Count != 1 || list.Notes[0].NoteId != created.NoteId {
		t.Errorf("test three, the list: %+v", list)
	}
	if got := run(t, nil, "curl", "-sS", notes, "-H", "Authorization: invalid.token.here"); got != `{"message":"Unauthorized"}` {
		t.Errorf("test four, an invalid token: %s", got)
	}
}

// signInAsInvited returns the code that the browser brings back.
func (s served) signInAsInvited(t testing.TB, client string) string {
	t.Helper()
	b := browser(t)
	login := s.Domains["Login"] + "/login?" + url.Values{
		"client_id": {client}, "response_type": {"code"}, "scope": {"email openid profile"}, "redirect_uri": {callback},
	}.Encode()
	_, page := visit(t, b, login, url.Values{"username": {"ana@example.com"}, "password": {s.code(t, "ana@example.com")}})
	back, page := formOf(t, page, "Continue", map[string]string{"NEW_PASSWORD": "Correct-Horse-8"}).submit(t, b, login)
	if back == nil {
		t.Fatalf("the new password leads to the page %s", page)
	}
	return back.Query().Get("code")
}

func TestTheAWSCommandLineCopiesObjects(t *testing.T) {
	s := serve(t, template)
	environment := []string{
		"AWS_ENDPOINT_URL=" + s.Endpoint, "AWS_REGION=" + s.Region, "AWS_DEFAULT_REGION=" + s.Region,
		"AWS_ACCESS_KEY_ID=" + s.Credentials.AccessKeyId, "AWS_SECRET_ACCESS_KEY=" + s.Credentials.SecretAccessKey,
	}
	folder := t.TempDir()
	if err := os.WriteFile(folder+"/a b.txt", []byte("a photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, environment, "aws", "s3", "cp", folder+"/a b.txt", "s3://client-photos/ana/")
	if got := run(t, environment, "aws", "s3", "ls", "s3://client-photos/ana/"); !strings.HasSuffix(got, " 7 a b.txt\n") {
		t.Errorf("the list is %q", got)
	}
	run(t, environment, "aws", "s3", "cp", "s3://client-photos/ana/a b.txt", folder+"/back.txt")
	if got, err := os.ReadFile(folder + "/back.txt"); err != nil || string(got) != "a photo" {
		t.Errorf("back comes %q, %v", got, err)
	}
}

// curl signs by itself: the signature is checked over what it sent, and the API
// sees AWS's name for its host.
func TestARequestThatCurlSigns(t *testing.T) {
	s := serve(t, template)
	address := s.APIs["Signed"] + "/anything?a=1&z=2"
	signed := func(secret string) string {
		return run(t, nil, "curl", "-sS", "--aws-sigv4", "aws:amz:"+s.Region+":execute-api", "--user", s.Credentials.AccessKeyId+":"+secret, address)
	}
	want := "arn:aws:iam::" + s.Account + ":user/Administrator " + s.ref(t, "Signed") + ".execute-api." + s.Region + ".amazonaws.com"
	if got := signed(s.Credentials.SecretAccessKey); got != want {
		t.Errorf("signed: %s", got)
	}
	if got := signed("wrong"); !strings.Contains(got, "The request signature we calculated does not match") {
		t.Errorf("forged: %s", got)
	}
	if got := run(t, nil, "curl", "-sS", address); got != `{"message":"Missing Authentication Token"}` {
		t.Errorf("not signed: %s", got)
	}
}

// The commands of the README.
func TestTheAWSCommandLineSignsIn(t *testing.T) {
	s := serve(t, "secure-notes")
	environment := []string{
		"AWS_ENDPOINT_URL=" + s.Endpoint, "AWS_REGION=" + s.Region, "AWS_DEFAULT_REGION=" + s.Region, "AWS_PAGER=",
		"AWS_ACCESS_KEY_ID=" + s.Credentials.AccessKeyId, "AWS_SECRET_ACCESS_KEY=" + s.Credentials.SecretAccessKey,
	}
	var who struct{ Account, Arn string }
	read(t, run(t, environment, "aws", "sts", "get-caller-identity", "--output", "json"), &who)
	if who.Account != s.Account || !strings.HasSuffix(who.Arn, ":user/Administrator") {
		t.Errorf("get-caller-identity: %+v", who)
	}
	var in struct {
		AuthenticationResult struct{ IdToken string }
	}
	read(t, run(t, environment, "aws", "cognito-idp", "initiate-auth", "--auth-flow", "USER_PASSWORD_AUTH", "--client-id", s.ref(t, "CommandLine"),
		"--auth-parameters", "USERNAME=bob@example.com,PASSWORD="+s.Values["password"], "--output", "json"), &in)
	if strings.Count(in.AuthenticationResult.IdToken, ".") != 2 {
		t.Errorf("initiate-auth: %+v", in)
	}
}
