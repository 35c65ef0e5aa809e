package lab_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// answerTo sends a UDP packet of that TTL to an address and returns who answers
// with an ICMP error, and its type.
func answerTo(l *lab.Lab, to netip.Addr, ttl int) (from netip.Addr, kind icmp.Type, err error) {
	err = l.Do(lab.Client, func() error {
		from, kind, err = exchange(to, ttl)
		return err
	})
	return from, kind, err
}

func exchange(to netip.Addr, ttl int) (from netip.Addr, kind icmp.Type, err error) {
	network, udp, any, proto := "ip4:icmp", "udp4", "0.0.0.0", 1
	if to.Is6() {
		network, udp, any, proto = "ip6:ipv6-icmp", "udp6", "::", 58
	}
	errs, err := icmp.ListenPacket(network, any)
	if err != nil {
		return from, nil, err
	}
	defer errs.Close()
	probes, err := net.ListenPacket(udp, net.JoinHostPort(any, "0"))
	if err != nil {
		return from, nil, err
	}
	defer probes.Close()
	if err := setTTL(probes, ttl, to.Is6()); err != nil {
		return from, nil, err
	}
	to16 := net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 33434))
	if _, err := probes.WriteTo([]byte("probe"), to16); err != nil {
		return from, nil, err
	}
	return receiveError(errs, proto)
}

func setTTL(c net.PacketConn, ttl int, v6 bool) error {
	if v6 {
		return ipv6.NewPacketConn(c).SetHopLimit(ttl)
	}
	return ipv4.NewPacketConn(c).SetTTL(ttl)
}

// receiveError returns the first ICMP error; neighbour discovery is seen too.
func receiveError(c *icmp.PacketConn, proto int) (netip.Addr, icmp.Type, error) {
	c.SetReadDeadline(time.Now().Add(2 * time.Second))
	buf := make([]byte, 1500)
	for range 100 {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return netip.Addr{}, nil, err
		}
		m, err := icmp.ParseMessage(proto, buf[:n])
		if err != nil {
			return netip.Addr{}, nil, err
		}
		switch m.Body.(type) {
		case *icmp.TimeExceeded, *icmp.DstUnreach:
			return netip.MustParseAddr(from.String()), m.Type, nil
		}
	}
	return netip.Addr{}, nil, fmt.Errorf("only messages that are no errors came")
}

// Each node answers the probe whose TTL is its distance, from the address that
// faces the client.
func TestChainAnswers(t *testing.T) {
	l := newChain(t, 5)
	nodes := l.Nodes()
	target := nodes[len(nodes)-1]
	if len(nodes) != 7 || target.Name != lab.Target {
		t.Fatalf("nodes: %v", nodes)
	}
	for ttl, n := range nodes[1:] {
		checkAnswer(t, l, target.V4, ttl+1, n.V4, ipv4.ICMPTypeTimeExceeded, ipv4.ICMPTypeDestinationUnreachable)
		checkAnswer(t, l, target.V6, ttl+1, n.V6, ipv6.ICMPTypeTimeExceeded, ipv6.ICMPTypeDestinationUnreachable)
	}
}

func checkAnswer(t *testing.T, l *lab.Lab, target netip.Addr, ttl int, want netip.Addr, expired, reached icmp.Type) {
	t.Helper()
	wantKind := expired
	if want == target {
		wantKind = reached
	}
	from, kind, err := answerTo(l, target, ttl)
	if err != nil || from != want || kind != wantKind {
		t.Errorf("TTL %d to %v: %v from %v, %v, want %v from %v", ttl, target, kind, from, err, wantKind, want)
	}
}

// Every error is answered, however many there are: no limit of the kernel holds.
func TestChainIsNotRateLimited(t *testing.T) {
	l := newChain(t, 1)
	target, _ := l.Node(lab.Target)
	for _, to := range []netip.Addr{target.V4, target.V6} {
		for i := range 500 {
			if _, _, err := answerTo(l, to, 1); err != nil {
				t.Fatalf("probe %d to %v: %v", i, to, err)
			}
		}
	}
}

// The last of very many routers can be heard, and knows where to send what it
// has no route for: back, as an error, and not around.
func TestChainLong(t *testing.T) {
	l := newChain(t, 40)
	target, _ := l.Node(lab.Target)
	last, _ := l.Node("r40")
	first, _ := l.Node("r1")
	for _, tt := range []struct {
		to   netip.Addr
		ttl  int
		want netip.Addr
	}{
		{target.V4, 40, last.V4},
		{target.V6, 40, last.V6},
		{netip.MustParseAddr("192.0.2.1"), 64, first.V4},
		{netip.MustParseAddr("2001:db8:ffff::1"), 64, first.V6},
	} {
		if from, _, err := answerTo(l, tt.to, tt.ttl); err != nil || from != tt.want {
			t.Errorf("TTL %d to %v: from %v, %v, want %v", tt.ttl, tt.to, from, err, tt.want)
		}
	}
}

// Two labs use the same addresses and do not meet.
func TestTwoLabs(t *testing.T) {
	a, b := newChain(t, 1), newChain(t, 2)
	targetA, _ := a.Node(lab.Target)
	targetB, _ := b.Node(lab.Target)
	checkAnswer(t, a, targetA.V4, 9, targetA.V4, nil, ipv4.ICMPTypeDestinationUnreachable)
	checkAnswer(t, b, targetB.V4, 9, targetB.V4, nil, ipv4.ICMPTypeDestinationUnreachable)
	a.Close()
	checkAnswer(t, b, targetB.V6, 9, targetB.V6, nil, ipv6.ICMPTypeDestinationUnreachable)
}

func TestDoReturns(t *testing.T) {
	l := newChain(t, 1)
	space := func() string {
		name, err := os.Readlink("/proc/thread-self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	home := space()
	wrong := fmt.Errorf("as fn says")
	err := l.Do("r1", func() error {
		outer := space()
		l.Do(lab.Target, func() error {
			if inner := space(); inner == outer || inner == home {
				t.Errorf("target shares the namespace %s", inner)
			}
			return nil
		})
		if space() != outer || outer == home {
			t.Errorf("in %s after %s, from %s", space(), outer, home)
		}
		return wrong
	})
	if err != wrong || space() != home {
		t.Errorf("error %v, in %s, from %s", err, space(), home)
	}
}

func TestChainRefuses(t *testing.T) {
	for _, routers := range []int{-1, lab.MaxRouters + 1} {
		if l, err := lab.Chain(t.Context(), lab.Options{Routers: routers}); err == nil {
			l.Close()
			t.Errorf("a chain of %d routers", routers)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if l, err := lab.Chain(ctx, lab.Options{}); err == nil {
		l.Close()
		t.Error("a chain in a context that has ended")
	}
}

func BenchmarkChain(b *testing.B) {
	if os.Geteuid() != 0 {
		b.Skip("needs root to make network namespaces")
	}
	for b.Loop() {
		l, err := lab.Chain(b.Context(), lab.Options{})
		if err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}
