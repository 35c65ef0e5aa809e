package output

import (
	"fmt"
	"io"
	"strings"
)

// lines writes line by line, until writing has failed once.
type lines struct {
	w     io.Writer
	width int   // of the terminal, to break lines for; 0: none
	err   error // first error of w
}

// say prints lines of words, which a terminal of that many columns would break anywhere.
func (l *lines) say(width int, words ...string) {
	for _, line := range words {
		l.print("%s", strings.Join(wrapped(line, width), "\n"))
	}
}

func (l *lines) print(format string, args ...any) {
	for text := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		for _, line := range wrapped(text, l.width) {
			if l.err == nil {
				_, l.err = io.WriteString(l.w, line+"\n")
			}
		}
	}
}
