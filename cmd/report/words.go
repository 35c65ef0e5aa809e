package report

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// explained says what lies in each part of the way.
var explained = map[string]string{
	"send call":    "from this process into the kernel, up to the queue",
	"queue":        "this host's queue, up to its driver",
	"network":      "driver, network, the hop itself, and back",
	"receive path": "from the driver's receipt to the stack",
	"wake-up":      "up to this process, which first has to get a CPU",
}

// points says between which stamps a source takes its time.
func points(s *stats.Source) string {
	words := func(p fmt.Stringer) string { return strings.ReplaceAll(p.String(), "_", " ") }
	return words(s.Timing.Send) + " to " + words(s.Timing.Receive)
}

func facts(r *bench.Result) []fact {
	h := r.Header
	protocol := h.Protocol
	if h.Port != 0 {
		protocol += fmt.Sprintf(" port %d", h.Port)
	}
	return []fact{
		{"Rounds", fmt.Sprintf("%d, every %v", r.Rounds, r.Interval)},
		{"Probes", fmt.Sprintf("%s, %d bytes", protocol, h.Size)},
		{"Load", r.LoadName()},
		{"From", fmt.Sprintf("%v on %s", h.Source.Unmap().WithZone(""), output.Safe(h.Interface))},
	}
}

// headline says what the page shows, in a sentence: by how much the last of the
// sources, furthest from the wire, exceeds the best.
func headline(r *bench.Result) string {
	all := r.Path.Total.Sources.All()
	if len(all) < 2 {
		return ""
	}
	last := all[len(all)-1]
	over := last.Excess.Summary()
	if over.Count == 0 {
		return ""
	}
	return fmt.Sprintf("Timed by %s, a probe seems to take %s longer than the best source says at the median, "+
		"%s at the 99th percentile, and %s at worst.",
		last.Timing.Name, output.Duration(over.P50), output.Duration(over.P99), output.Duration(over.Max))
}
