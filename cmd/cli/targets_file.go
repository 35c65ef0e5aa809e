package cli

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
)

// readFile takes a host from each line; "#" begins a comment.
func (t *targets) readFile(name string) error {
	t.from = name
	if name == "-" {
		t.from = "standard input"
		return t.readLines(t.stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return usage("targets: %w", err)
	}
	defer f.Close()
	return t.readLines(f)
}

// byteOrderMark begins files that some editors write (RFC 3629, section 6).
const byteOrderMark = "\ufeff"

func (t *targets) readLines(r io.Reader) error {
	lines := bufio.NewScanner(r)
	n := 1
	for ; lines.Scan(); n++ {
		text, _, _ := strings.Cut(strings.TrimPrefix(lines.Text(), byteOrderMark), "#")
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		err := error(usage("%d words: write one host a line", len(words)))
		if len(words) == 1 {
			err = t.add(words[0])
		}
		if err != nil {
			return usage("%s, line %d: %w", t.from, n, err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return usage("%s, line %d: longer than any name: write one host a line", t.from, n)
	case err != nil:
		return usage("targets: %w", err)
	}
	return nil
}
