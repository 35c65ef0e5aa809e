package output

import (
	"bytes"
	"errors"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/ebpftrace/ebpftrace/cmd/internal/goldentest"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// mtuSample is a discovery as a writer gets to see it.
type mtuSample struct {
	name   string
	header Header
	result *pmtu.Result
	err    error
}

var (
	mtuHeader4 = header4.with(func(h *Header) { h.Size = 1500 })
	mtuHeader6 = header6.with(func(h *Header) { h.Size = 1500 })
	routers4   = []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.7"}
	routers6   = []string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:ffff::7"}
)

// discovery returns a result whose hops answer from the addresses, with the drops
// between.
func discovery(stop tracer.StopReason, addrs []string, drops ...pmtu.Drop) *pmtu.Result {
	r := &pmtu.Result{
		Stop: stop, Started: began, Elapsed: 345 * time.Millisecond, Interface: 1500, Drops: drops,
		Sent: 47, Search: 12,
	}
	r.PathMTU = 1500
	for i, h := range path(addrs...) {
		for _, d := range drops {
			if d.After == i {
				r.PathMTU = d.MTU
			}
		}
		r.Hops = append(r.Hops, pmtu.Hop{Hop: h, MTU: r.PathMTU})
	}
	return r
}

// refuses is a drop that a message of the hop before tells of.
func refuses(addrs []string, after, mtu, claim int, worth pmtu.Worth) pmtu.Drop {
	m := &pmtu.Message{From: netip.MustParseAddr(addrs[after-1]), Size: 1500, MTU: claim}
	return pmtu.Drop{
		After: after, Behind: after + 1, Before: 1500, MTU: mtu, Fails: mtu + 1, Message: m, First: m, Worth: worth,
		Evidence: pmtu.Evidence{Passed: 3, Refused: 1, Probes: 4},
	}
}

// vanished is a black hole.
func vanished(after, behind, mtu, fails int) pmtu.Drop {
	return pmtu.Drop{
		After: after, Behind: behind, Before: 1500, MTU: mtu, Fails: fails,
		Evidence: pmtu.Evidence{Passed: 7, Vanished: 5, Probes: 25},
	}
}

func mtuSamples() []mtuSample {
	h4, h6 := mtuHeader4, mtuHeader6
	unheard := discovery(tracer.StopGap, routers4[:2])
	lost := pmtu.Hop{Hop: tracer.Hop{TTL: 3, Probes: []tracer.Probe{{TTL: 3, State: tracer.Lost, SentAt: began}}}}
	unheard.Hops = append(unheard.Hops, lost)
	alone := discovery(tracer.StopGap, routers4[:2], refuses(routers4, 2, 1400, 1400, pmtu.True))
	alone.Drops[0].Behind, alone.Drops[0].Evidence = 0, pmtu.Evidence{Refused: 3, Probes: 6}
	alone.Hops = append(alone.Hops, lost)
	untold := discovery(tracer.StopGap, routers4[:2], refuses(routers4, 2, 0, 0, pmtu.Unstated))
	untold.Drops[0].Behind, untold.Drops[0].Fails, untold.Drops[0].Evidence = 0, 0, pmtu.Evidence{}
	untold.Hops = append(untold.Hops, lost)
	nobody := &pmtu.Result{Stop: tracer.StopGap, Started: began, Interface: 1500, Sent: 24, Hops: []pmtu.Hop{lost}}
	mixed := discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1380, 1400, pmtu.TooHigh))
	mixed.Drops[0].Message, mixed.Drops[0].Evidence = nil, pmtu.Evidence{Passed: 7, Vanished: 5, Probes: 25}
	return []mtuSample{
		{"no drop", h4, discovery(tracer.StopReached, routers4), nil},
		{"steps", h4, discovery(tracer.StopReached, routers4,
			refuses(routers4, 1, 1492, 1492, pmtu.True), refuses(routers4, 3, 1400, 1400, pmtu.True)), nil},
		{"step v6", h6, discovery(tracer.StopReached, routers6, refuses(routers6, 2, 1400, 1400, pmtu.True)), nil},
		{"hole", h4, discovery(tracer.StopReached, routers4, vanished(2, 3, 1380, 1381)), nil},
		{"hole at once", h6, discovery(tracer.StopReached, routers6, vanished(0, 1, 1380, 1381)), nil},
		{"hole inexact", h4, discovery(tracer.StopInterrupted, routers4[:3], vanished(2, 3, 1280, 1400)), nil},
		{"old", h4, discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1333, 0, pmtu.Unstated)), nil},
		{"absurd", h6, discovery(tracer.StopReached, routers6, refuses(routers6, 2, 1400, 1500, pmtu.Absurd)), nil},
		{"below minimum v4", h4, discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1400, 60, pmtu.BelowMinimum)), nil},
		{"below minimum v6", h6, discovery(tracer.StopReached, routers6, refuses(routers6, 2, 1400, 60, pmtu.BelowMinimum)), nil},
		{"too high", h4, discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1400, 1450, pmtu.TooHigh)), nil},
		{"too low", h4, discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1400, 1300, pmtu.TooLow)), nil},
		{"nobody behind", h4, alone, nil},
		{"nobody behind and untold", h4, untold, nil},
		{"hole with a message", h4, mixed, nil},
		{"silence", h4, unheard, nil},
		{"nobody", h4, nobody, nil},
		{"hostile name", h4.with(func(h *Header) { h.Names = book{"192.0.2.2": "x\x1b[2J\u202egw"} }),
			discovery(tracer.StopReached, routers4, refuses(routers4, 2, 1400, 1400, pmtu.True)), nil},
		{"failed", h4, discovery(tracer.StopFailed, routers4[:1]), errors.New("network is down")},
		{"none", h4, nil, errors.New("no room")},
	}
}

// play runs a sample through a writer.
func (s mtuSample) play(t *testing.T, w MTUWriter) {
	t.Helper()
	if err := w.Start(s.header); err != nil {
		t.Fatal(err)
	}
	if s.result != nil {
		drops := s.result.Drops
		for _, h := range s.result.Hops {
			for len(drops) > 0 && drops[0].After < h.TTL {
				w.Drop(drops[0])
				drops = drops[1:]
			}
			w.Hop(h)
		}
		for _, d := range drops {
			w.Drop(d)
		}
	}
	if err := w.End(s.result, s.err); err != nil {
		t.Error(err)
	}
}

// writtenMTU returns the formats that a path MTU is written in.
func writtenMTU(t *testing.T) (all []Format) {
	t.Helper()
	for name := range mtuFormats {
		f, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// TestMTUGolden holds every format to its files. (go test -update writes them.)
func TestMTUGolden(t *testing.T) {
	for _, f := range writtenMTU(t) {
		for _, s := range mtuSamples() {
			t.Run(f.Name+"/"+s.name, func(t *testing.T) {
				var alone, behind bytes.Buffer
				s.play(t, mtuFormats[f.Name](&alone))
				s.play(t, MTU(f, &behind))
				if alone.String() != behind.String() {
					t.Errorf("from another goroutine:\n%s\nalone:\n%s", &behind, &alone)
				}
				goldentest.Compare(t, filepath.Join("testdata", "mtu-"+strings.ReplaceAll(s.name, " ", "-")+"."+f.Name+".golden"), alone.Bytes())
			})
		}
	}
}

// TestMTUSafe lets nothing through that a terminal would act on, and loses no error.
func TestMTUSafe(t *testing.T) {
	for _, f := range writtenMTU(t) {
		for _, s := range mtuSamples() {
			var out bytes.Buffer
			s.play(t, mtuFormats[f.Name](&out))
			unsafe := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
			if at := slices.IndexFunc([]rune(out.String()), unsafe); at >= 0 || !strings.HasSuffix(out.String(), "\n") {
				t.Errorf("%s of %s: %q", f.Name, s.name, out.String())
			}
			if s.err != nil && !strings.Contains(out.String(), s.err.Error()) {
				t.Errorf("%s of %s: nothing about %q", f.Name, s.name, s.err)
			}
		}
	}
}
