package ui

import (
	"github.com/charmbracelet/x/ansi"

	"claimcheck/ui/keys"
	"claimcheck/ui/layout"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
	"claimcheck/ui/widget/panel"
	"claimcheck/ui/widget/scroll"
)

// help is the list of all keys that lies over a screen.
type help struct {
	open bool
	text scroll.View
}

func (h *help) key(name string) {
	switch name {
	case "?", "esc", "q", "enter", "backspace":
		*h = help{}
	case "down", "j":
		h.text.By(1)
	case "up", "k":
		h.text.By(-1)
	case "pgdown", " ":
		h.text.Page(1)
	case "pgup":
		h.text.Page(-1)
	}
}

func (h *help) view(t theme.Theme, bindings []keys.Binding, title string, size layout.Size) string {
	inner := panel.Inner(size)
	p := page.New(t, scroll.Width(inner.W))
	labelW := 0
	for _, b := range bindings {
		if b.Help != "" {
			labelW = max(labelW, ansi.StringWidth(b.Label))
		}
	}
	for _, b := range bindings {
		if b.Help == "" {
			continue
		}
		label, style, text := t.Accent.Bold(true), t.Text, b.Help
		if !b.Works() {
			label, style, text = t.Faint, t.Faint, b.Help+" – not now: "+b.Disabled
		}
		p.Item(label.Render(layout.Line(b.Label, labelW+1)), style, text)
	}
	p.Gap()
	p.Styled(t.Dim, theme.Yes+" holds, right   "+theme.No+" fails, wrong   "+theme.Aside+" does not hold, refuses nothing   ! look twice   "+theme.Minted+" token issued   "+theme.Pointer+" the cursor")
	frame := panel.Panel{Theme: t, Title: t.Title.Render("Keys: " + title), Note: t.Dim.Render("Esc closes")}
	return layout.Text(frame.Draw(h.text.Draw(t, p.Lines(), inner), size), size)
}
