package multipath

import (
	"slices"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// finish makes the Result of a run that ended with err. around is nil if nothing
// was asked about the target's neighbours.
func (r *run) finish(ways, around *survey, err error) (*Result, error) {
	counted := tally(r.engine.Tally())
	result := &Result{
		Source: r.cfg.Flow.Source, Target: r.cfg.Flow.Target,
		Protocol: r.cfg.Protocol.Name(), Flow: r.cfg.Flow, Started: r.started, Elapsed: time.Since(r.started),
		Wanted: r.cfg.Confidence, Spent: counted.Sent,
		Flows: len(ways.flows), Tally: counted, NextIdent: r.engine.NextIdent(), stuck: r.stuck,
	}
	w := writer{Result: result, of: map[*vertex]int{}, at: map[place]int{}, spent: r.spent}
	w.write(ways)
	if around != nil {
		result.Destinations = max(0, len(around.flows)-1)
		w.write(around)
	}
	w.finish(r, ways, err)
	counters, cerr := r.source.Counters()
	result.Counters = counters
	if err == nil {
		err = cerr
	}
	return result, err
}

// finish adds what is about all surveys.
func (w *writer) finish(r *run, ways *survey, err error) {
	w.sort()
	w.probes(r)
	for n := range ways.flows {
		w.Paths = append(w.Paths, w.path(ways, ways.flows[n]))
	}
	w.Diamonds = w.diamonds()
	w.Theory = theory(ways)
	w.Stop = r.stopReason(ways, err)
	w.Confidence = max(0, r.cfg.Confidence-w.failing)
	slices.SortStableFunc(w.Doubts, func(a, b Doubt) int { return a.Hop - b.Hop })
}

// probes copies all probes, and counts what they were sent for.
func (w *writer) probes(r *run) {
	for _, e := range r.entries {
		w.Probes = append(w.Probes, e.Probe)
		w.Tally.add(e)
		node := w.heardAt(e)
		w.At = append(w.At, node)
		if e.State.Heard() && node < 0 {
			w.Tally.Beyond++
		}
	}
}

// add counts what a probe was sent for, and whether it was waited for to the end.
func (t *Tally) add(e *entry) {
	if e.State == tracer.Sent {
		t.Awaited++
	}
	switch {
	case e.State == tracer.NotSent || e.For.entries[0] == e:
	case e.For.first != nil && e.For.first.Sent.Before(e.Sent):
		t.Repeated++
	default:
		t.Retried++
	}
}

// heardAt returns the node that a probe's answer is counted at; -1: none.
func (w *writer) heardAt(e *entry) int {
	node := -1
	if !e.State.Heard() {
		return node
	}
	e.For.passes(func(v *vertex) {
		if i, known := w.of[v]; known && v.addr == e.For.survey.from(e) {
			node = i
		}
	})
	return node
}

// stopReason tells why the run ended.
func (r *run) stopReason(ways *survey, err error) tracer.StopReason {
	stop := ways.ending()
	switch {
	case err != nil:
		return tracer.StopFailed
	case r.spent == Stopped, r.spent != "" && stop != tracer.StopReached:
		return tracer.StopInterrupted
	}
	return stop
}

// ending tells why the ways end where they do.
func (s *survey) ending() tracer.StopReason {
	stop := tracer.StopGap
	for _, h := range s.hops {
		for _, v := range h.vertices {
			switch {
			case s.isTarget(v):
				return tracer.StopReached
			case v.ended > 0:
				stop = tracer.StopUnreachable
			case stop == tracer.StopGap && !v.star() && (h.ttl == s.cfg.MaxTTL || v.rounds > 1):
				stop = tracer.StopMaxTTL
			}
		}
	}
	return stop
}

// isTarget reports whether flows arrive at a vertex.
func (s *survey) isTarget(v *vertex) bool {
	for _, sp := range v.spots {
		if sp.flow.end == v.hop.ttl && sp.first != nil && s.cfg.Protocol.Arrived(sp.first.Answer) {
			return true
		}
	}
	return false
}
