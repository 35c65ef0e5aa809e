package output

import "testing"

func TestLinesAreWrapped(t *testing.T) {
	for _, tt := range []struct {
		line  string
		width int
		want  string
	}{
		{"one two three four", 0, "one two three four"},
		{"one two three four", 18, "one two three four"},
		{"one two three four", 17, "one two three\n    four"},
		{"one two three four", 9, "one\n    two\n    three\n    four"},
		{"one two three four", 8, "one two three four"}, // no room for words
		{"  - one two three", 16, "  - one\n      two three"},
		{"\x1b[2mone two\x1b[0m three", 12, "\x1b[2mone two\x1b[0m\n    three"},
		{"a day is 86,400 s, µs more or less", 20, "a day is 86,400\n    s, µs more or\n    less"},
	} {
		if got := wrapped(tt.line, tt.width); got != tt.want {
			t.Errorf("%q in %d columns:\ngot  %q\nwant %q", tt.line, tt.width, got, tt.want)
		}
	}
}
