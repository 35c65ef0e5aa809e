package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// The page of a path MTU discovery says the MTUs where they change, and what each drop
// rests on.
func TestMTU(t *testing.T) {
	r := &pmtu.Result{Stop: tracer.StopReached, PathMTU: 1280, Sent: 99, Interface: 1500}
	for i, hop := range sampleTrace().Hops {
		mtu := 1500
		switch {
		case i == 2 || i == 3:
			mtu = 0 // nobody answers
		case i > 4:
			mtu = 1280
		}
		r.Hops = append(r.Hops, pmtu.Hop{Hop: hop, MTU: mtu})
	}
	r.Drops = []pmtu.Drop{{After: 5, Behind: 6, Before: 1500, MTU: 1280, Fails: 1281, Evidence: pmtu.Evidence{Passed: 4, Vanished: 5}}}
	h := sampleHeader()
	h.Size, h.Notes = 1500, []string{"a note\x1b"}
	var w bytes.Buffer
	if err := report.WriteMTU(&w, h, r, nil); err != nil {
		t.Fatal(err)
	}
	page := w.String()
	selfContained(t, page)
	said := text(t, page)
	for _, want := range []string{
		"path MTU 1280 bytes (between hops 5 and 6: 1280); reached in 7 hops", "99 probes", "up to 1500 bytes", "a note\uFFFD",
		"black hole between hops 5 and 6: packets above 1280 bytes vanish without a message (1280 bytes: 4 answered; 1281 bytes: 5 lost)",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Count(page, `class="mtu"`) != 2 || strings.Count(said, "MTU 1500\n") != 1 || strings.Count(said, "MTU 1280\n") != 1 {
		t.Error("the MTUs don't stand where they change, once each")
	}
	_, after, _ := strings.Cut(page, `<span class="ttl">6</span>`)
	if !strings.HasPrefix(strings.TrimSpace(after), `<div class="nodes"><p class="mtu">MTU 1280`) {
		t.Error("hop 6 does not say MTU 1280")
	}
}
