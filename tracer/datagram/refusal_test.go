package datagram_test

import (
	"errors"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/datagram"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// What cannot be opened is refused in a line that says what to do.
func TestOpenErrors(t *testing.T) {
	v4, v6 := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")
	flow := probe.Flow{Source: v4, Target: v4}
	tests := []struct {
		name string
		o    datagram.Options
		is   error
		says string
	}{
		{"TCP", datagram.Options{Flow: flow, Protocol: 6}, errors.ErrUnsupported, "run with sudo, give the program CAP_NET_RAW (setcap cap_net_raw+ep)"},
		{"ICMPv6 to IPv4", datagram.Options{Flow: flow, Protocol: 58}, errors.ErrUnsupported, "use UDP or ICMP"},
		{"ICMP to IPv6", datagram.Options{Flow: probe.Flow{Source: v6, Target: v6}, Protocol: 1}, errors.ErrUnsupported, "use UDP or ICMP"},
		{"two families", datagram.Options{Flow: probe.Flow{Source: v4, Target: v6}, Protocol: 17}, nil, "one family"},
		{"no source", datagram.Options{Flow: probe.Flow{Target: v4}, Protocol: 17}, nil, "two addresses"},
		{"a stranger's source", datagram.Options{Flow: probe.Flow{Source: netip.MustParseAddr("192.0.2.9"), Target: v4}, Protocol: 17}, unix.EADDRNOTAVAIL, "192.0.2.9"},
		{"no such device", datagram.Options{Flow: flow, Protocol: 17, Interface: "nope0"}, unix.ENODEV, "nope0"},
		{"slots", datagram.Options{Flow: flow, Protocol: 17, Slots: 3}, nil, "power of two"},
		{"less than no slots", datagram.Options{Flow: flow, Protocol: 17, Slots: -1}, nil, "power of two"},
		{"any source", datagram.Options{Flow: probe.Flow{Source: netip.IPv4Unspecified(), Target: v4}, Protocol: 17}, nil, "leave from"},
	}
	for _, tt := range tests {
		s, err := datagram.Open(tt.o)
		if err == nil {
			s.Close()
			t.Errorf("%s was accepted", tt.name)
			continue
		}
		if !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v; want a line that says %q", tt.name, err, tt.says)
		}
	}
}

// A port is its socket's alone, and probes from another are refused: the kernel
// would send others than those that were built.
func TestPort(t *testing.T) {
	target := netip.MustParseAddr("127.0.0.1")
	w := way{Protocol: "udp"}
	s, flow, err := open(w, target, nil)
	must(t, err)
	defer s.Close()
	again := func(o *datagram.Options) { o.Flow.SourcePort = s.Port() }
	if second, _, err := open(w, target, again); !errors.Is(err, unix.EADDRINUSE) {
		second.Close()
		t.Errorf("the port was had twice: %v", err)
	}
	other := flow
	other.SourcePort ^= 1
	foreign := flow
	foreign.Source = netip.MustParseAddr("127.0.0.2")
	for _, f := range []probe.Flow{other, foreign} {
		if _, err := send(t, w, s, f, 7); err == nil || !strings.Contains(err.Error(), "the socket sends from") {
			t.Errorf("a probe from %v port %d: %v", f.Source, f.SourcePort, err)
		}
	}
	if _, err := send(t, way{Protocol: "icmp"}, s, flow, 7); err == nil || !strings.Contains(err.Error(), "IP protocol 1") {
		t.Errorf("a probe of another protocol: %v", err)
	}
	packet, err := w.protocol().Marshal(flow, 9, 7)
	must(t, err)
	options := append([]byte{0x46}, packet[1:20]...)
	options = append(append(options, 1, 1, 1, 1), packet[20:]...)
	for _, b := range [][]byte{nil, {0x45}, make([]byte, 60), packet[:20], packet[:31], options} {
		if _, err := s.Send(b); err == nil {
			t.Errorf("%x, which is no probe, was sent", b)
		}
	}
	if _, err := s.Send(packet); err != nil {
		t.Error(err)
	}
}

// A probe that the kernel refuses is an error that says why. It may or may not
// have been counted; no stamp goes to the wrong probe either way, and the next
// probe has its own.
func TestAfterRefusal(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft, of Debian's nftables, to have probes refused")
	}
	everyWay(t, false, func(t *testing.T, w way) {
		if w.poor() {
			t.Skip("needs stamps of what is sent, which ping sockets of IPv6 have since Linux 5.18")
		}
		r := &responder{answer: func(p []byte) [][]byte { return [][]byte{exceeded(p, p)} }}
		within(t, w, r, nil, func(_ *lab.Front, s *datagram.Socket, f probe.Flow) {
			rules := "table inet f { chain o { type filter hook output priority 0; ip dscp 1 drop; ip6 dscp 1 drop; }; }"
			if out, err := exec.Command("nft", rules).CombinedOutput(); err != nil {
				t.Fatalf("nft: %s", out)
			}
			tooLong, dropped := f, f
			tooLong.Size, dropped.TrafficClass = 9000, 1<<2
			ident := uint16(0)
			for _, refused := range []*probe.Flow{nil, &tooLong, &dropped, nil, &dropped, &dropped, &tooLong, nil} {
				ident++
				if refused != nil {
					want := w.refusal(refused == &tooLong)
					if _, err := send(t, w, s, *refused, ident); !errors.Is(err, want) {
						t.Fatalf("refused with %v, want %v", err, want)
					}
					continue
				}
				checkSend(t, w, s, f, ident)
				checkSend(t, w, s, f, ident+100)
			}
			if g := s.Gaps(); g != (socket.Gaps{}) {
				t.Errorf("gaps %+v", g)
			}
		})
	})
}

// refusal returns the error of a probe that is too long, or else is dropped by the
// firewall. Of that, ping sockets of IPv6 say nothing (kernel: ping_v6_sendmsg).
func (w way) refusal(tooLong bool) error {
	switch {
	case tooLong:
		return unix.EMSGSIZE
	case w.IPv6 && w.Protocol == "icmp":
		return nil
	}
	return unix.EPERM
}

func checkSend(t *testing.T, w way, s *datagram.Socket, f probe.Flow, ident uint16) {
	t.Helper()
	sent, err := send(t, w, s, f, ident)
	after, _ := socket.Now()
	must(t, err)
	a := next(t, s)
	if got := a.Stamps[stamp.SocketSend]; a.Ident != ident || got < sent || got > after {
		t.Errorf("answer to %d, stamped at %d; want %d, stamped within %d to %d", a.Ident, got, ident, sent, after)
	}
}
