package output

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// What is about others is of interest only if an answer may be hidden among it.
func TestErrorsAboutOthers(t *testing.T) {
	for _, tt := range []struct {
		answers uint64
		beyond  int
		told    int
	}{{20, 0, 0}, {19, 0, 1}, {17, 3, 0}, {16, 3, 1}, {0, 0, 1}} {
		c := tracer.Counters{Probes: 20, Answers: tt.answers, Foreign: 5}
		if got := Remarks(c, tracer.Tally{Beyond: tt.beyond}); len(got) != tt.told {
			t.Errorf("%d answers, %d sent past the end: %q, want %d lines", tt.answers, tt.beyond, got, tt.told)
		}
	}
}
