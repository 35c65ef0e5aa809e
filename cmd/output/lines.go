package output

import (
	"fmt"
	"io"
)

// lines writes line by line, until writing has failed once.
type lines struct {
	w   io.Writer
	err error // first error of w
}

// say prints lines of words, which a terminal of that many columns would break anywhere.
func (l *lines) say(width int, words ...string) {
	for _, line := range words {
		l.print("%s", wrapped(line, width))
	}
}

func (l *lines) print(format string, args ...any) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, fmt.Sprintf(format, args...)+"\n")
	}
}
