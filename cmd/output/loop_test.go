package output

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
)

func TestLoops(t *testing.T) {
	tests := []struct {
		name string
		path string // a letter a hop, - for a silent one, / for a changing one
		want string
	}{
		{"none", "abcdef", ""},
		{"empty", "", ""},
		{"neighbours", "abbbc", ""},
		{"neighbours with silence", "ab-b-bc", ""},
		{"only silence", "-----", ""},
		{"back once", "abcbd", "loop: hop 4 repeats hop 2, unless paths of different lengths lead there"},
		{"back and on", "abcdbce", "loop: hops 5 and 6 repeat hops 2 and 3, unless paths of different lengths lead there"},
		{"whole round", "abcbcd", "loop: hops 4 and 5 repeat hops 2 and 3"},
		{"to the end", "xabcabcabca", "loop: hops 5 to 11 repeat hops 2 to 4"},
		{"silence in the round", "ab-ab-ab-", "loop: hops 4 to 8 repeat hops 1 to 3"},
		{"silence between", "xabcb-b", "loop: hops 5 to 7 repeat hops 3 and 4"},
		{"silence at first", "a-ba-bacb", "loop: hops 4 to 9 repeat hops 1 to 3"},
		{"learnt late", "a-bacbacb", "loop: hops 4 to 9 repeat hops 1 to 3"},
		{"learnt, then another", "a-bacbadb", "loop: hops 4 to 7 repeat hops 1 to 3"},
		{"silent once", "xabab-bcd", "loop: hops 4 to 7 repeat hops 2 and 3"},
		{"changing is not repeating", "xa/ya", "loop: hop 5 repeats hop 2, unless paths of different lengths lead there"},
		{"changing in between alone", "xa/a", ""},
		{"two", "abababcdcdc", "loop: hops 3 to 6 repeat hops 1 and 2; loop: hops 9 to 11 repeat hops 7 and 8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := loopLines(Header{}, &tracer.Trace{Hops: letters(tt.path)})
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("%s:\ngot  %q\nwant %q", tt.path, s, tt.want)
			}
		})
	}
}

// letters makes a hop of each letter.
func letters(path string) (hops []tracer.Hop) {
	for i, c := range path {
		probes := []tracer.Probe{heard(fmt.Sprintf("10.0.0.%d", c), ms), lost, heard(fmt.Sprintf("10.0.0.%d", c), ms)}
		switch c {
		case '-':
			probes = []tracer.Probe{lost, lost}
		case '/':
			probes = []tracer.Probe{heard("10.0.1.1", ms), heard("10.0.1.2", ms)}
		}
		hops = append(hops, at(i+1, probes...))
	}
	return hops
}
