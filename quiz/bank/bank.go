// Package bank reads question files: from YAML to questions, and to the plans
// of what their options run. It owns the format of a question file and
// everything that can be wrong with one, each problem with its place and all of
// them at once. It refuses to know whether an answer key is true, which is
// quiz/proof's to find out, and where files come from: file systems are
// arguments.
package bank

import (
	"path"

	"claimcheck/quiz"
	"claimcheck/sim/scenario"
	"claimcheck/sim/source"
)

// Item is one question with what its options run.
type Item struct {
	Question quiz.Question
	// Plan has its trials and options in the question's order. Its stack is the
	// zero Template for an unproven question without observations, which runs
	// nothing.
	Plan scenario.Plan
}

// ReadFile reads one question file. The file's path gives positions their name,
// the question its bank (the folder) and the id it must have. An error is a
// source.Problems with everything wrong in the text and in the stack it names.
func ReadFile(file string, text []byte, stacks Stacks) (Item, error) {
	r := reader{path: file, file: file, stacks: stacks, templates: templates{}}
	item := r.item(text)
	if err := r.problems.Err(); err != nil {
		return Item{}, err
	}
	return item, nil
}

// reader reads one question file.
type reader struct {
	// path gives the question its bank and its id, file is how it is spelled
	// for people.
	path, file string
	stacks     Stacks
	// outline leaves out what runs.
	outline bool
	// templates are the stack files read so far, shared by all files of a bank.
	templates templates
	problems  source.Problems
	// idAt is where the id stands, for comparison with other files.
	idAt source.Position
}

func (r *reader) item(text []byte) Item {
	root, ok := r.parse(text)
	if !ok {
		return Item{}
	}
	return r.question(root)
}

// parse returns what can be read on with, even when the text has problems of
// its own, such as a duplicate key.
func (r *reader) parse(text []byte) (source.Node, bool) {
	root, err := source.Parse(r.file, text)
	r.problems.Collect(source.Position{File: r.file, Line: 1, Column: 1}, err)
	return root, root.YAML != nil
}

// bankOf is the name of the folder that a file stands in, "" at the top.
func bankOf(file string) string {
	switch folder := path.Base(path.Dir(file)); folder {
	case ".", "..", "/":
		return ""
	default:
		return folder
	}
}
