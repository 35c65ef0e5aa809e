package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A target's name takes no more of the bar's line than there is.
func TestTitled(t *testing.T) {
	long := strings.Repeat("a-long-name.", 20)
	for _, tt := range []struct {
		target string
		width  int
		want   string
	}{
		{"target.lab", 80, "tracing target.lab"},
		{"target.lab", 0, "tracing target.lab"},
		{long, 80, "tracing a-long-name.a-long-name.a-long-name…"},
		{long, 200, "tracing a-long-name.a-long-name.a-long-name…"},
		{long, 50, "tracing a-long-name.a-long-…"},
		{"target.lab", 40, "tracing target.lab"},
		{"target.lab", 30, "tracing"},
		{"\x1b[31m", 80, "tracing \ufffd[31m"},
	} {
		if got := titled(tt.target, tt.width); got != tt.want || utf8.RuneCountInString(got) > barWidth {
			t.Errorf("%.20q at %d: %q, want %q", tt.target, tt.width, got, tt.want)
		}
	}
}
