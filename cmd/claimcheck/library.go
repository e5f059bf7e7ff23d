package main

import (
	"fmt"
	"os"
	pathpkg "path"
	"path/filepath"
	"sort"
	"strings"

	"claimcheck/questions"
	"claimcheck/quiz/bank"
	"claimcheck/sim/source"
)

// builtIn reads the banks that come with the program.
func builtIn() ([]bank.Item, error) { return read(nil, false) }

// library reads the given files and folders, or the built-in banks when there
// are none.
func library(paths []string) ([]bank.Item, error) { return read(paths, false) }

// read is library; an outline has no plans, which makes it quick.
func read(paths []string, outline bool) ([]bank.Item, error) {
	if len(paths) > 0 {
		return readPaths(paths, outline)
	}
	return bank.Read(questions.Files(), bank.Options{Outline: outline, Name: func(path string) string { return "questions/" + path }})
}

func readPaths(paths []string, outline bool) ([]bank.Item, error) {
	var inside []string
	var problems source.Problems
	spelt := map[string]string{}
	for _, path := range paths {
		absolute, err := filepath.Abs(path)
		if err == nil {
			_, err = os.Stat(absolute)
		}
		if err != nil {
			problems.Add(source.Position{File: path}, "cannot be read: no such file or folder")
			continue
		}
		rooted := underRoot(absolute)
		inside = append(inside, rooted)
		spelt[rooted] = path
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return bank.Read(os.DirFS(rootOf(mustAbs("."))), bank.Options{
		Paths:   inside,
		Outline: outline,
		Stacks:  bank.StacksIn(questions.Files(), func(path string) string { return "questions/" + path }, "stacks"),
		Name:    func(path string) string { return asGiven(path, spelt) },
	})
}

// underRoot is an absolute path as os.DirFS of the root wants it.
func underRoot(absolute string) string {
	rooted := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(absolute, filepath.VolumeName(absolute))), "/")
	if rooted == "" {
		return "."
	}
	return rooted
}

func rootOf(absolute string) string {
	return filepath.VolumeName(absolute) + string(filepath.Separator)
}

func mustAbs(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return absolute
}

// asGiven spells a path below the root the way the user spelt the innermost
// path that it is in.
func asGiven(path string, spelt map[string]string) string {
	for folder := path; folder != "." && folder != "/"; folder = pathpkg.Dir(folder) {
		if given, ok := spelt[folder]; ok {
			return filepath.Join(given, filepath.FromSlash(strings.TrimPrefix(path, folder)))
		}
	}
	return string(filepath.Separator) + filepath.FromSlash(path)
}

// question finds a question by its id among the built-in ones, or reads the
// file that the name leads to.
func question(name string) (bank.Item, error) {
	if strings.ContainsAny(name, `/\.`) {
		items, err := library([]string{name})
		if err != nil {
			return bank.Item{}, err
		}
		if len(items) != 1 {
			return bank.Item{}, fmt.Errorf("%s holds %d questions: name one file", name, len(items))
		}
		return items[0], nil
	}
	items, err := builtIn()
	if err != nil {
		return bank.Item{}, err
	}
	var ids []string
	for _, item := range items {
		if item.Question.ID == name {
			return item, nil
		}
		ids = append(ids, item.Question.ID)
	}
	sort.Strings(ids)
	return bank.Item{}, fmt.Errorf("there is no question %q%s", name, source.Suggest(name, ids))
}
