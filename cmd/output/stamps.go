package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// stampLines says of each probe of a hop that was answered where its time went.
func stampLines(h tracer.Hop) []string {
	var lines []string
	for _, p := range h.Probes {
		spans := p.Stamps.Spans()
		if !p.State.Heard() || len(spans) == 0 {
			continue
		}
		cells := make([]string, len(spans))
		for i, s := range spans {
			cells[i] = fmt.Sprintf("%s %s", s.Parts, Duration(s.Time))
		}
		lines = append(lines, fmt.Sprintf("    #%d: %s", p.Query+1, strings.Join(cells, ", ")))
	}
	return lines
}
