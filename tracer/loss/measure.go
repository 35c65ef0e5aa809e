package loss

import (
	"cmp"
	"context"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// How a path is probed to learn what its losses mean: turns of a run as fast as hops
// answer, and rounds so far apart that a hop which sends an error a second, as Linux
// does by default, answers each (kernel: inet_peer_xrlim_allow). Turns alternate, so
// that what changes with time is not taken for what changes with the rate.
const (
	turns    = 2
	rounds   = 3 // a turn
	interval = 1100 * time.Millisecond
	fastest  = 20 // probes of a hop in a run, at the most
	slowest  = 5  // and at the least
	runTime  = 1200 * time.Millisecond
	// timeLimit is when nothing new is begun.
	timeLimit = 12 * time.Second
	// overtime is how long what was begun may then take: where probes have to
	// go one by one, a run is too long.
	overtime = 2 * time.Second
)

// Probes is the most that [Measure] sends to a hop.
const Probes = turns * (fastest + rounds)

// Measure probes the path of a trace further, and enters what it finds as its Rounds.
// cfg is the trace's own; of its callbacks OnProbe alone is called. That takes some eleven seconds,
// less if nothing is lost. An interruption is no error.
func Measure(ctx context.Context, cfg tracer.Config, t *tracer.Trace, sender tracer.Sender, source tracer.Source) error {
	m := &measure{cfg: cfg.WithDefaults(), trace: t, sender: sender, source: source}
	m.cfg.OnHop = nil
	m.cfg.GapLimit = 255
	m.cfg.MaxTTL = m.length()
	if m.cfg.MaxTTL < m.cfg.FirstTTL {
		return nil // nobody answered
	}
	m.cfg.Wait.Max = cmp.Or(m.cfg.Wait.Max, max(interval*3/4, 3*m.rtt))
	end := time.Now().Add(timeLimit)
	ctx, cancel := context.WithDeadline(ctx, end.Add(overtime))
	defer cancel()
	return m.run(ctx, end)
}

// measure is a measurement under way.
type measure struct {
	cfg    tracer.Config
	trace  *tracer.Trace
	sender tracer.Sender
	source tracer.Source
	rtt    time.Duration // the longest that the trace saw
	last   time.Time     // when the last round began, or the last fast run ended
}

// length returns the last TTL that answered, and looks for the longest round trip.
func (m *measure) length() (last int) {
	for _, h := range m.trace.Hops {
		for _, p := range h.Probes {
			if p.State.Heard() {
				last, m.rtt = h.TTL, max(m.rtt, p.RTT)
			}
		}
	}
	return last
}

func (m *measure) run(ctx context.Context, end time.Time) error {
	for range turns {
		if err := m.round(ctx, end, 0, m.queries()); err != nil {
			return err
		}
		for range rounds {
			if err := m.round(ctx, end, interval, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// queries returns how many probes of a hop make a fast run: a lost one costs its hop
// twice the round-trip time, and no less than 50 ms.
func (m *measure) queries() int {
	return int(min(fastest, max(slowest, runTime/max(50*time.Millisecond, 2*m.rtt))))
}

// round probes every hop, so long after the last round, unless the time is up.
func (m *measure) round(ctx context.Context, end time.Time, every time.Duration, queries int) error {
	if sleep(ctx, m.last.Add(every)); ctx.Err() != nil || time.Now().After(end) {
		return nil
	}
	m.last = time.Now()
	m.cfg.Queries, m.cfg.FirstIdent = queries, m.trace.NextIdent
	got, err := tracer.Run(ctx, m.cfg, m.sender, m.source)
	if got == nil {
		return err
	}
	if every == 0 {
		m.last = time.Now() // of its last probe, at the latest
	}
	t := m.trace
	t.Rounds = append(t.Rounds, tracer.Round{Interval: every, Hops: got.Hops})
	t.NextIdent, t.Counters = got.NextIdent, got.Counters
	t.Tally.Add(got.Tally)
	return err
}

// sleep waits until a time, or until the context ends.
func sleep(ctx context.Context, until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
