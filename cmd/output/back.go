package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/replypath"
)

// backJSON is the way back of an answer, as it is likely to be; see package
// replypath.
type backJSON struct {
	Initial    uint8 `json:"initial_ttl"`
	Hops       int   `json:"hops"`
	Asymmetric bool  `json:"asymmetric,omitempty"`
}

// wayBack returns that of a probe's answer, nil if there is none. forward is the
// TTL of the hop.
func wayBack(p tracer.Probe, forward int) *backJSON {
	if !p.State.Heard() {
		return nil
	}
	b := replypath.Infer(p.Answer.TTL, forward)
	return &backJSON{b.Initial, b.Hops, b.Asymmetric}
}

// backLines tells the ways back, a line for each hop that answered.
func backLines(h Header, t *tracer.Trace) (lines []string) {
	if !h.Back {
		return nil
	}
	for _, hop := range t.Hops {
		if all := waysBack(hop); len(all) > 0 {
			lines = append(lines, fmt.Sprintf("%*d  %s", len(fmt.Sprint(h.MaxTTL)), hop.TTL, strings.Join(all, "; ")))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{"way back, as likely as reply TTLs tell it:"}, lines...)
}

// waysBack tells each that answers of a hop came by: they may differ.
func waysBack(hop tracer.Hop) (all []string) {
	seen := map[uint8]bool{}
	for _, p := range hop.Probes {
		if !p.State.Heard() || seen[p.Answer.TTL] {
			continue
		}
		seen[p.Answer.TTL] = true
		all = append(all, wayBackWords(replypath.Infer(p.Answer.TTL, hop.TTL), p.Answer.TTL, hop.TTL))
	}
	if len(all) > 1 {
		all[len(all)-1] += "; reply TTLs vary"
	}
	return all
}

func wayBackWords(b replypath.Path, ttl uint8, forward int) string {
	s := fmt.Sprintf("%s back, reply TTL %d of %d", Count(b.Hops, "hop"), ttl, b.Initial)
	switch {
	case b.Asymmetric && b.Hops > forward:
		s += fmt.Sprintf(", asymmetric: %d longer", b.Hops-forward)
	case b.Asymmetric:
		s += fmt.Sprintf(", asymmetric: %d shorter", forward-b.Hops)
	}
	return s
}
