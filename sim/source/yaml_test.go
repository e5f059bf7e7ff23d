package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/source"
)

func parse(t *testing.T, text string) source.Node {
	t.Helper()
	n, err := source.Parse("f.yaml", []byte(text))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return n
}

// values returns the values of a mapping, in order.
func values(t *testing.T, n source.Node) []source.Node {
	t.Helper()
	var problems source.Problems
	var nodes []source.Node
	for _, e := range n.Entries(&problems) {
		nodes = append(nodes, e.Value)
	}
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return nodes
}

func TestEveryProblemOfAFileIsReportedWithItsPosition(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"empty":              {"", "f.yaml:1:1: the file is empty: a mapping was expected"},
		"only a comment":     {"# nothing\n", "f.yaml:1:1: the file is empty: a mapping was expected"},
		"syntax":             {"a: 1\nb: [1\n", "f.yaml:2:1: not YAML: did not find expected ',' or ']'"},
		"syntax in line one": {"- a\nb: 1\n", "f.yaml:2:1: not YAML: did not find expected '-' indicator"},
		"indentation":        {"a:\n  b: 1\n c: 2\n", "f.yaml:3:1: not YAML: did not find expected key"},
		"colon in plain":     {"x: 1\ny: a: b\n", "f.yaml:2:1: not YAML: mapping values are not allowed in this context"},
		"tab":                {"a:\n\tb: 1\n", "f.yaml:2:1: not YAML: found character that cannot start any token"},
		"not UTF-8":          {"a: \xff\n", "f.yaml:1:1: not YAML: invalid leading UTF-8 octet"},
		"second document":    {"a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document begins here: one document in a file was expected"},
		"broken second one":  {"a: 1\n---\nb: [\n", "f.yaml:3:1: not YAML: did not find expected node content"},
		"duplicate key":      {"a: 1\nb: 2\na: 3\n", `f.yaml:3:1: key "a" stands twice in one mapping: first on line 1`},
		"key that is a list": {"? [a]\n: 1\n", "f.yaml:1:3: a key must be text, found a list"},
		"alias":              {"a: &x 1\nb: *x\n", "f.yaml:2:4: alias *x: write the value out, aliases are not supported"},
		"two at once": {"a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml:2:1: key \"a\" stands twice in one mapping: first on line 1\n" +
			"f.yaml:3:11: key \"c\" stands twice in one mapping: first on line 3"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := source.Parse("f.yaml", []byte(tc.text))
			if err == nil {
				t.Fatal("no problem was reported")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTreeReinterpretsNoText(t *testing.T) {
	for text, want := range map[string]any{
		"2012-10-17":   "2012-10-17",
		"0123":         "0123",
		"012345678901": "012345678901",
		"123456789012": 123456789012.0,
		"1.50":         "1.50",
		"1.5":          1.5,
		"-3":           -3.0,
		"+3":           "+3",
		"0x10":         "0x10",
		"1_000":        "1_000",
		"1e3":          "1e3",
		".inf":         ".inf",
		".nan":         ".nan",
		`"5"`:          "5",
		"!!str 5":      "5",
		"yes":          "yes",
		"true":         true,
		"True":         true,
		"FALSE":        false,
		`"true"`:       "true",
		"null":         nil,
		"~":            nil,
		"":             nil,
		"[a, 1]":       []any{"a", 1.0},
		"{b: {c: []}}": map[string]any{"b": map[string]any{"c": []any{}}},
		"!Sub x":       "x",
	} {
		t.Run(text, func(t *testing.T) {
			got := parse(t, "v: "+text).Tree()
			if diff := cmp.Diff(map[string]any{"v": want}, got); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFieldsReportUnknownAndMissingKeys(t *testing.T) {
	n := parse(t, "title: x\nstemm: y\n")
	var problems source.Problems
	fields := n.Fields(&problems, []string{"id", "title"}, []string{"stem"})
	want := "f.yaml:1:1: key \"id\" is missing\nf.yaml:2:1: unknown key \"stemm\": did you mean \"stem\"?"
	if diff := cmp.Diff(want, problems.Err().Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if len(fields) != 1 || fields["title"].Tree() != "x" {
		t.Errorf("fields are %v, want only title", fields)
	}
}

func TestReadersReportTheWrongShape(t *testing.T) {
	n := parse(t, "a: [1]\n")
	list := values(t, n)[0]
	for name, tc := range map[string]struct {
		read func(*source.Problems)
		want string
	}{
		"text of a list":      {func(p *source.Problems) { list.Text(p) }, "f.yaml:1:4: text was expected, found a list"},
		"entries of a list":   {func(p *source.Problems) { list.Entries(p) }, "f.yaml:1:4: a mapping was expected, found a list"},
		"fields of a list":    {func(p *source.Problems) { list.Fields(p, []string{"x"}, nil) }, "f.yaml:1:4: a mapping was expected, found a list"},
		"items of a mapping":  {func(p *source.Problems) { n.Items(p) }, "f.yaml:1:1: a list was expected, found a mapping"},
		"boolean of a list":   {func(p *source.Problems) { list.Bool(p) }, "f.yaml:1:4: true or false was expected, found a list"},
		"text of the absent":  {func(p *source.Problems) { source.Node{File: "g"}.Text(p) }, "g: text was expected, found nothing"},
		"items of the absent": {func(p *source.Problems) { source.Node{File: "g"}.Items(p) }, "g: a list was expected, found nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			var problems source.Problems
			tc.read(&problems)
			if diff := cmp.Diff(tc.want, problems.Err().Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBoolTakesEverySpellingOfYAML(t *testing.T) {
	for text, want := range map[string]bool{"true": true, "True": true, "TRUE": true, "false": false, "False": false} {
		var problems source.Problems
		if got := values(t, parse(t, "v: "+text))[0].Bool(&problems); got != want || len(problems) > 0 {
			t.Errorf("%s is read as %v with %v", text, got, problems)
		}
	}
}

func TestShapeNamesWhatAValueIs(t *testing.T) {
	for text, want := range map[string]string{
		"{a: 1}": "a mapping", "[]": "a list", "5": "the number 5", "true": "the boolean true", "~": "nothing", "abc": `the text "abc"`,
		strings.Repeat("x", 60): `the text "` + strings.Repeat("x", 39) + `…"`,
	} {
		if got := values(t, parse(t, "v: "+text))[0].Shape(); got != want {
			t.Errorf("the shape of %s is %q, want %q", text, got, want)
		}
	}
	if got := (source.Node{}).Shape(); got != "nothing" {
		t.Errorf("the shape of an absent value is %q", got)
	}
}

func TestWithKeepsThePositionsOfEntriesFromAnotherFile(t *testing.T) {
	base := parse(t, "a:\n  b: 1\n  c: 2\n")
	other, err := source.Parse("g.yaml", []byte("\n\nx:\n  y: [z]\n"))
	if err != nil {
		t.Fatal(err)
	}
	var problems source.Problems
	inner := base.Entries(&problems)[0].Value
	inner = inner.With(append(inner.Entries(&problems)[1:], other.Entries(&problems)...))
	entries := base.Entries(&problems)
	entries[0].Value = inner
	merged := base.With(entries)

	if diff := cmp.Diff(map[string]any{"a": map[string]any{"c": 2.0, "x": map[string]any{"y": []any{"z"}}}}, merged.Tree()); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
	got := map[string]string{}
	walk(merged, "", got)
	want := map[string]string{
		"": "f.yaml:1:1", "/a": "f.yaml:1:1 f.yaml:2:3", "/a/c": "f.yaml:3:3 f.yaml:3:6",
		"/a/x": "g.yaml:3:1 g.yaml:4:3", "/a/x/y": "g.yaml:4:3 g.yaml:4:6", "/a/x/y/0": "g.yaml:4:7",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if got := base.Tree(); !cmp.Equal(got, map[string]any{"a": map[string]any{"b": 1.0, "c": 2.0}}) {
		t.Errorf("the base changed: %v", got)
	}
}

// walk notes the positions of every key and value by path.
func walk(n source.Node, path string, positions map[string]string) {
	positions[path] = strings.TrimSpace(positions[path] + " " + n.At().String())
	var ignored source.Problems
	for _, e := range n.Entries(&ignored) {
		positions[path+"/"+e.Key] = e.KeyAt.String()
		walk(e.Value, path+"/"+e.Key, positions)
	}
	for i, item := range n.Items(&ignored) {
		walk(item, path+"/"+string(rune('0'+i)), positions)
	}
}

func TestSuggestNamesTheClosestWord(t *testing.T) {
	for _, tc := range []struct {
		word  string
		known []string
		want  string
	}{
		{"ProviderArns", []string{"Name", "ProviderARNs"}, `: did you mean "ProviderARNs"?`},
		{"stemm", []string{"stem", "steam"}, `: did you mean "stem"?`},
		{"unlike", []string{"stem", "title"}, ": known are stem, title"},
		{"unlike", nil, ""},
		{"unlike", strings.Split("aaaaaaa bbbbbbb ccccccc ddddddd eeeeeee fffffff ggggggg hhhhhhh iiiiiii jjjjjjj kkkkkkk lllllll mmmmmmm", " "), ""},
	} {
		if got := source.Suggest(tc.word, tc.known); got != tc.want {
			t.Errorf("Suggest(%q) is %q, want %q", tc.word, got, tc.want)
		}
	}
}

func TestProblemsComeInFileOrder(t *testing.T) {
	var problems source.Problems
	problems.Add(source.Position{File: "b", Line: 1, Column: 1}, "four")
	problems.Add(source.Position{File: "a", Line: 10, Column: 2}, "three")
	problems.Add(source.Position{File: "a", Line: 9, Column: 9}, "one")
	problems.Add(source.Position{File: "a", Line: 10, Column: 1}, "two")
	want := "a:9:9: one\na:10:1: two\na:10:2: three\nb:1:1: four"
	if diff := cmp.Diff(want, problems.Err().Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if err := (source.Problems{}).Err(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
}

func TestCollectKeepsTheProblemsInsideAnError(t *testing.T) {
	var problems source.Problems
	at := source.Position{File: "f", Line: 1, Column: 1}
	problems.Collect(at, nil)
	problems.Collect(at, source.Problems{{At: source.Position{File: "g", Line: 2, Column: 3}, Message: "inner"}})
	problems.Collect(at, strings.NewReader("").UnreadByte())
	want := "f:1:1: strings.Reader.UnreadByte: at beginning of string\ng:2:3: inner"
	if diff := cmp.Diff(want, problems.Err().Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a: 1", "a: [1, {b: !Ref c}]", "? [x]\n: y", "&a x: *a", "--- |\n text\n...\n---\n", "!!binary x", "<<: {a: 1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := source.Parse("f.yaml", text)
		if err != nil {
			return
		}
		n.Tree()
		walk(n, "", map[string]string{})
		var problems source.Problems
		n.Fields(&problems, []string{"a"}, nil)
	})
}
