package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
)

// configuration is what an update replaces.
type configuration struct {
	Name   string            `json:",omitempty"`
	Hours  int               `json:",omitempty"`
	Flows  []string          `json:",omitempty"`
	Policy map[string]string `json:",omitempty"`
}

func TestResetsAreWhatAnUpdateChangesWithoutNamingIt(t *testing.T) {
	before := configuration{Name: "web", Hours: 8, Flows: []string{"SRP"}, Policy: map[string]string{"length": "12", "symbols": "at least two of them, please"}}
	for name, tc := range map[string]struct {
		said, after configuration
		want        []api.Reset
	}{
		"everything said again": {before, before, nil},
		"left out, and kept":    {configuration{}, before, nil},
		"said and changed":      {configuration{Hours: 1}, configuration{Name: "web", Hours: 1, Flows: before.Flows, Policy: before.Policy}, nil},
		"left out": {configuration{Name: "web"}, configuration{Name: "web", Hours: 1}, []api.Reset{
			{Member: "Flows", Was: `["SRP"]`, Is: "the default"},
			{Member: "Hours", Was: "8", Is: "1"},
			{Member: "Policy", Was: `{"length":"12","symbols":"at least two …`, Is: "the default"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := api.Resets(before, tc.after, tc.said)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("resets (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := api.Resets(before, func() {}, before); err == nil {
		t.Error("a configuration that is no structure is compared")
	}
}
