package output

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// foldFrom is the least number of silent hops in a row that are told in one line.
const foldFrom = 3

// hold keeps a silent hop back, for more of them may follow.
func (t *table) hold(h tracer.Hop) { t.held = append(t.held, h) }

// release prints the hops held back: many in one line.
func (t *table) release() {
	held := t.held
	t.held = nil
	if len(held) < foldFrom {
		for _, h := range held {
			t.hop(h)
		}
		return
	}
	probes := 0
	for _, h := range held {
		probes += len(h.Probes)
	}
	t.print("%s", t.header.paint(faint, fmt.Sprintf("%*s  *  no answer from %s, %s",
		ttlWidth(t.header), fmt.Sprintf("%d-%d", held[0].TTL, held[len(held)-1].TTL), Count(len(held), "hop"), Count(probes, "probe"))))
}

// mute reports a hop that every probe was lost at.
func mute(h tracer.Hop) bool {
	for _, p := range h.Probes {
		if p.State != tracer.Lost {
			return false
		}
	}
	return len(h.Probes) > 0
}
