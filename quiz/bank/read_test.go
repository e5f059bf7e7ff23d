package bank_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz"
	"claimcheck/quiz/bank"
	"claimcheck/sim/source"
)

// goodFiles are testdata/good in memory, to be changed by a test.
func goodFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	good := os.DirFS("testdata/good")
	err := fs.WalkDir(good, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(good, path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// brokenStack is a template with one problem.
func brokenStack() *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("Resources: {Users: {Type: AWS::Cognito::UserPool}}\nRessources: {}\n")}
}

func ids(items []bank.Item) []string {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.Question.ID)
	}
	return ids
}

// report is each problem on a line.
func report(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var problems source.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error is %T, want source.Problems", err)
	}
	return strings.Split(problems.Error(), "\n")
}

func TestAQuestionFileBecomesAQuestion(t *testing.T) {
	items, err := bank.Read(goodFiles(t), bank.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const guide = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	want := quiz.Question{
		ID: "expiry", Bank: "tokens", File: "tokens/expiry.yaml", Title: "Tokens that expire",
		Task: "2.1", Topics: []string{"user-pools", "refresh-token"}, Difficulty: "medium",
		Source: guide + "amazon-cognito-user-pools-using-tokens-with-identity-providers.html",
		Stem:   "An app signs its users in with a user pool.\n\nWhat keeps them signed in?",
		Requirements: []quiz.Requirement{
			{ID: "renews", Says: "Access is renewed without signing in again"},
			{ID: "managed", Says: "There is no token store of our own"},
		},
		Observations: []quiz.Observation{{ID: "nothing-yet", Says: "Nobody is signed in"}},
		Options: []quiz.Option{
			{
				ID: "A", Text: "Store the password on the phone",
				Fails:         map[string]string{"renews": "cognito-idp.sign-in.password"},
				Why:           "A stored password is a stolen password.",
				Misconception: "password-is-a-session",
			},
			{ID: "B", Text: "Use the refresh token", Correct: true, Why: "The refresh token gives new tokens until it expires."},
		},
		Rule:       "The refresh token renews access; the access token gives it.",
		Practice:   "Keep the refresh token in the device's key store.",
		References: []string{guide + "amazon-cognito-user-pools-using-the-refresh-token.html"},
		Errata:     "The source calls the ID token a session.",
	}
	if diff := cmp.Diff(want, items[0].Question); diff != "" {
		t.Errorf("question (-want +got):\n%s", diff)
	}
}

func TestAPlanFollowsTheOrderOfTheFile(t *testing.T) {
	items, err := bank.Read(goodFiles(t), bank.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan := items[0].Plan
	var order []string
	for _, trial := range append(plan.Requirements, plan.Observations...) {
		order = append(order, trial.At.String()+" "+trial.ID)
	}
	for _, option := range plan.Options {
		order = append(order, option.At.String()+" "+option.ID)
	}
	want := []string{
		"tokens/expiry.yaml:15:3 renews", "tokens/expiry.yaml:18:3 managed", "tokens/expiry.yaml:22:3 nothing-yet",
		"tokens/expiry.yaml:26:3 A", "tokens/expiry.yaml:34:3 B",
	}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("trials and options (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"renew"}, plan.Client.Names()); diff != "" {
		t.Errorf("procedures (-want +got):\n%s", diff)
	}
	if plan.Options[0].Stack.IsNull() || !plan.Options[1].Stack.IsNull() {
		t.Error("only option A changes the stack")
	}
	if diff := cmp.Diff([]string{"renew"}, plan.Options[0].Client.Names()); diff != "" {
		t.Errorf("option A's procedures (-want +got):\n%s", diff)
	}
}

func TestAnUnprovenQuestionRunsNothing(t *testing.T) {
	items, err := bank.Read(goodFiles(t), bank.Options{Paths: []string{"tokens/opinion.yaml"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := items[0].Question.Unproven; got != "No run can show whom people call." {
		t.Errorf("Unproven = %q", got)
	}
	if plan := items[0].Plan; len(plan.Requirements)+len(plan.Observations) > 0 {
		t.Errorf("plan has %d requirements and %d observations", len(plan.Requirements), len(plan.Observations))
	}
}

func TestReadFindsQuestionsAndNothingElse(t *testing.T) {
	files := goodFiles(t)
	template := files["stacks/users.yaml"]
	for _, path := range []string{"labs/tour.yaml", "concepts/jwt.yaml", ".github/ci.yaml", "tokens/.draft.yaml", "tokens/notes.txt"} {
		files[path] = &fstest.MapFile{Data: []byte("not a question")}
	}
	files["tokens/own-stack.yaml"] = template
	tests := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"everything", nil, []string{"expiry", "opinion"}},
		{"a bank", []string{"tokens"}, []string{"expiry", "opinion"}},
		{"a file", []string{"tokens/opinion.yaml"}, []string{"opinion"}},
		{"in the order of the paths, each once", []string{"tokens/opinion.yaml", "tokens", "tokens/opinion.yaml"}, []string{"opinion", "expiry"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			items, err := bank.Read(files, bank.Options{Paths: test.paths})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, ids(items)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPathWithoutQuestionsIsAProblem(t *testing.T) {
	files := goodFiles(t)
	files["empty/readme.txt"] = &fstest.MapFile{}
	_, err := bank.Read(files, bank.Options{Paths: []string{"tokens", "empty", "nowhere", "stacks/users.yaml"}})
	want := []string{
		"empty: no question was found: question files end in .yaml",
		"nowhere: cannot be read: file does not exist",
		"stacks/users.yaml: no question was found: question files end in .yaml",
	}
	if diff := cmp.Diff(want, report(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestAStackIsLookedForNearTheQuestionFirst(t *testing.T) {
	// The position of the template's problem tells which one was read.
	broken := brokenStack()
	builtIn := bank.StacksIn(fstest.MapFS{"stacks/users.yaml": broken}, func(path string) string { return "built-in/" + path }, "stacks")
	tests := []struct {
		name  string
		place map[string]*fstest.MapFile
		want  string
	}{
		{"next to the question", map[string]*fstest.MapFile{"tokens/users.yaml": broken, "stacks/users.yaml": broken}, "tokens/users.yaml:"},
		{"then beside its bank", map[string]*fstest.MapFile{"stacks/users.yaml": broken}, "stacks/users.yaml:"},
		{"then where the options say", nil, "built-in/stacks/users.yaml:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := goodFiles(t)
			delete(files, "stacks/users.yaml")
			for path, file := range test.place {
				files[path] = file
			}
			_, err := bank.Read(files, bank.Options{Stacks: builtIn})
			if got := report(t, err); len(got) != 1 || !strings.HasPrefix(got[0], test.want) {
				t.Errorf("problems = %q, want one in %s", got, test.want)
			}
		})
	}
}

func TestAStackUsedByManyQuestionsIsReportedOnce(t *testing.T) {
	files := goodFiles(t)
	files["stacks/users.yaml"] = brokenStack()
	files["tokens/second.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["tokens/expiry.yaml"].Data), "id: expiry", "id: second", 1))}
	_, err := bank.Read(files, bank.Options{})
	if got := report(t, err); len(got) != 1 {
		t.Errorf("problems = %q, want one", got)
	}
}

func TestAStackThatCannotBeReadIsNotCalledMissing(t *testing.T) {
	stacks := func(string) (string, []byte, error) { return "", nil, fs.ErrPermission }
	_, err := bank.ReadFile("tokens/expiry.yaml", goodFiles(t)["tokens/expiry.yaml"].Data, stacks)
	want := []string{`tokens/expiry.yaml:11:8: stack "users" cannot be read: permission denied`}
	if diff := cmp.Diff(want, report(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestProblemsOfAllFilesAreReportedAtOnce(t *testing.T) {
	files := goodFiles(t)
	expiry, opinion := string(files["tokens/expiry.yaml"].Data), string(files["tokens/opinion.yaml"].Data)
	files["tokens/expiry.yaml"] = &fstest.MapFile{Data: []byte(strings.NewReplacer("medium", "tricky", "stack: users", "stack: usres").Replace(expiry))}
	files["tokens/opinion.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(opinion, "correct: true, ", ""))}
	files["pools/expiry.yaml"] = &fstest.MapFile{Data: []byte(expiry)}
	files["pools/forgotten.yml"] = &fstest.MapFile{Data: []byte(opinion)}
	files["pools/broken.yaml"] = &fstest.MapFile{Data: []byte("id: [")}
	_, err := bank.Read(files, bank.Options{})
	want := []string{
		"pools/broken.yaml:1:1: not YAML: did not find expected node content",
		"pools/forgotten.yml: question files end in .yaml: rename it",
		`tokens/expiry.yaml:1:5: id "expiry" is taken, at pools/expiry.yaml:1:5: choose another`,
		`tokens/expiry.yaml:5:13: difficulty "tricky" is not one of easy, medium, hard`,
		`tokens/expiry.yaml:11:8: there is no stack "usres": looked for tokens/usres.yaml, stacks/usres.yaml`,
		"tokens/opinion.yaml:10:3: no option is correct: at least one must say correct: true",
		`tokens/opinion.yaml:11:6: key "misconception" is missing: a wrong option names the belief that makes it tempting, in kebab-case`,
	}
	if diff := cmp.Diff(want, report(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestPositionsAreSpelledAsTheOptionsSay(t *testing.T) {
	files := fstest.MapFS{"home/ana/tokens/broken.yaml": {Data: []byte("id: [")}}
	_, err := bank.Read(files, bank.Options{
		Paths: []string{"home/ana/tokens"},
		Name:  func(path string) string { return "./" + strings.TrimPrefix(path, "home/ana/") },
	})
	want := []string{"./tokens/broken.yaml:1:1: not YAML: did not find expected node content"}
	if diff := cmp.Diff(want, report(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestABankIsAFolderHoweverItIsSpelled(t *testing.T) {
	items, err := bank.Read(goodFiles(t), bank.Options{
		Paths: []string{"tokens/opinion.yaml"},
		Name:  func(string) string { return "opinion.yaml" },
	})
	if err != nil {
		t.Fatal(err)
	}
	if q := items[0].Question; q.Bank != "tokens" || q.File != "opinion.yaml" {
		t.Errorf("bank %q, file %q", q.Bank, q.File)
	}
}

func TestAnOutlineHasEverythingButThePlans(t *testing.T) {
	files := goodFiles(t)
	whole, err := bank.Read(files, bank.Options{})
	if err != nil {
		t.Fatal(err)
	}
	outline, err := bank.Read(files, bank.Options{Outline: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if diff := cmp.Diff(whole[i].Question, outline[i].Question); diff != "" {
			t.Errorf("%s (-whole +outline):\n%s", whole[i].Question.ID, diff)
		}
		if len(outline[i].Plan.Stack.Resources()) > 0 || len(outline[i].Plan.Client.Names()) > 0 {
			t.Errorf("%s has a plan", outline[i].Question.ID)
		}
	}
}
