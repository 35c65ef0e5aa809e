package loss

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/paths"
)

// Of judges a trace, with what was sent after it to learn more. If its path changed, each
// of the paths is judged by itself, and verdicts say which they are about.
func Of(t *tracer.Trace) (all Report) {
	phases := []Phase{{Hops: t.Hops}}
	hops := t.Hops[:len(t.Hops):len(t.Hops)]
	for _, r := range t.Rounds {
		phases = append(phases, Phase{r.Interval, r.Hops})
		hops = append(hops, r.Hops...)
	}
	changes := paths.Compare(hops).Changes
	for i := range len(changes) + 1 {
		r := during(phases, changes, i)
		for k := range r.Verdicts {
			if len(changes) > 0 {
				r.Verdicts[k].Path = i + 1
			}
		}
		all.add(r)
	}
	return all
}

// during judges what was sent after i changes of the path, and before the next.
func during(phases []Phase, changes []paths.Change, i int) Report {
	var s Sum
	var from, to time.Time
	if i > 0 {
		from = changes[i-1].By
	}
	if i < len(changes) {
		to = changes[i].By
	}
	for _, p := range phases {
		s.Add(p.between(from, to))
	}
	return s.Judge()
}

// between returns the probes sent from one time on and before another; zero times
// mean ever.
func (p Phase) between(from, to time.Time) Phase {
	if from.IsZero() && to.IsZero() {
		return p
	}
	part := Phase{Interval: p.Interval}
	for _, h := range p.Hops {
		some := tracer.Hop{TTL: h.TTL}
		for _, probe := range h.Probes {
			if !probe.SentAt.Before(from) && (to.IsZero() || probe.SentAt.Before(to)) {
				some.Probes = append(some.Probes, probe)
			}
		}
		part.Hops = append(part.Hops, some)
	}
	return part
}

// add takes in what is true of another path.
func (r *Report) add(o Report) {
	r.Verdicts = append(r.Verdicts, o.Verdicts...)
	r.All = r.All.plus(o.All)
	for ttl, n := range o.Reordered {
		if r.Reordered == nil {
			r.Reordered = map[int]int{}
		}
		r.Reordered[ttl] += n
	}
}
