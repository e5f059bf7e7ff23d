package bank

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
)

// Stacks finds the stack that a question names. It returns the stack's file, as
// positions are to name it, and the text. An error that is fs.ErrNotExist means
// that there is no stack of that name; any other, that it cannot be read.
type Stacks func(name string) (file string, text []byte, err error)

// StacksIn finds stacks as NAME.yaml in the first folder that has it. A folder
// that is not there, or outside of fsys, has none. Name spells a path of fsys for
// positions; nil leaves it as it is.
func StacksIn(fsys fs.FS, name func(path string) string, folders ...string) Stacks {
	return func(stack string) (string, []byte, error) {
		var missing notFound
		for _, folder := range folders {
			file := path.Join(folder, stack+extension)
			if !fs.ValidPath(file) {
				continue
			}
			text, err := fs.ReadFile(fsys, file)
			if !errors.Is(err, fs.ErrNotExist) {
				return spell(name, file), text, err
			}
			missing = append(missing, spell(name, file))
		}
		return "", nil, missing
	}
}

// firstOf asks one finder after the other; nil finders have no stacks.
func firstOf(finders ...Stacks) Stacks {
	return func(stack string) (string, []byte, error) {
		var missing notFound
		for _, find := range finders {
			if find == nil {
				continue
			}
			file, text, err := find(stack)
			if !errors.Is(err, fs.ErrNotExist) {
				return file, text, err
			}
			var looked notFound
			if errors.As(err, &looked) {
				missing = append(missing, looked...)
			}
		}
		return "", nil, missing
	}
}

// notFound are the files that were looked for in vain.
type notFound []string

func (files notFound) Error() string { return "looked for " + strings.Join(files, ", ") }

func (files notFound) Is(target error) bool { return target == fs.ErrNotExist }

// stack reads a stack, named or written out, and reports whether it is sound.
func (r *reader) stack(n source.Node) (cloudformation.Template, bool) {
	if n.YAML.Kind == yaml.MappingNode {
		template, err := cloudformation.FromNode(n)
		r.problems.Collect(n.At(), err)
		return template, err == nil
	}
	if n.YAML.Kind == yaml.SequenceNode {
		r.problems.Add(n.At(), "the name of a stack or its template was expected, found %s", n.Shape())
		return cloudformation.Template{}, false
	}
	name := nameIn(n, &r.problems)
	if !isName(name) {
		return cloudformation.Template{}, false
	}
	return r.namedStack(name, n.At())
}

func (r *reader) namedStack(name string, at source.Position) (cloudformation.Template, bool) {
	var file string
	var text []byte
	err := error(notFound{})
	if r.stacks != nil {
		file, text, err = r.stacks(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		r.problems.Add(at, "there is no stack %q: %s", name, err)
		return cloudformation.Template{}, false
	}
	if err != nil {
		r.problems.Add(at, "stack %q cannot be read: %s", name, err)
		return cloudformation.Template{}, false
	}
	return r.templates.parse(file, text, &r.problems)
}

// templates are stack files by name and text, so that a stack used by many
// questions is parsed once and its problems are reported once.
type templates map[templateKey]parsedTemplate

type templateKey struct{ file, text string }

type parsedTemplate struct {
	template cloudformation.Template
	sound    bool
}

func (t templates) parse(file string, text []byte, problems *source.Problems) (cloudformation.Template, bool) {
	key := templateKey{file, string(text)}
	if known, ok := t[key]; ok {
		return known.template, known.sound
	}
	template, err := cloudformation.Parse(file, text)
	problems.Collect(source.Position{File: file, Line: 1, Column: 1}, err)
	t[key] = parsedTemplate{template: template, sound: err == nil}
	return template, err == nil
}
