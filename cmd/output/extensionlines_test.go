package output

import (
	"slices"
	"testing"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// What hops say in extensions is told as the truth of the scenario has it.
func TestExtensionLines(t *testing.T) {
	for _, name := range []string{"clean", "mpls", "extensions"} {
		s := simtest.Load(t, name)
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

// What differs between answers is told for each, what does not once; a name that
// looks like more than one stays one word.
func TestExtensionLinesDiffer(t *testing.T) {
	says := func(name string) func(*tracer.Probe) {
		return func(p *tracer.Probe) {
			p.Answer.Extensions = []icmp.Extension{interfaceInfo(name, "192.0.2.9", "")}
		}
	}
	h := at(1, heard("192.0.2.1", ms, says("eth0")), lost, heard("192.0.2.1", ms, says("eth0")), heard("192.0.2.1", ms, says("a index 1")))
	want := []string{"    incoming interface eth0 index 7 192.0.2.9 MTU 9000", "    incoming interface a\ufffdindex\ufffd1 index 7 192.0.2.9 MTU 9000"}
	if got := extensionLines(h); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
