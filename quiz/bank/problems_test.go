package bank_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz/bank"
)

// edit is a good file with one thing changed and what the reader says of it.
// Old must stand in the file once; wanted lines lack the file's name.
type edit struct {
	name, old, new string
	want           []string
	// beyond marks what the JSON Schema cannot know: it accepts the file.
	beyond bool
}

func (e edit) apply(t *testing.T, text string) []byte {
	t.Helper()
	if n := strings.Count(text, e.old); n != 1 {
		t.Fatalf("%q stands %d times in the file, want once", e.old, n)
	}
	return []byte(strings.Replace(text, e.old, e.new, 1))
}

func provenEdits() []edit {
	return slices.Concat(keyEdits(), textEdits(), trialEdits(), optionEdits())
}

func checkEdits(t *testing.T, file string, edits []edit) {
	t.Helper()
	files := goodFiles(t)
	stacks := bank.StacksIn(files, nil, "stacks")
	good := string(files[file].Data)
	if _, err := bank.ReadFile(file, []byte(good), stacks); err != nil {
		t.Fatalf("the file without an edit: %v", err)
	}
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			_, err := bank.ReadFile(file, e.apply(t, good), stacks)
			got := report(t, err)
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], file+":")
			}
			if diff := cmp.Diff(e.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemsOfAProvenQuestion(t *testing.T) {
	checkEdits(t, "tokens/expiry.yaml", provenEdits())
}

func keyEdits() []edit {
	return []edit{
		{"misspelt key", "title:", "titel:", []string{
			`1:1: key "title" is missing`, `2:1: unknown key "titel": did you mean "title"?`}, false},
		{"key that is like no other", "rule:", "moral:", []string{
			`1:1: key "rule" is missing`, `38:1: unknown key "moral"`}, false},
		{"key twice", "practice:", "title: Again\npractice:", []string{
			`39:1: key "title" stands twice in one mapping: first on line 2`}, true},
		{"alias", "stack: users", "stack: &users users\nerrata: *users", []string{
			`12:9: alias *users: write the value out, aliases are not supported`, `42:1: key "errata" stands twice in one mapping: first on line 12`}, true},
		{"no stack", "stack: users\n", "", []string{
			`1:1: key "stack" is missing: give the name of a file in stacks, or the template itself`}, false},
		{"list as a stack", "stack: users", "stack: [users]", []string{
			`11:8: the name of a stack or its template was expected, found a list`}, false},
		{"stack outside the folder", "stack: users", "stack: ../users", []string{
			`11:8: a name in kebab-case was expected, such as refresh-token, found "../users"`}, false},
		{"unknown stack", "stack: users", "stack: usres", []string{
			`11:8: there is no stack "usres": looked for stacks/usres.yaml`}, true},
		{"inline stack", "stack: users", "stack: {Ressources: {}}", []string{
			`11:8: key "Resources" is missing`, `11:9: unknown key "Ressources": did you mean "Resources"?`}, false},
		{"list as a client", "client:\n  renew: [{wait: 61m}]", "client: []", []string{
			`12:9: a mapping was expected, found a list`}, false},
		{"unproven with requirements", "stack: users", "stack: users\nunproven: Why", []string{
			`15:1: key "requirements" cannot stand here: no run tests an unproven question; drop the key, or drop "unproven"`,
			`29:5: key "fails" cannot stand here: no run tests an option of an unproven question; drop the key, or drop "unproven"`,
			`33:5: key "stack" cannot stand here: no run tests an option of an unproven question; drop the key, or drop "unproven"`,
			`34:5: key "client" cannot stand here: no run tests an option of an unproven question; drop the key, or drop "unproven"`}, false},
	}
}

func textEdits() []edit {
	return []edit{
		{"number as text", `"2.1"`, "2.1", []string{
			`3:7: text was expected, found the number 2.1: put it in quotes`}, false},
		{"boolean as text", "title: Tokens that expire", "title: true", []string{
			`2:8: text was expected, found the boolean true: put it in quotes`}, false},
		{"tag as text", "title: Tokens", "title: !Ref Tokens", []string{
			`2:8: text was expected, found the tag !Ref: remove it`}, true},
		{"list as text", "title: Tokens that expire", "title: [Tokens]", []string{
			`2:8: text was expected, found a list`}, false},
		{"nothing as text", "title: Tokens that expire", "title:", []string{
			`2:7: text was expected, found nothing`}, false},
		{"empty text", "title: Tokens that expire", `title: " "`, []string{
			`2:8: text was expected, found an empty one`}, false},
		{"control character", "title: Tokens that expire", `title: "\e[31mTokens"`, []string{
			`2:8: the text holds U+001B, which cannot be shown: remove it, or write spaces for tabs`}, true},
		{"tab", "says: Nobody is signed in", `says: "Nobody\tis signed in"`, []string{
			`23:11: the text holds U+0009, which cannot be shown: remove it, or write spaces for tabs`}, true},
		{"title of several lines", "title: Tokens that expire", `title: "Tokens\nthat expire"`, []string{
			`2:8: title has several lines: one was expected, join them`}, false},
		{"long title", "title: Tokens that expire", "title: " + strings.Repeat("é", 61), []string{
			`2:8: title has 61 characters: at most 60 were expected, shorten it`}, false},
		{"long stem", "What keeps them signed in?", strings.Repeat("é", 856), []string{
			`7:7: stem has 901 characters: at most 900 were expected, shorten it`}, false},
		{"id with an underscore", "id: expiry", "id: Token_expiry", []string{
			`1:5: a name in kebab-case was expected, such as refresh-token, found "Token_expiry"`}, false},
		{"task outside the exam guide", `"2.1"`, `"2.4"`, []string{
			`3:7: task "2.4" is not one of 1.1, 1.2, 1.3, 2.1, 2.2, 2.3, 3.1, 3.2, 3.3, 3.4, 4.1, 4.2, 4.3`}, false},
		{"difficulty", "medium", "tricky", []string{
			`5:13: difficulty "tricky" is not one of easy, medium, hard`}, false},
		{"no topic", "[user-pools, refresh-token]", "[]", []string{
			`4:9: topics is empty: at least one element was expected`}, false},
		{"topic twice", "[user-pools, refresh-token]", "[user-pools, user-pools]", []string{
			`4:22: "user-pools" stands twice in topics: drop one`}, false},
		{"topic with a capital", "[user-pools, refresh-token]", "[User pools]", []string{
			`4:10: a name in kebab-case was expected, such as refresh-token, found "User pools"`}, false},
		{"text as topics", "[user-pools, refresh-token]", "user-pools", []string{
			`4:9: a list was expected, found the text "user-pools"`}, false},
		{"reference over http", "[https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html]", "[http://aws.amazon.com]", []string{
			`40:14: an https:// URL was expected, found "http://aws.amazon.com"`}, false},
		{"reference without a host", "[https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html]", "['https:']", []string{
			`40:14: an https:// URL was expected, found "https:"`}, false},
	}
}

func trialEdits() []edit {
	return []edit{
		{"no requirement", "requirements:\n  renews:\n    says: Access is renewed without signing in again\n    flow: [{do: renew}]\n  managed:\n    says: There is no token store of our own\n    flow: [{expect: 1 == 1}]", "requirements: {}", []string{
			`14:15: requirements is empty: at least one entry was expected`}, false},
		{"requirement without a sentence", "    says: There is no token store of our own\n", "", []string{
			`19:5: key "says" is missing`}, false},
		{"requirement in capitals", "  managed:", "  Managed:", []string{
			`18:3: a name in kebab-case was expected, such as refresh-token, found "Managed"`}, false},
		{"flow without steps", "flow: [{do: renew}]", "flow: []", []string{
			`17:11: flow is empty: at least one step was expected`}, false},
		{"step with an unknown key", "flow: [{do: renew}]", "flow: [{do: renew, headers: {}}]", []string{
			`17:24: unknown key "headers": known are do`}, false},
		{"observation named like a requirement", "  nothing-yet:", "  managed:", []string{
			`22:3: "managed" is already a requirement, at tokens/expiry.yaml:18:3: choose another name`}, true},
	}
}

func optionEdits() []edit {
	return []edit{
		{"one option", "  A:\n    text: Store the password on the phone\n    fails:\n      renews: cognito-idp.sign-in.password\n    misconception: password-is-a-session\n    why: A stored password is a stolen password.\n    stack: {Resources: {Users: {Properties: {UserPoolName: renamed}}}}\n    client: {renew: [{wait: 62m}]}\n  B:", "  A:", []string{
			`26:3: at least two options were expected, found 1`}, false},
		{"gap in the letters", "  B:", "  C:", []string{
			`34:3: option "C" stands where "B" was expected: options are lettered A, B, C and so on without gaps`}, false},
		{"option in lower case", "  B:", "  b:", []string{
			`34:3: option "b" stands where "B" was expected: options are lettered A, B, C and so on without gaps`}, false},
		{"options as a list", "options:\n", "options: []\nanswers:\n", []string{
			`25:10: a mapping was expected, found a list`, `26:1: unknown key "answers"`}, false},
		{"text as an option", "  B:\n", "  B: Use the refresh token\n  C:\n", []string{
			`34:6: a mapping was expected, found the text "Use the refresh token"`}, false},
		{"no correct option", "    correct: true\n", "    correct: false\n    misconception: none\n    fails: {managed: a.b}\n", []string{
			`26:3: no option is correct: at least one must say correct: true`}, false},
		{"text as correct", "correct: true", "correct: yes", []string{
			`36:14: true or false was expected, found the text "yes"`}, false},
		{"wrong option without a failure", "    fails:\n      renews: cognito-idp.sign-in.password\n", "", []string{
			`27:5: key "fails" is missing: a wrong option names each requirement that does not hold and the rule that decides it`}, false},
		{"wrong option without a misconception", "    misconception: password-is-a-session\n", "", []string{
			`27:5: key "misconception" is missing: a wrong option names the belief that makes it tempting, in kebab-case`}, false},
		{"empty fails", "fails:\n      renews: cognito-idp.sign-in.password", "fails: {}", []string{
			`28:12: fails is empty: at least one requirement was expected`}, false},
		{"fails an unknown requirement", "renews: cognito", "renew: cognito", []string{
			`29:7: there is no requirement "renew": did you mean "renews"?`}, true},
		{"fails by something that is no rule", "cognito-idp.sign-in.password", "NotAuthorizedException", []string{
			`29:15: a rule id was expected, such as apigateway.cognito.token-use, found "NotAuthorizedException"`}, false},
		{"correct option that fails", "correct: true", "correct: true\n    fails: {managed: a.b}", []string{
			`37:5: key "fails" cannot stand here: a correct option fails nothing; drop the key, or drop "correct"`}, false},
		{"correct option with a misconception", "correct: true", "correct: true\n    misconception: none", []string{
			`37:5: key "misconception" cannot stand here: a correct option rests on none; drop the key, or drop "correct"`}, false},
		{"long option", "text: Use the refresh token", "text: " + strings.Repeat("é", 221), []string{
			`35:11: text has 221 characters: at most 220 were expected, shorten it`}, false},
		{"long explanation", "why: A stored password is a stolen password.", "why: " + strings.Repeat("é", 601), []string{
			`31:10: why has 601 characters: at most 600 were expected, shorten it`}, false},
		{"misspelt key of an option", "    why: A stored", "    wyh: A stored", []string{
			`27:5: key "why" is missing`, `31:5: unknown key "wyh": did you mean "why"?`}, false},
		{"client of an option that is none", "client: {renew: [{wait: 62m}]}", "client: {renew: [{wait: soon}]}", []string{
			`33:29: a time span such as 61m, 2h or 31d was expected, found "soon"`}, true},
		{"nothing as a change", "stack: {Resources: {Users: {Properties: {UserPoolName: renamed}}}}", "stack:", []string{
			`32:11: a mapping was expected, found nothing`}, false},
		{"list as a change", "stack: {Resources: {Users: {Properties: {UserPoolName: renamed}}}}", "stack: [Users]", []string{
			`32:12: a mapping was expected, found a list`}, false},
		{"change that removes nothing", "{Users: {Properties: {UserPoolName: renamed}}}", "{Users: {Properties: {UserPoolNam: null}}}", []string{
			`32:46: null removes nothing: there is no Resources.Users.Properties.UserPoolNam: did you mean "UserPoolName"?`}, true},
	}
}

func TestProblemsOfAnUnprovenQuestion(t *testing.T) {
	checkEdits(t, "tokens/opinion.yaml", unprovenEdits())
}

// moreOptions are the options from C to the given letter, and the key after them.
func moreOptions(last rune) string {
	var b strings.Builder
	for letter := 'C'; letter <= last; letter++ {
		b.WriteString("  " + string(letter) + ": {text: Another, correct: true, why: Why not.}\n")
	}
	return b.String() + "rule:"
}

func unprovenEdits() []edit {
	return []edit{
		{"stack that nothing runs on", "rule:", "stack: users\nrule:", []string{
			`12:1: key "stack" cannot stand here: an unproven question without observations runs nothing; drop the key`}, false},
		{"client that nothing runs", "rule:", "client: {}\nrule:", []string{
			`12:1: key "client" cannot stand here: an unproven question without observations runs nothing; drop the key`}, false},
		{"observation without a stack", "rule:", "observations: {seen: {says: Time passes, flow: [{wait: 1m}]}}\nrule:", []string{
			`1:1: key "stack" is missing: the observations run on it`}, false},
		{"observation on a stack", "rule:", "stack: users\nobservations: {seen: {says: Time passes, flow: [{wait: 1m}]}}\nrule:", nil, false},
		{"reference that is no text", "[https://docs.aws.amazon.com/incident-manager/latest/userguide/what-is-incident-manager.html]", "[7]", []string{
			`13:14: text was expected, found the number 7: put it in quotes`}, false},
		{"ninth option", "rule:", moreOptions('I'), []string{
			`18:3: option "I" is one too many: at most 8 options were expected`}, false},
		{"empty reason", "No run can show whom people call.", `""`, []string{
			`8:11: text was expected, found an empty one`}, false},
	}
}

func TestAFileThatIsNoMappingIsOneProblem(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "q.yaml:1:1: the file is empty: a mapping was expected"},
		{"nothing", "null", "q.yaml:1:1: a mapping was expected, found nothing"},
		{"a list", "- id: q", "q.yaml:1:1: a mapping was expected, found a list"},
		{"no YAML", "id: [", "q.yaml:1:1: not YAML: did not find expected node content"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := bank.ReadFile("q.yaml", []byte(test.text), nil)
			if diff := cmp.Diff([]string{test.want}, report(t, err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
