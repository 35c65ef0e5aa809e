package output

import (
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// outcome says how the trace ended, in one line.
func outcome(t *tracer.Trace, err error) string {
	took := Duration(t.Elapsed)
	if more := further(t); more > 0 {
		took += ", then " + Duration(more) + " of probing for loss"
	}
	switch t.Stop {
	case tracer.StopReached:
		return fmt.Sprintf("reached in %s, %s", Count(lastTTL(t), "hop"), took)
	case tracer.StopUnreachable:
		return fmt.Sprintf("not reached: %s, %s", refused(t), took)
	case tracer.StopGap:
		return fmt.Sprintf("not reached: no answer from %s, %s", lastHops(silent(t)), took)
	case tracer.StopMaxTTL:
		return fmt.Sprintf("not reached within %s, %s", Count(lastTTL(t), "hop"), took)
	case tracer.StopInterrupted:
		return fmt.Sprintf("interrupted %s, %s", where(t), took)
	}
	return failure(fmt.Sprintf("failed %s, %s", where(t), took), err)
}

// further returns for how long there were further probes: from the end of the trace
// to the last of them, by the wall clock.
func further(t *tracer.Trace) time.Duration {
	last := time.Time{}
	for _, r := range t.Rounds {
		for _, h := range r.Hops {
			for _, p := range h.Probes {
				if p.SentAt.After(last) {
					last = p.SentAt
				}
			}
		}
	}
	return last.Sub(t.Started.Add(t.Elapsed))
}

// failure appends what went wrong, if that is known.
func failure(what string, err error) string {
	if err == nil {
		return what
	}
	return what + ": " + Safe(err.Error())
}

func lastTTL(t *tracer.Trace) int {
	if len(t.Hops) == 0 {
		return 0
	}
	return t.Hops[len(t.Hops)-1].TTL
}

// where says how far the trace had got.
func where(t *tracer.Trace) string {
	if len(t.Hops) == 0 {
		return "before the first hop"
	}
	return fmt.Sprintf("at hop %d", lastTTL(t))
}

func lastHops(n int) string {
	if n == 1 {
		return "the last hop"
	}
	return "the last " + Count(n, "hop")
}

// refused says which hop barred the way, and with what words.
func refused(t *tracer.Trace) string {
	for _, h := range t.Hops {
		for _, p := range h.Probes {
			if p.State == tracer.Unreachable {
				return Refusal(p)
			}
		}
	}
	return "the way is barred"
}

// Refusal says which hop barred the way, by the probe that it did it to.
func Refusal(p tracer.Probe) string {
	return fmt.Sprintf("hop %d (%s) says %s", p.TTL, Plain(p.Answer.From), explain(p.Answer).words)
}

// silent counts the hops at the end of the trace that nobody answered from.
func silent(t *tracer.Trace) (n int) {
	for i := len(t.Hops) - 1; i >= 0 && !firstSource(t.Hops[i]).IsValid(); i-- {
		n++
	}
	return n
}

// Remarks returns a line for each counter that isn't zero and that says
// something about the result.
func Remarks(c tracer.Counters, y tracer.Tally) (lines []string) {
	for _, r := range []struct {
		n          uint64
		what, text string
	}{
		{c.Overflow, "answer", "lost because a buffer was full"},
		{c.ImpossibleStamps, "driver or receive stamp", "dropped as impossible; the next best was taken"},
		{c.LateStamps, "answer", "whose further stamps came too late to be joined to it"},
		{c.Malformed, "answer", "too short or too broken to match"},
		{c.Unmatched, "answer", "to packets that this trace never sent"},
		{hiding(c, y.Beyond), "ICMP error", ofOthers},
		{c.Duplicates, "answer", "to probes answered before"},
		{uint64(y.Late), "answer", "after the probe had been given up"},
		{uint64(y.Rewritten), "answer", "with a quote that an address translator changed"},
		{uint64(y.Unidentified), "UDP answer", "that named no probe; those hops were probed again, one at a time"},
		{uint64(y.Stray), "answer", "to no probe still kept"},
		{uint64(y.Impossible), "sample", "dropped, stamped as answered before the probe was sent"},
		{uint64(y.Unparsed), "answer", "matched but not understood"},
	} {
		if r.n > 0 {
			lines = append(lines, Count(r.n, r.what)+" "+r.text)
		}
	}
	return lines
}

const ofOthers = "about packets from other ports: of other programs, or of probes that a translator changed"

// hiding returns how many ICMP errors about others there were, if an answer that is
// missing may be among them. If all were answered but those sent past the end of the
// path, as is usual where hops are probed together, they are of no interest.
func hiding(c tracer.Counters, beyond int) uint64 {
	if c.Answers+uint64(beyond) < c.Probes {
		return c.Foreign
	}
	return 0
}

// Count writes a number and its noun, which takes an s where it isn't 1.
func Count[T int | int64 | uint64](n T, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
