package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Reset is a setting that an update changed without naming it: it was left out
// and is back at its default.
type Reset struct {
	// Member is the setting's AWS name.
	Member string
	// Was and Is are its values before and after, cut to the length of a line.
	Was, Is string
}

// Resets compares two configurations member by member and lists, by name, those
// that differ and are no members of named, which is what the update said. All
// three are structs whose unset members are left out of their JSON.
func Resets(before, after, named any) ([]Reset, error) {
	var trees [3]map[string]any
	for i, settings := range []any{before, after, named} {
		tree, err := Tree(settings)
		if err != nil {
			return nil, err
		}
		trees[i] = tree
	}
	was, is, said := trees[0], trees[1], trees[2]
	var resets []Reset
	for _, name := range slices.Sorted(maps.Keys(was)) {
		r := Reset{Member: name, Was: inLine(was[name]), Is: inLine(is[name])}
		if _, ok := said[name]; !ok && fmt.Sprint(was[name]) != fmt.Sprint(is[name]) {
			resets = append(resets, r)
		}
	}
	return resets, nil
}

// inLine prints a value without Go's word for a structure, cut to what fits
// beside another one in a line.
func inLine(value any) string {
	if value == nil {
		return "the default"
	}
	text := strings.TrimPrefix(fmt.Sprint(value), "map")
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
