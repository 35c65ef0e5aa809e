package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// look is what a terminal makes of the output.
type look struct {
	colour bool
	width  int // in characters; 0: no terminal
}

// lookOf finds out what w is. Colours are for terminals that have them, unless
// NO_COLOR is set (https://no-color.org).
func lookOf(w io.Writer) (l look) {
	f, ok := w.(*os.File)
	if !ok || !terminal(w) {
		return l
	}
	l.width, _, _ = term.GetSize(int(f.Fd())) // 0: it does not say
	l.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return l
}
