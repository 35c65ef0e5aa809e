package output

import "github.com/ebpftrace/ebpftrace/tracer/multipath"

// multipathRemarks returns a line for each counter that isn't zero and that says
// something about the result.
func multipathRemarks(r *multipath.Result) (lines []string) {
	c, y := r.Counters, r.Tally
	for _, remark := range []struct {
		n          uint64
		what, text string
	}{
		{uint64(y.Lost), "probe", "that no answer came to"},
		{uint64(y.Awaited), "probe", "that might yet have been answered"},
		{uint64(y.NotSent), "probe", "that this host refused to send"},
		{c.Overflow, "answer", "lost because a buffer was full"},
		{c.ImpossibleStamps, "driver or receive stamp", "dropped as impossible; the next best was taken"},
		{c.LateStamps, "answer", "whose further stamps came too late to be joined to it"},
		{c.Malformed, "answer", "too short or too broken to match"},
		{c.Unmatched, "answer", "to packets that this run never sent"},
		{hiding(c, 0), "ICMP error", ofOthers},
		{max(c.Duplicates, uint64(y.Duplicates)), "answer", "to probes answered before"},
		{uint64(y.Late), "answer", "after the probe had been given up"},
		{uint64(y.Rewritten), "answer", "with a quote that an address translator changed"},
		{uint64(y.Unidentified), "UDP answer", "that named no probe; from then on one probe went at a time"},
		{uint64(y.Stray), "answer", "to no probe of this run"},
		{uint64(y.Impossible), "sample", "dropped, stamped as answered before the probe was sent"},
		{uint64(y.Unparsed), "answer", "matched but not understood"},
		{uint64(y.Beyond), "answer", "from beyond the end of a way, at no node"},
	} {
		if remark.n > 0 {
			lines = append(lines, Count(remark.n, remark.what)+" "+remark.text)
		}
	}
	return lines
}
