package output

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// hanging is what lines begin with that go on from the one above.
const hanging = "    "

// wrapped breaks a line between words where a terminal of that many columns would
// break it in the middle of one; 0: it is no terminal, and lines are as long as they
// are.
func wrapped(line string, width int) string {
	if width <= 2*len(hanging) || ansi.StringWidth(line) <= width {
		return line
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))] + hanging
	return strings.ReplaceAll(ansi.Wordwrap(line, width-len(indent), ""), "\n", "\n"+indent)
}
