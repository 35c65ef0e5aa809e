package sim

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// onLink runs a test in virtual time, with a link to a network of three nodes.
func onLink(t *testing.T, second, last string, f func(t *testing.T, l *Link, ipv6 bool)) {
	t.Helper()
	both(t, func(t *testing.T, ipv6 bool) {
		synctest.Test(t, func(t *testing.T) {
			f(t, NewLink(chain(t, second, last), LinkOptions{Secret: testSecret, SourcePort: testPort}), ipv6)
		})
	})
}

func send(t *testing.T, l *Link, p testProbe) stamp.Mono {
	t.Helper()
	at, err := l.Send(p.bytes(t))
	must(t, err)
	return at
}

// next returns the next answer within a minute.
func next(t *testing.T, l *Link) tracer.Answer {
	t.Helper()
	a, err := l.Next(time.Now().Add(time.Minute))
	must(t, err)
	return a
}

// quiet asserts that no answer comes within a minute, and what was counted.
func quiet(t *testing.T, l *Link, want tracer.Counters) {
	t.Helper()
	if a, err := l.Next(time.Now().Add(time.Minute)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("answer %+v, error %v, want none", a, err)
	}
	if got, _ := l.Counters(); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

// wireIdent returns the identifier that the packet carries: that of a UDP probe
// is its checksum.
func wireIdent(t *testing.T, p testProbe) uint16 {
	t.Helper()
	d, err := parse(p.bytes(t))
	must(t, err)
	return identOf(d)
}

func TestLinkStampsAndWaits(t *testing.T) {
	onLink(t, "", "", func(t *testing.T, l *Link, ipv6 bool) {
		for _, protocol := range protocols {
			for ttl, rtt := range map[uint8]time.Duration{1: 2, 2: 6, 3: 12} {
				began := time.Now()
				p := testProbe{ipv6: ipv6, protocol: protocol, ttl: ttl, ident: uint16(ttl) + 1}
				sent := send(t, l, p)
				a := next(t, l)
				rtt *= time.Millisecond
				if took := time.Since(began); took != rtt {
					t.Errorf("%s, TTL %d: Next took %v, want %v", protocol, ttl, took, rtt)
				}
				if a.Ident != wireIdent(t, p) || a.Duplicate || a.Rewritten || a.Unidentified {
					t.Errorf("%s, TTL %d: answer %+v", protocol, ttl, a)
				}
				if got, timing, err := a.Stamps.RTT(); got != rtt || timing.Name != "tcx" || err != nil {
					t.Errorf("%s, TTL %d: %v by %q, %v, want %v", protocol, ttl, got, timing.Name, err, rtt)
				}
				if a.Stamps[stamp.TCXEgress] != sent || sent <= 0 || a.Length != len(a.Packet) {
					t.Errorf("%s, TTL %d: sent %d, answer %+v", protocol, ttl, sent, a)
				}
			}
		}
		quiet(t, l, tracer.Counters{Probes: 9, Answers: 9})
	})
}

func TestLinkDeadlines(t *testing.T) {
	onLink(t, "", "", func(t *testing.T, l *Link, ipv6 bool) {
		send(t, l, testProbe{ipv6: ipv6, ttl: 2, ident: 5})
		began := time.Now()
		for _, wait := range []time.Duration{-time.Hour, 0, time.Millisecond} {
			if _, err := l.Next(time.Now().Add(wait)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("waiting %v: error %v", wait, err)
			}
		}
		if took := time.Since(began); took != time.Millisecond {
			t.Errorf("waited %v, want 1ms", took)
		}
		time.Sleep(time.Hour)
		a, err := l.Next(began)
		must(t, err)
		if rtt, _, _ := a.Stamps.RTT(); rtt != 6*time.Millisecond {
			t.Errorf("an answer fetched late has an RTT of %v, want 6ms", rtt)
		}
	})
}

func TestLinkWakesUp(t *testing.T) {
	onLink(t, "", "", func(t *testing.T, l *Link, ipv6 bool) {
		began := time.Now()
		go func() {
			time.Sleep(time.Second)
			send(t, l, testProbe{ipv6: ipv6, ttl: 1, ident: 5})
		}()
		next(t, l)
		if took := time.Since(began); took != time.Second+2*time.Millisecond {
			t.Errorf("Next took %v", took)
		}
	})
}

func TestLinkOrdersAnswersByTime(t *testing.T) {
	onLink(t, "", "", func(t *testing.T, l *Link, ipv6 bool) {
		far := testProbe{ipv6: ipv6, protocol: "tcp", ttl: 3, ident: 3}
		near := testProbe{ipv6: ipv6, protocol: "tcp", ttl: 1, ident: 1}
		send(t, l, far)
		send(t, l, near)
		if a, b := next(t, l), next(t, l); a.Ident != 1 || b.Ident != 3 {
			t.Errorf("answers to %d and %d, want 1 and 3", a.Ident, b.Ident)
		}
	})
}

// TestLinkJoinsInOrder: an answer that named no probe belongs to the one that
// was the last when it came, however late it is fetched.
func TestLinkJoinsInOrder(t *testing.T) {
	onLink(t, "", `udp = "reply"`, func(t *testing.T, l *Link, ipv6 bool) {
		first := testProbe{ipv6: ipv6, ttl: 3, ident: 8}
		send(t, l, first)
		time.Sleep(time.Second)
		send(t, l, testProbe{ipv6: ipv6, ttl: 3, ident: 9})
		if a := next(t, l); a.Ident != wireIdent(t, first) {
			t.Errorf("answer to %#x, want %#x", a.Ident, wireIdent(t, first))
		}
	})
}

func TestLinkCompletesTheHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLink(chain(t, "", ""), LinkOptions{SourcePort: testPort})
		b := testProbe{ttl: 1}.bytes(t)
		b[10], b[11] = 0, 0
		_, err := l.Send(b)
		must(t, err)
		next(t, l)
		if l.Network().Packets != 1 {
			t.Errorf("network counted %+v", l.Network())
		}
	})
}

func TestLinkRefusesWhatIsNoPacket(t *testing.T) {
	l := NewLink(chain(t, "", ""), LinkOptions{})
	for _, b := range [][]byte{nil, {0x45}, make([]byte, 40)} {
		if _, err := l.Send(b); err == nil {
			t.Errorf("%x was sent", b)
		}
	}
}
