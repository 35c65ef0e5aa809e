package live

import "github.com/charmbracelet/x/ansi"

// The styles: the sixteen colours of every terminal, which its user has chosen to be
// readable. The library leaves colours out where NO_COLOR or TERM says so.
var (
	plain    = ansi.Style{}
	bold     = ansi.Style{}.Bold()
	faint    = ansi.Style{}.Faint()
	good     = ansi.Style{}.ForegroundColor(ansi.Green)
	accent   = ansi.Style{}.ForegroundColor(ansi.Cyan)
	warn     = ansi.Style{}.ForegroundColor(ansi.Yellow)
	bad      = ansi.Style{}.Bold().ForegroundColor(ansi.Red)
	reversed = ansi.Style{}.Reverse(true)
)

// glyphs are the signs that not every terminal has.
type glyphs struct {
	spark            []rune
	lost, other, bar string
	change, arrow    string
	chosen, cut      string
	upDown           string // the keys
}

var (
	unicodeGlyphs = glyphs{[]rune("▁▂▃▄▅▆▇█"), "x", "·", "▇", "Δ", "→", "›", "…", "↑↓"}
	asciiGlyphs   = glyphs{[]rune("12345678"), "x", ".", "#", "!", "->", ">", "~", "up/down"}
)

// left and right cut or pad a text that has no style yet to a width in columns.
func (g glyphs) left(text string, width int) string {
	text = g.shorten(text, width)
	return text + blank(width-ansi.StringWidth(text))
}

func right(text string, width int) string { return blank(width-ansi.StringWidth(text)) + text }

func (g glyphs) shorten(text string, width int) string {
	if width <= 0 {
		return ""
	}
	return ansi.Truncate(text, width, g.cut)
}
