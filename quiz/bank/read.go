package bank

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"claimcheck/sim/source"
)

// extension is how the name of a question file ends.
const extension = ".yaml"

// Options say what Read reads; the zero value reads the whole file system.
type Options struct {
	// Paths are the files and folders to read; none means all.
	Paths []string
	// Stacks finds stacks that are neither next to the question that names them
	// nor in the stacks folder beside its bank; nil finds none.
	Stacks Stacks
	// Outline leaves the plans out: what options run is neither read nor
	// checked. It is for showing questions at once.
	Outline bool
	// Name spells a path of the file system for positions and Question.File;
	// nil leaves it as it is.
	Name func(path string) string
}

// Read reads every question file of a file system: NAME.yaml at or below the
// given paths, in the order of the paths and, below each, of the files. The
// folder of a question is its bank. Passed over are the folders stacks, labs and
// concepts, which are no banks, everything hidden, and CloudFormation templates
// that stand among the questions. An error is a source.Problems with every
// problem of every file; a path without a question is one.
func Read(fsys fs.FS, options Options) ([]Item, error) {
	l := library{
		fsys: fsys, options: options, templates: templates{},
		read: map[string]bool{}, ids: map[string]source.Position{},
	}
	paths := options.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, p := range paths {
		l.addAll(p)
	}
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	return l.items, nil
}

// library is what has been read so far.
type library struct {
	fsys      fs.FS
	options   Options
	templates templates
	// read says of each file read whether it is a question.
	read map[string]bool
	// ids are the places of the ids in use.
	ids      map[string]source.Position
	items    []Item
	problems source.Problems
}

// addAll adds the questions at or below a path.
func (l *library) addAll(root string) {
	before, questions := len(l.problems), 0
	for _, file := range l.find(root) {
		if l.add(file) {
			questions++
		}
	}
	if questions == 0 && len(l.problems) == before {
		l.problems.Add(l.at(root), "no question was found: question files end in %s", extension)
	}
}

// find returns the files at or below a path that may be questions.
func (l *library) find(root string) []string {
	var files []string
	err := fs.WalkDir(l.fsys, root, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.problems.Add(l.at(file), "cannot be read: %s", reason(err))
		case entry.IsDir() && file != root && isPassedOver(entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || file != root && isHidden(entry.Name()):
		case file == root || path.Ext(file) == extension:
			files = append(files, file)
		case path.Ext(file) == ".yml":
			l.problems.Add(l.at(file), "question files end in %s: rename it", extension)
		}
		return nil
	})
	l.problems.Collect(l.at(root), err)
	return files
}

func isPassedOver(folder string) bool {
	switch folder {
	case "stacks", "labs", "concepts":
		return true
	}
	return isHidden(folder)
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") }

// add reads a file, once, and reports whether it is a question, sound or not.
func (l *library) add(file string) bool {
	if question, ok := l.read[file]; ok {
		return question
	}
	l.read[file] = l.addFile(file)
	return l.read[file]
}

func (l *library) addFile(file string) bool {
	text, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.problems.Add(l.at(file), "cannot be read: %s", reason(err))
		return true
	}
	r := reader{path: file, file: l.spell(file), stacks: l.stacksOf(file), templates: l.templates, outline: l.options.Outline}
	root, ok := r.parse(text)
	if ok && isTemplate(root) {
		return false
	}
	var item Item
	if ok {
		item = r.question(root)
	}
	l.claim(item.Question.ID, &r)
	if len(r.problems) == 0 {
		l.items = append(l.items, item)
	}
	l.problems = append(l.problems, r.problems...)
	return true
}

// claim takes an id for the file being read, which may find it taken.
func (l *library) claim(id string, r *reader) {
	if id == "" {
		return
	}
	if first, ok := l.ids[id]; ok {
		r.problems.Add(r.idAt, "id %q is taken, at %s: choose another", id, first)
		return
	}
	l.ids[id] = r.idAt
}

// stacksOf finds the stacks that a question file may name.
func (l *library) stacksOf(file string) Stacks {
	folder := path.Dir(file)
	return firstOf(StacksIn(l.fsys, l.options.Name, folder, path.Join(folder, "../stacks")), l.options.Stacks)
}

// isTemplate reports whether a file is a stack rather than a question.
func isTemplate(root source.Node) bool {
	var problems source.Problems
	resources := false
	for _, e := range root.Entries(&problems) {
		switch e.Key {
		case "id":
			return false
		case "Resources":
			resources = true
		}
	}
	return resources
}

func (l *library) at(file string) source.Position { return source.Position{File: l.spell(file)} }

func (l *library) spell(file string) string { return spell(l.options.Name, file) }

func spell(name func(path string) string, file string) string {
	if name == nil {
		return file
	}
	return name(file)
}

// reason is an error without the path that its position already names.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}
