package api

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
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
		if _, ok := said[name]; !ok && !reflect.DeepEqual(was[name], is[name]) {
			resets = append(resets, Reset{Member: name, Was: inLine(was[name]), Is: inLine(is[name])})
		}
	}
	return resets, nil
}

// inLine writes a value as JSON, a text as it is, cut to what fits beside
// another one in a line.
func inLine(value any) string {
	if value == nil {
		return "the default"
	}
	text, ok := value.(string)
	if !ok {
		written, err := json.Marshal(value)
		if err != nil {
			return err.Error()
		}
		text = string(written)
	}
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
