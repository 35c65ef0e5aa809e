package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const hostFile = "\ufeff# routers\n  198.51.100.1   # the first\n\n\tr2.example\n198.51.100.1\nR2.example.\r\n::ffff:198.51.100.1\nfe80::1%eth0\nlast"

func TestTargets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(file, []byte(hostFile), 0o600); err != nil {
		t.Fatal(err)
	}
	inFile := []string{"198.51.100.1", "r2.example", "fe80::1%eth0", "last"}
	for _, tt := range []struct {
		name, args, file string
		want             []string
		size, repeated   int
	}{
		{"one", "a", "", []string{"a"}, 0, 0},
		{"with a length", "a 100", "", []string{"a"}, 100, 0},
		{"two", "a b", "", []string{"a", "b"}, 0, 0},
		{"an address is none", "a ::1", "", []string{"a", "::1"}, 0, 0},
		{"digits among three are a host", "a b 100", "", []string{"a", "b", "100"}, 0, 0},
		{"digits beside a file", "a 100", file, append([]string{"a", "100"}, inFile...), 0, 3},
		{"file", "", file, inFile, 0, 3},
		{"standard input", "x - last", "", append([]string{"x"}, inFile...), 0, 4},
		{"standard input by flag", "", "-", inFile, 0, 3},
		{"named twice", "a b A a.", "", []string{"a", "b"}, 0, 2},
	} {
		got := targets{files: strings.Fields(tt.file), stdin: strings.NewReader(hostFile)}
		size, err := got.read(strings.Fields(tt.args))
		if err != nil || size != tt.size || !slices.Equal(got.hosts, tt.want) || got.repeated != tt.repeated {
			t.Errorf("%s: %q, length %d, %d repeated, %v; want %q, %d, %d", tt.name, got.hosts, size, got.repeated, err, tt.want, tt.size, tt.repeated)
		}
	}
}

func TestTargetsRefused(t *testing.T) {
	var many strings.Builder
	for i := range maxTargets + 1 {
		fmt.Fprintf(&many, "host%d\n", i)
	}
	for _, tt := range []struct{ stdin, want string }{
		{"a b\n", "standard input, line 1: 2 words"},
		{"a\n\n" + strings.Repeat("x", 256), "standard input, line 3: host \"xxxxxxxxxxxxxxxxxxxx\"...: a name has at most 255"},
		{"# nothing\n", "no host in standard input"},
		{many.String(), "line 10001: more than 10000 targets"},
		{"a\n" + strings.Repeat("x", 1<<17), "standard input, line 2: longer than any name"},
	} {
		got := targets{files: []string{"-"}, stdin: strings.NewReader(tt.stdin)}
		if _, err := got.read(nil); err == nil || !strings.Contains(err.Error(), tt.want) || status(err) != ExitUsage {
			t.Errorf("%.20q: %v, want %q", tt.stdin, err, tt.want)
		}
	}
}
