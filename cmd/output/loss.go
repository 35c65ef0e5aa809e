package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
)

// lossLines says what unanswered probes mean. A hop that never answers is left to
// its asterisks, unless more probes were sent to learn of it.
func lossLines(_ Header, t *tracer.Trace) (lines []string) {
	r := loss.Of(t)
	advice := "-q 20 or --loss tells more"
	if len(t.Rounds) > 0 {
		advice = ""
	}
	lines = LossLines(r.Verdicts, advice)
	if len(t.Rounds) > 0 && r.All.Sent > 0 && r.All.Lost == 0 {
		lines = append(lines, fmt.Sprintf("no loss: all of %s were answered", Count(r.All.Sent, "probe")))
	}
	reordered := 0
	for _, n := range r.Reordered {
		reordered += n
	}
	if reordered > 0 {
		lines = append(lines, Count(reordered, "answer")+" came after the answer to a later probe of the same hop")
	}
	return lines
}

// LossLines writes verdicts for people. Advice says how to learn more where there are
// too few probes; empty: there were enough.
func LossLines(verdicts []loss.Verdict, advice string) (lines []string) {
	for _, v := range verdicts {
		silent := v.Here.Lost == v.Here.Sent && (v.Kind == loss.Silent || v.Kind == loss.Few)
		if silent && advice != "" {
			continue
		}
		line := lossLine(v, advice)
		if v.Path > 0 {
			line = fmt.Sprintf("path %d: %s", v.Path, line)
		}
		lines = append(lines, line)
	}
	return lines
}

func lossLine(v loss.Verdict, advice string) string {
	at := fmt.Sprintf("hop %d", v.TTL)
	switch v.Kind {
	case loss.Loss:
		return fmt.Sprintf("loss starts at %s: %s lost from there on, out or back%s", starts(v), share(v), compared(v))
	case loss.Limits:
		return fmt.Sprintf("%s limits its ICMP, no packet loss: %s unanswered%s", at, of(v.Here), compared(v))
	case loss.Answers:
		return fmt.Sprintf("%s: answers are missing, packets are not: %s unanswered%s", at, of(v.Here), compared(v))
	case loss.Silent:
		return fmt.Sprintf("%s is silent, no packet loss: %s unanswered, hops beyond answer", at, of(v.Here))
	case loss.Local:
		return fmt.Sprintf("dropped by this host, or still in its queue: %s probes never reached the driver", of(v.Here))
	case loss.Unclear:
		return fmt.Sprintf("%s: %s unanswered: packets get lost, or answers are limited; nothing beyond tells%s", at, share(v), compared(v))
	}
	more := ": too few to tell why"
	if advice != "" {
		more = ": too few probes to tell why; " + advice
	}
	return fmt.Sprintf("%s: %s unanswered%s", listed(v.Hops), of(v.Here), more)
}

// starts says where loss starts.
func starts(v loss.Verdict) string {
	if v.First == v.Last {
		return fmt.Sprintf("hop %d", v.First)
	}
	return fmt.Sprintf("hop %d (95 %%: %d to %d)", v.TTL, v.First, v.Last)
}

func of(c loss.Count) string { return fmt.Sprintf("%d of %d", c.Lost, c.Sent) }

// share is a loss with its confidence interval.
func share(v loss.Verdict) string {
	return fmt.Sprintf("%s, %.0f %% (95 %%: %.0f to %.0f %%),", of(v.Here), 100*v.Here.Rate(), 100*v.Low, 100*v.High)
}

// compared says what the verdict rests on, and at which paces.
func compared(v loss.Verdict) string {
	var s string
	switch v.Evidence {
	case loss.ByRate:
		s = "it answers more at a lower rate"
	case loss.BySpacing:
		s = "its answers come at intervals"
	case loss.ByBurst:
		s = fmt.Sprintf("%s beyond, and answers come in a burst", of(v.Others))
	case loss.ByBeyond:
		s = fmt.Sprintf("%s beyond", of(v.Others))
	case loss.ByBefore:
		s = fmt.Sprintf("%s before", of(v.Others))
	case loss.ByAll:
		return "; alike at all hops" + paces(v)
	}
	return fmt.Sprintf("; %s (%s, p %.1g)%s", s, test(v.Evidence), v.P, paces(v))
}

func test(e loss.Evidence) string {
	if e == loss.BySpacing || e == loss.ByBurst {
		return "exact test"
	}
	return "Fisher's exact test"
}

// paces says what the hop lost at each pace.
func paces(v loss.Verdict) string {
	var all []string
	for _, p := range v.Paces {
		at := "at once"
		if p.Interval > 0 {
			at = "each " + Duration(p.Interval)
		}
		all = append(all, fmt.Sprintf("%s %s", of(p.Count), at))
	}
	if all == nil {
		return ""
	}
	return "; by pace: " + strings.Join(all, ", ")
}

// listed names hops.
func listed(ttls []int) string {
	if len(ttls) == 1 {
		return span(ttls[0], ttls[0])
	}
	names := make([]string, len(ttls))
	for i, ttl := range ttls {
		names[i] = fmt.Sprint(ttl)
	}
	return "hops " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
