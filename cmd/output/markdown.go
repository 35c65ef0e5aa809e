package output

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// markdown writes a table for a bug report or a wiki, at the end: the best, median
// and worst time of each address at each hop.
type markdown struct {
	lines
	header Header
}

func newMarkdown(w io.Writer) Writer { return &markdown{lines: lines{w: w}} }

func (m *markdown) Start(h Header) error {
	m.header = h
	m.header.Width = 0 // a viewer breaks lines by itself
	return nil
}

func (m *markdown) Hop(tracer.Hop) error { return nil }

func (m *markdown) End(t *tracer.Trace, err error) error {
	for i, line := range heading(m.header) {
		m.print("%s%s", map[bool]string{true: "", false: "<br>"}[i == 0], cellText(line))
	}
	if t == nil {
		m.print("\n%s", cellText(failure("failed before the first probe", err)))
		return m.err
	}
	m.print("\n| hop | host | answered | best | median | worst |\n|---:|---|---:|---:|---:|---:|")
	for _, h := range t.Hops {
		m.hop(h)
	}
	m.print("")
	for _, line := range slices.Concat(findings(m.header, t), []string{outcome(t, err)}, Remarks(t.Counters, t.Tally)) {
		m.print("* %s", cellText(line))
	}
	return m.err
}

// hop writes a row for each address that answered, or one for none.
func (m *markdown) hop(h tracer.Hop) {
	var order []netip.Addr
	times := map[netip.Addr][]time.Duration{}
	answers := map[netip.Addr]int{}
	for _, p := range h.Probes {
		if !p.State.Heard() {
			continue
		}
		if answers[p.Answer.From]++; answers[p.Answer.From] == 1 {
			order = append(order, p.Answer.From)
		}
		if p.Timing.Name != "" {
			times[p.Answer.From] = append(times[p.Answer.From], p.RTT)
		}
	}
	for _, addr := range order {
		m.print("| %d | %s | %d/%d | %s |", h.TTL, m.who(addr), answers[addr], len(h.Probes), spread(times[addr]))
	}
	if len(order) == 0 {
		m.print("| %d | * | 0/%d | | | |", h.TTL, len(h.Probes))
	}
}

func (m *markdown) who(addr netip.Addr) string { return cellText(m.header.responder(addr)) }

// spread is the best, median and worst of times, between bars.
func spread(times []time.Duration) string {
	if len(times) == 0 {
		return " | | "
	}
	slices.Sort(times)
	n := len(times)
	return fmt.Sprintf("%s | %s | %s", Duration(times[0]), Duration((times[(n-1)/2]+times[n/2])/2), Duration(times[n-1]))
}

// cellText keeps a text from ending a cell or beginning markup.
func cellText(s string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`", "[", `\[`).Replace(s)
}
