package lab_test

import (
	"bytes"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// newSimulated returns a scenario and the lab that it runs in.
func newSimulated(t *testing.T, scenario string) (*sim.Scenario, *lab.Front) {
	t.Helper()
	needRoot(t)
	s := simtest.Load(t, scenario)
	f, err := lab.Simulated(t.Context(), s, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return s, f
}

// mirror is a responder that sends UDP packets back, the first after the
// longest time, and keeps what it saw. The checksums stay right when source and
// target change places.
type mirror struct {
	mu   sync.Mutex
	seen [][]byte
}

const mirrorDelay = 30 * time.Millisecond

func (m *mirror) Handle(_ time.Time, packet []byte) []sim.Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, bytes.Clone(packet))
	address, size, header := 12, 4, 20
	if packet[0]>>4 == 6 {
		address, size, header = 8, 16, 40
	}
	swap(packet[address:], size)
	swap(packet[header:], 2)
	after := mirrorDelay / time.Duration(len(m.seen))
	return []sim.Delivery{{After: after, Packet: packet}, {Packet: []byte("? is no IP packet")}}
}

// swap exchanges the first size bytes with the next.
func swap(b []byte, size int) {
	for i := range size {
		b[i], b[size+i] = b[size+i], b[i]
	}
}

func newMirror(t *testing.T) (*mirror, *lab.Front) {
	t.Helper()
	needRoot(t)
	m := new(mirror)
	f, err := lab.Answered(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return m, f
}

// dial returns a UDP socket of the client, connected to any address.
func dial(t *testing.T, l *lab.Lab, to string) (c *net.UDPConn) {
	t.Helper()
	err := l.Do(lab.Client, func() (err error) {
		c, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.MustParseAddrPort(to)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Packets to any address reach the responder, and its answers the client when
// they are due and not before, in that order.
func TestFrontAnswers(t *testing.T) {
	for _, to := range []string{"192.0.2.1:7", "[2001:db8:7::1]:7"} {
		_, f := newMirror(t)
		c := dial(t, f.Lab, to)
		start := time.Now()
		for _, text := range []string{"one", "two", "three"} {
			if _, err := c.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		c.SetReadDeadline(start.Add(5 * time.Second))
		for i, want := range []string{"three", "two", "one"} {
			buf := make([]byte, 100)
			n, err := c.Read(buf)
			if got := string(buf[:n]); err != nil || got != want {
				t.Fatalf("%s: answer %q, %v, want %q", to, got, err, want)
			}
			due := mirrorDelay / time.Duration(3-i)
			if took := time.Since(start); took < due || took > due+time.Second {
				t.Errorf("%s: %s came after %v, due after %v", to, want, took, due)
			}
		}
		if got, want := f.Counters(), (lab.Counters{In: 3, Out: 3, Dropped: 3}); got != want {
			t.Errorf("counters %+v, want %+v", got, want)
		}
	}
}

// The client has an address of each family, and sends nothing by itself: no
// router solicitation, no multicast report.
func TestFrontIsQuiet(t *testing.T) {
	m, f := newMirror(t)
	client, ok := f.Node(lab.Client)
	if !ok || !client.V4.Is4() || !client.V6.Is6() {
		t.Errorf("client %v", client)
	}
	time.Sleep(1500 * time.Millisecond) // reports come within the first second
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.seen) > 0 {
		t.Errorf("the client sent % x", m.seen)
	}
}

// A front ends at once, whatever waits.
func TestFrontCloses(t *testing.T) {
	_, f := newMirror(t)
	dial(t, f.Lab, "192.0.2.1:7").Write([]byte("one"))
	start := time.Now()
	f.Close()
	f.Close()
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

// Each node of a simulated network answers, under its name and the target under
// that name too, after the simulated time.
func TestSimulated(t *testing.T) {
	s, f := newSimulated(t, "clean")
	target, ok := f.Node(lab.Target)
	if !ok || target.V4 != s.TargetAddr(false) {
		t.Fatalf("target %v", target)
	}
	for i, h := range s.Truth.Hops {
		for _, to := range []netip.Addr{target.V4, target.V6} {
			start := time.Now()
			from, _, err := answerTo(f.Lab, to, i+1)
			took := time.Since(start)
			if want := s.Addresses(i+1, to.Is6()); err != nil || from != want[0] {
				t.Errorf("TTL %d: from %v, %v, want %v", i+1, from, err, want)
			}
			if took < h.RTT.Duration {
				t.Errorf("TTL %d: answered after %v, before the %v of the scenario", i+1, took, h.RTT)
			}
		}
	}
}
