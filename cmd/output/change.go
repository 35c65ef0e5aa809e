package output

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/paths"
)

// pathJSON is what a document says of the path as a whole.
type pathJSON struct {
	Loops       []loopJSON   `json:"loops,omitempty"`
	PathChanges []changeJSON `json:"path_changes,omitempty"`
	Turns       []turnsJSON  `json:"turns,omitempty"`
}

type changeJSON struct {
	Hops  []int  `json:"hops"`
	From  string `json:"from"`
	To    string `json:"to"`
	After int64  `json:"after_ns"`
	By    int64  `json:"by_ns"`
}

type turnsJSON struct {
	TTL       int      `json:"ttl"`
	Addresses []string `json:"addresses"`
	Unsure    bool     `json:"unsure"`
}

// changesOf compares all that a trace sent, in time.
func changesOf(t *tracer.Trace) paths.Report {
	hops := t.Hops
	for _, r := range t.Rounds {
		hops = append(hops[:len(hops):len(hops)], r.Hops...)
	}
	return paths.Compare(hops)
}

func changeLines(_ Header, t *tracer.Trace) (lines []string) {
	r := changesOf(t)
	for _, c := range r.Changes {
		lines = append(lines, fmt.Sprintf("path changed at %s after %s: %s, then %s",
			listed(c.Hops), Duration(c.By.Sub(t.Started)), Plain(c.From), Plain(c.To)))
	}
	for _, turns := range r.Turns {
		if turns.Unsure {
			lines = append(lines, fmt.Sprintf("hop %d answers from %s: the path changed, or packets are balanced; too few probes to tell",
				turns.TTL, strings.Join(plain(turns.Addresses), ", then ")))
			continue
		}
		lines = append(lines, fmt.Sprintf("hop %d answers by turns from %s, which is no change of path",
			turns.TTL, strings.Join(plain(turns.Addresses), " and ")))
	}
	return lines
}

func enterChanges(d *document, _ Header, t *tracer.Trace) {
	r := changesOf(t)
	d.PathChanges = newChanges(r.Changes, t.Started)
	for _, turns := range r.Turns {
		d.Turns = append(d.Turns, turnsJSON{turns.TTL, plain(turns.Addresses), turns.Unsure})
	}
}

func newChanges(changes []paths.Change, started time.Time) (all []changeJSON) {
	for _, c := range changes {
		all = append(all, changeJSON{
			c.Hops, Plain(c.From).String(), Plain(c.To).String(),
			max(0, c.After.Sub(started)).Nanoseconds(), max(0, c.By.Sub(started)).Nanoseconds(),
		})
	}
	return all
}

func plain(addresses []netip.Addr) (all []string) {
	for _, a := range addresses {
		all = append(all, Plain(a).String())
	}
	return all
}
