package output

import (
	"strings"
	"unicode/utf8"
)

const (
	// wrapFrom is the narrowest terminal that lines are broken for.
	wrapFrom = 20
	// hanging begins what a line has no room for.
	hanging = "    "
)

// wrapped breaks a line for a terminal of so many characters between words: behind a
// comma or between columns if that is not too early. 0 is no terminal. A word that is
// wider, as some addresses are, stays in one piece.
func wrapped(line string, width int) (all []string) {
	if width < wrapFrom {
		return []string{line}
	}
	indent := hanging
	if strings.HasPrefix(line, hanging) {
		indent += "  "
	}
	for room := width; ; room = width - len(indent) {
		end := breakAt(line, room)
		text := strings.TrimRight(line[:end], " ")
		if len(all) > 0 {
			text = indent + text
		}
		all = append(all, text)
		if line = strings.TrimLeft(line[end:], " "); line == "" {
			return all
		}
	}
}

// breakAt returns where the first line of a text ends, in bytes: all of it, if there is
// room.
func breakAt(line string, room int) int {
	spaces, clauses := 0, 0 // the last places that fit
	column, column2 := 0, 0
	for i := 0; i < len(line); {
		n, width := element(line[i:])
		if i > 0 && line[i] == ' ' && line[i-1] != ' ' && strings.Trim(line[:i], " ") != "" {
			if column > room && spaces > 0 {
				break
			}
			spaces = i
			if strings.ContainsRune(",;", rune(line[i-1])) || strings.HasPrefix(line[i:], "  ") {
				clauses, column2 = i, column
			}
		}
		column += width
		i += n
	}
	switch {
	case column <= room || spaces == 0:
		return len(line)
	case column2 > room/2 && column2 <= room:
		return clauses
	}
	return spaces
}

// element returns the length in bytes of what a text begins with, and how many columns
// it takes: none for colours.
func element(s string) (n, width int) {
	if strings.HasPrefix(s, "\x1b[") {
		if end := strings.IndexByte(s, 'm'); end > 0 {
			return end + 1, 0
		}
	}
	_, n = utf8.DecodeRuneInString(s)
	return n, 1
}
