package bench

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// groupDoc is what some probes measured.
type groupDoc struct {
	Sources  []sourceDoc `json:"sources"` // those nearest to the wire first
	Division divisionDoc `json:"division"`
}

// sourceDoc is what one pair of stamps says.
type sourceDoc struct {
	Source string        `json:"source"` // a stamp.Timing
	RTT    stats.Summary `json:"rtt"`
	// Jitter is there if there were two samples in a row to compare.
	Jitter *time.Duration `json:"jitter_ns,omitempty"`
	// Excess is by how much the round-trip time exceeds the least that any
	// source gives for the same probe.
	Excess stats.Summary `json:"excess"`
	Best   int64         `json:"best"` // probes for which this source gives the least
	// Impossible counts the samples left out because they are negative,
	// Over those above an hour.
	Impossible int64 `json:"impossible"`
	Over       int64 `json:"over"`
}

// divisionDoc says where the probes spent their time.
type divisionDoc struct {
	Count  int64     `json:"n"`
	Others int64     `json:"others"` // probes stamped at other points
	Spans  []spanDoc `json:"spans"`
}

type spanDoc struct {
	From string        `json:"from"` // a stamp.Point
	To   string        `json:"to"`
	Part string        `json:"part"`
	Time stats.Summary `json:"time"`
}

func newGroup(g *stats.Group, jitter bool) groupDoc {
	d := groupDoc{Sources: []sourceDoc{}}
	for _, s := range g.Sources.All() {
		j := sourceDoc{
			Source: s.Timing.Name, RTT: s.RTT.Summary(), Excess: s.Excess.Summary(), Best: s.Best,
			Impossible: s.RTT.Negative(), Over: s.RTT.Over(),
		}
		if v, ok := s.Jitter.Value(); ok && jitter {
			j.Jitter = &v
		}
		d.Sources = append(d.Sources, j)
	}
	spans, n, others := g.Division.Spans()
	d.Division = divisionDoc{Count: n, Others: others, Spans: []spanDoc{}}
	for _, s := range spans {
		d.Division.Spans = append(d.Division.Spans, spanDoc{s.From.String(), s.To.String(), s.Parts, s.Time.Summary()})
	}
	return d
}
