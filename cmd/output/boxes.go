package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
)

// fieldWords names fields for people, where more is to be said than the name.
var fieldWords = map[middlebox.Field]string{
	middlebox.DSCP: "DSCP", middlebox.ECN: "ECN", middlebox.ID: "IP ID", middlebox.DF: "DF",
	middlebox.UDPLength: "UDP length", middlebox.MSS: "TCP MSS", middlebox.Options: "TCP options",
	middlebox.Sequence: "TCP sequence", middlebox.Flags: "TCP flags", middlebox.Window: "TCP window",
	middlebox.EchoID: "echo identifier", middlebox.AnswerSource: "source of answers",
}

func fieldName(f middlebox.Field) string {
	if words, ok := fieldWords[f]; ok {
		return words
	}
	return strings.ReplaceAll(string(f), "_", " ")
}

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

// told says what became of a field.
func told(c middlebox.Change) string {
	s := fmt.Sprintf("%s %s -> %s", fieldName(c.Field), c.From, c.To)
	var more []string
	if c.Off != "" {
		more = append(more, "off by "+c.Off)
	}
	if c.Restored {
		more = append(more, "as it was sent")
	}
	if c.Probes < c.Of {
		more = append(more, fmt.Sprintf("in %d of %s", c.Probes, Count(c.Of, "probe")))
	}
	if len(more) == 0 {
		return s
	}
	return s + ", " + strings.Join(more, ", ") + ","
}

// betweenHops says where something happens.
func betweenHops(after, before middlebox.Hop) string {
	if after.TTL == 0 {
		return fmt.Sprintf("between this host and hop %d (%s)", before.TTL, Plain(before.Addr))
	}
	return fmt.Sprintf("between hops %d (%s) and %d (%s)", after.TTL, Plain(after.Addr), before.TTL, Plain(before.Addr))
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
	for _, s := range r.Short {
		lines = append(lines, fmt.Sprintf("hop %d (%s) quotes too little to tell of checksum and options", s.TTL, Plain(s.Addr)))
	}
	return lines
}
