package output

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSafe(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"core1.isp.example":             "core1.isp.example",
		"bücher.example 東京":             "bücher.example 東京",
		"a\x1b[31mb":                    "a\ufffd[31mb",
		"line\r\nline\tx\x00":           "line\ufffd\ufffdline\ufffdx\ufffd",
		"c1\u009b2J":                    "c1\ufffd2J",
		"\u202egro.elpmaxe":             "\ufffdgro.elpmaxe",
		"\u2066a\u2069":                 "\ufffda\ufffd",
		"zero\u200bwidth\ufeff":         "zero\ufffdwidth\ufffd",
		"line\u2028paragraph\u2029":     "line\ufffdparagraph\ufffd",
		"not utf-8 \xff\xc0\xaf":        "not utf-8 \ufffd\ufffd\ufffd",
		"private \ue000 tag \U000e0041": "private \ufffd tag \ufffd",
		"no-break\u00a0space":           "no-break\ufffdspace",
	} {
		if got := Safe(in); got != want {
			t.Errorf("Safe(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"gw.example":               "gw.example",
		"gw (10.0.0.1) 1 ms":       "gw\ufffd(10.0.0.…",
		strings.Repeat("ü", 12):    strings.Repeat("ü", 12),
		strings.Repeat("ü", 13):    strings.Repeat("ü", 11) + "…",
		strings.Repeat("\xff", 99): strings.Repeat("\ufffd", 11) + "…",
	} {
		if got := safeName(in, 12); got != want {
			t.Errorf("safeName(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzSafe(f *testing.F) {
	f.Add("core1.isp.example")
	for _, name := range hostile {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Safe(in)
		if !utf8.ValidString(out) {
			t.Errorf("%q is not UTF-8", out)
		}
		for _, r := range out {
			if !unicode.IsPrint(r) || unicode.In(r, unicode.Bidi_Control, unicode.Cc, unicode.Cf) {
				t.Errorf("%U passed", r)
			}
		}
		if again := Safe(out); again != out {
			t.Errorf("%q became %q", out, again)
		}
		if n := utf8.RuneCountInString(out); n != utf8.RuneCountInString(in) {
			t.Errorf("%q has %d characters", out, n)
		}
		if name := safeName(in, 72); utf8.RuneCountInString(name) > 72 || strings.ContainsAny(name, " ") {
			t.Errorf("name %q", name)
		}
	})
}
