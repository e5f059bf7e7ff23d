package bank_test

import (
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"claimcheck/quiz/bank"
	"claimcheck/sim/source"
)

// builtIn is the folder of the built-in questions.
const builtIn = "../../questions"

// schema is the JSON Schema that editors check question files with.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(builtIn + "/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	const name = "urn:claimcheck:question"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// tree is a file as a schema sees it: without tags, the last of two equal keys.
func tree(text []byte) any {
	root, _ := source.Parse("question.yaml", text)
	return root.Tree()
}

func TestSchemaAndReaderAgree(t *testing.T) {
	schema, files := schema(t), goodFiles(t)
	tests := map[string][]edit{"tokens/expiry.yaml": provenEdits(), "tokens/opinion.yaml": unprovenEdits()}
	for file, edits := range tests {
		good := string(files[file].Data)
		if err := schema.Validate(tree([]byte(good))); err != nil {
			t.Errorf("%s: the schema refuses a good file: %v", file, err)
		}
		for _, e := range edits {
			t.Run(e.name, func(t *testing.T) {
				err := schema.Validate(tree(e.apply(t, good)))
				if refuse := len(e.want) > 0 && !e.beyond; refuse != (err != nil) {
					t.Errorf("the schema says %v, the reader %q", err, e.want)
				}
			})
		}
	}
}

func TestBuiltInQuestionsFitReaderAndSchema(t *testing.T) {
	schema, files := schema(t), os.DirFS(builtIn)
	items, err := bank.Read(files, bank.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		text, err := fs.ReadFile(files, item.Question.File)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(tree(text)); err != nil {
			t.Errorf("%s: %v", path.Base(item.Question.File), err)
		}
		if want := item.Question.ID + ".yaml"; path.Base(item.Question.File) != want {
			t.Errorf("%s: a built-in question is called by its id: want %s", item.Question.File, want)
		}
	}
}
