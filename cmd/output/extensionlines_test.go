package output

import (
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// What hops say in extensions is told as the truth of the scenario has it.
func TestExtensionLines(t *testing.T) {
	for _, name := range []string{"clean", "mpls", "extensions"} {
		s, err := sim.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range probe.Protocols {
			for i, h := range boxTrace(t, name, p).Hops {
				var want []string
				for _, text := range s.Truth.Hops[i].Says {
					want = append(want, "    "+text)
				}
				if got := extensionLines(h); !slices.Equal(got, want) {
					t.Errorf("%s, %s, hop %d: %q, want %q", name, p.Name(), h.TTL, got, want)
				}
			}
		}
	}
}
