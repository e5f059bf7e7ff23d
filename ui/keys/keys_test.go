package keys

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
)

func TestSplitGivesEachKeyTypedAtOnce(t *testing.T) {
	var got []string
	for _, msg := range Split(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("j 3")}) {
		got = append(got, msg.String())
	}
	if diff := cmp.Diff([]string{"j", " ", "3"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSplitDropsPastedText(t *testing.T) {
	if got := Split(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Paste: true}); len(got) != 0 {
		t.Errorf("got %d keys, want none", len(got))
	}
}

func TestFindPrefersABindingThatWorks(t *testing.T) {
	bindings := []Binding{{Do: "a", Keys: []string{"x"}, Disabled: "not now"}, {Do: "b", Keys: []string{"x"}}}
	if b, ok := Find(bindings, "x"); !ok || b.Do != "b" {
		t.Errorf("found %q, want b", b.Do)
	}
	if b, ok := Find(bindings[:1], "x"); !ok || b.Disabled != "not now" {
		t.Errorf("found %+v, want the disabled binding with its reason", b)
	}
}

func TestPressedIsSilentForDisabledKeysAndOtherMessages(t *testing.T) {
	bindings := []Binding{{Do: "a", Keys: []string{"x"}, Disabled: "not now"}}
	if got := Pressed(bindings, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("x")}); got != "" {
		t.Errorf("pressed %q, want nothing", got)
	}
	if got := Pressed(bindings, tea.WindowSizeMsg{}); got != "" {
		t.Errorf("pressed %q, want nothing", got)
	}
}
