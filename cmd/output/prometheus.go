package output

import (
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// prometheus writes metrics in Prometheus' text format 0.0.4, at the end, for a node
// exporter's textfile collector, say. Times are in seconds.
type prometheus struct {
	lines
	header    Header
	summaries int // how many have been written
}

func newPrometheus(w io.Writer) Writer { return &prometheus{lines: lines{w: w}} }

func (m *prometheus) Start(h Header) error {
	m.header = h
	return nil
}

func (m *prometheus) Hop(tracer.Hop) error { return nil }

// End writes what there is; a trace that failed before its first probe did not reach
// its target.
func (m *prometheus) End(t *tracer.Trace, _ error) error {
	if t == nil {
		t = &tracer.Trace{Stop: tracer.StopFailed}
	}
	m.gauge("ebpftrace_trace_reached", "Whether the target answered.", float64(bit(t.Reached())))
	m.gauge("ebpftrace_trace_hops", "Hops up to where the path ends.", float64(len(t.Hops)))
	m.gauge("ebpftrace_trace_probes", "Probes handed to the kernel.", float64(t.Tally.Sent))
	m.gauge("ebpftrace_trace_duration_seconds", "How long the trace took.", t.Elapsed.Seconds())
	m.gauge("ebpftrace_trace_start_time_seconds", "Wall clock at the first probe.", float64(started(m.header, t).UnixMilli())/1000)
	m.discarded(t.Counters, t.Tally)
	m.probes(t.Hops)
	m.times(t.Hops)
	m.networks(t.Hops)
	return m.err
}

// discarded are the answers that are not among the times.
func (m *prometheus) discarded(c tracer.Counters, y tracer.Tally) {
	const name = "ebpftrace_trace_discarded"
	m.family(name, "gauge", "Answers that are not among the times, by reason.")
	for _, r := range []struct {
		reason string
		n      uint64
	}{
		{"duplicate", c.Duplicates}, {"impossible", uint64(y.Impossible)}, {"malformed", c.Malformed},
		{"overflow", c.Overflow}, {"stray", uint64(y.Stray)}, {"unmatched", c.Unmatched}, {"unparsed", uint64(y.Unparsed)},
	} {
		m.sample(name, float64(r.n), "reason", r.reason)
	}
}

func (m *prometheus) probes(hops []tracer.Hop) {
	if len(hops) == 0 {
		return
	}
	m.family("ebpftrace_hop_probes", "gauge", "Probes sent to a hop.")
	for _, h := range hops {
		m.sample("ebpftrace_hop_probes", float64(sentTo(h)), "hop", strconv.Itoa(h.TTL))
	}
}

// times tells addresses of a hop, and sources of their times, apart.
func (m *prometheus) times(hops []tracer.Hop) {
	const name = "ebpftrace_hop_rtt_seconds"
	for _, h := range hops {
		for _, s := range seriesOf(h) {
			if m.summaries++; m.summaries == 1 {
				m.family(name, "summary", "Round-trip times by hop, who answered, and the stamps that they come from.")
			}
			labels := []string{"hop", strconv.Itoa(h.TTL), "responder", Plain(s.from).String(),
				"name", m.header.name(s.from, jsonName), "timing", s.timing}
			for _, q := range []float64{0.5, 0.9, 0.99} {
				m.sample(name, s.times.Quantile(q).Seconds(), append(labels, "quantile", fmt.Sprint(q))...)
			}
			m.sample(name+"_sum", s.sum, labels...)
			m.sample(name+"_count", float64(s.times.Count()), labels...)
		}
	}
}

func (m *prometheus) gauge(name, help string, v float64) {
	m.family(name, "gauge", help)
	m.sample(name, v)
}

func (m *prometheus) family(name, kind, help string) {
	m.print("# HELP %s %s\n# TYPE %s %s", name, help, name, kind)
}

// sample has the labels that every one has, and pairs of further ones.
func (m *prometheus) sample(name string, v float64, more ...string) {
	h := m.header
	pairs := append([]string{"target", Safe(h.Target), "address", Plain(h.Address).String(), "protocol", h.Protocol}, more...)
	labels := make([]string, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		labels = append(labels, pairs[i]+`="`+labelEscapes.Replace(pairs[i+1])+`"`)
	}
	m.print("%s{%s} %s", name, strings.Join(labels, ","), strconv.FormatFloat(v, 'g', -1, 64))
}

// labelEscapes are those of a label's value.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// series is the times of one address by one pair of stamps; sum is in seconds. An
// answer that no pair times is in none.
type series struct {
	from   netip.Addr
	timing string
	times  *stats.Distribution
	sum    float64
}

func seriesOf(h tracer.Hop) (all []*series) {
	for _, p := range h.Probes {
		if p.State.Heard() && p.Timing.Name != "" {
			s := find(&all, p.Answer.From, p.Timing.Name)
			s.times.Add(p.RTT)
			s.sum += p.RTT.Seconds()
		}
	}
	return all
}

func find(all *[]*series, from netip.Addr, timing string) *series {
	for _, s := range *all {
		if s.from == from && s.timing == timing {
			return s
		}
	}
	s := &series{from: from, timing: timing, times: new(stats.Distribution)}
	*all = append(*all, s)
	return s
}

// sentTo counts the probes to a hop that the kernel took.
func sentTo(h tracer.Hop) (n int) {
	for _, p := range h.Probes {
		if p.State != tracer.NotSent {
			n++
		}
	}
	return n
}
