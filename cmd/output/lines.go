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

func (l *lines) print(format string, args ...any) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, fmt.Sprintf(format, args...)+"\n")
	}
}
