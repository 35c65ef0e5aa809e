package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
)

// boxLines says what boxes on the way did: all of it where that is asked for,
// else that there is something to ask for.
func boxLines(h Header, t *tracer.Trace) []string {
	r := middlebox.Analyze(t)
	if !h.Diff {
		return boxHint(r)
	}
	lines := natLines(r.NATs)
	for _, c := range r.Changes {
		lines = append(lines, fmt.Sprintf("header change: %s %s", told(c), betweenHops(c.After, c.Before)))
	}
	for _, p := range r.Repeats {
		lines = append(lines, fmt.Sprintf("%s answer from %s: %s (%s)", span(p.First.TTL, p.Last.TTL),
			Plain(p.First.Addr), strings.ReplaceAll(string(p.Verdict), "_", " "), p.Why))
	}
	return append(lines, untold(h, t, r)...)
}

// boxHint names in one line what is not harmless.
func boxHint(r middlebox.Report) []string {
	var names []string
	if len(r.NATs) > 0 {
		names = append(names, "address translation")
	}
	seen := map[middlebox.Field]bool{}
	for _, c := range r.Changes {
		said := c.Translates() && len(r.NATs) > 0
		if !c.Harmless() && !said && !seen[c.Field] {
			names = append(names, fieldName(c.Field)+" changed")
		}
		seen[c.Field] = true
	}
	if len(names) == 0 {
		return nil
	}
	return []string{"on the way: " + strings.Join(names, ", ") + " (--diff shows where)"}
}

func natLines(nats []middlebox.NAT) (lines []string) {
	for _, n := range nats {
		var by []string
		for _, f := range n.Shown {
			by = append(by, fieldName(f))
		}
		how := "shown by"
		if n.Inferred() {
			how = "inferred from"
		}
		line := fmt.Sprintf("address translation %s, %s %s", betweenHops(n.After, n.Before), how, strings.Join(by, ", "))
		if n.Source.IsValid() {
			line += fmt.Sprintf(": source %s", Plain(n.Source))
		}
		lines = append(lines, line)
	}
	return lines
}

// untold says how far the quotes reach, lest nothing said be taken for nothing
// done.
func untold(h Header, t *tracer.Trace, r middlebox.Report) (lines []string) {
	quoting := middlebox.Quoting(t)
	switch {
	case h.Unquoted:
		lines = append(lines, "header changes: unknown, for an ordinary user's sockets do not show the IP header that routers quote")
	case quoting == 0:
		lines = append(lines, "header changes: unknown, for no hop quoted a probe")
	case len(r.Changes) == 0:
		lines = append(lines, fmt.Sprintf("header changes: none in what %s quoted", Count(quoting, "hop")))
	}
	return append(lines, shortLines(r.Short)...)
}

// shortLines names the hops that quote too little; there may be many.
func shortLines(hops []middlebox.Hop) []string {
	if len(hops) == 0 {
		return nil
	}
	var ttls []string
	for _, h := range hops {
		ttls = append(ttls, fmt.Sprint(h.TTL))
	}
	return []string{"too little is quoted to tell of checksum and options at hop " + strings.Join(ttls, ", ")}
}
