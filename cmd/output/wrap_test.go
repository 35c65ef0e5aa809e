package output

import (
	"slices"
	"strings"
	"testing"
)

func TestWrapped(t *testing.T) {
	for _, tt := range []struct {
		line  string
		width int
		want  []string
	}{
		{"from 192.0.2.1 on eth0, 30 hops max; times: in the kernel", 0, nil},
		{"from 192.0.2.1 on eth0, 30 hops max; times: in the kernel", 10, nil},
		{"from 192.0.2.1 on eth0, 30 hops max; times: in the kernel", 57, nil},
		{"from 192.0.2.1 on eth0, 30 hops max; times: in the kernel", 56, []string{
			"from 192.0.2.1 on eth0, 30 hops max;", "    times: in the kernel"}},
		{"one, two three four five six seven", 30, []string{"one, two three four five six", "    seven"}},
		{"one two three four five six seven eight", 20, []string{"one two three four", "    five six seven", "    eight"}},
		{strings.Repeat("x", 40) + " y", 20, []string{strings.Repeat("x", 40), "    y"}},
		{"a " + strings.Repeat("x", 40) + " y", 20, []string{"a", "    " + strings.Repeat("x", 40), "    y"}},
		{" 1  192.0.2.1   1.00 ms  192.0.2.2   2.00 ms", 30, []string{" 1  192.0.2.1   1.00 ms", "    192.0.2.2   2.00 ms"}},
		{"    " + strings.Repeat("x", 30), 20, nil},
		{"\x1b[31mred\x1b[0m \x1b[2mfaint\x1b[0m and no more", 21, nil},
		{"äöü äöü äöü äöü äöü äöü", 23, nil},
		{"", 80, nil},
	} {
		if tt.want == nil {
			tt.want = []string{tt.line}
		}
		if got := wrapped(tt.line, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("%q at %d: %q, want %q", tt.line, tt.width, got, tt.want)
		}
	}
}

// Nothing is lost by breaking a line but blanks, and nothing is too long that has a
// place to break at.
func FuzzWrapped(f *testing.F) {
	f.Add("ebpftrace to target.lab (198.18.6.2), udp port 33434, timed by kernel (eBPF by tcx)", uint8(80))
	f.Add(" \x1b[m  ,;  x", uint8(20))
	f.Fuzz(func(t *testing.T, line string, width uint8) {
		all := wrapped(line, int(width))
		if got := strings.Join(all, ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(line, " ", "") {
			t.Fatalf("%q became %q", line, all)
		}
	})
}
