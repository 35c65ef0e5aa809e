package output

import (
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
)

func replyTTL(ttl uint8) func(*tracer.Probe) {
	return func(p *tracer.Probe) { p.Answer.TTL = ttl }
}

func TestBackLines(t *testing.T) {
	tr := trace(tracer.StopReached, 9*ms,
		at(1, heard("192.0.2.1", ms, replyTTL(64)), heard("192.0.2.1", ms, replyTTL(64))), at(2, lost),
		at(3, heard("203.0.113.1", ms, replyTTL(247))), at(11, heard("203.0.113.2", ms, replyTTL(126))),
		at(12, heard("203.0.113.3", ms, replyTTL(53)), lost, heard("203.0.113.3", ms, replyTTL(52))))
	want := []string{
		"way back, as likely as reply TTLs tell it:",
		" 1  1 hop back, reply TTL 64 of 64",
		" 3  9 hops back, reply TTL 247 of 255, asymmetric: 6 longer",
		"11  3 hops back, reply TTL 126 of 128, asymmetric: 8 shorter",
		"12  12 hops back, reply TTL 53 of 64; 13 hops back, reply TTL 52 of 64; reply TTLs vary",
	}
	h := header4.with(func(h *Header) { h.Back = true })
	if got := backLines(h, tr); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := backLines(header4, tr); got != nil {
		t.Errorf("unasked: %q", got)
	}
	if got := backLines(h, trace(tracer.StopGap, ms, path("-")...)); got != nil {
		t.Errorf("of silence: %q", got)
	}
}
