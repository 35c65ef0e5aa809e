package output

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe returns text from outside as it may be shown on a terminal: whatever is
// not a letter, mark, number, punctuation, symbol or plain space becomes U+FFFD.
// That takes out control characters and with them escape sequences, bidi
// overrides and other invisible characters, line separators, and bytes that
// aren't UTF-8.
func Safe(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, text)
}

// safeName is Safe for a name, which could otherwise pass for more than one
// column by way of its spaces. One longer than limit characters is cut.
func safeName(name string, limit int) string {
	name = strings.ReplaceAll(Safe(name), " ", string(utf8.RuneError))
	if utf8.RuneCountInString(name) <= limit {
		return name
	}
	return string([]rune(name)[:limit-1]) + "…"
}
