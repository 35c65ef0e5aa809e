package loader

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// tap sees what passes one end of the link, as tcpdump does.
type tap struct{ fd int }

func newTap(t *testing.T, space netns.NsHandle, name string) tap {
	t.Helper()
	home, err := netns.Get()
	must(t, err)
	defer home.Close()
	must(t, netns.Set(space))
	defer netns.Set(home)
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	must(t, unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1))
	index := setUp(t, name)
	all := binary.NativeEndian.Uint16([]byte{0, unix.ETH_P_ALL})
	must(t, unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: index}))
	return tap{fd}
}

// between returns the time from one echo packet of that sequence number to the
// next, and 0 if there were not two.
func (p tap) between(t *testing.T, sequence uint16) time.Duration {
	t.Helper()
	var seen []int64
	packet, control := make([]byte, 128), make([]byte, 128)
	for {
		n, c, _, _, err := unix.Recvmsg(p.fd, packet, control, 0)
		if err != nil {
			break // nothing more has come
		}
		if n >= 28 && packet[0] == 0x45 && packet[9] == unix.IPPROTO_ICMP && binary.BigEndian.Uint16(packet[26:]) == sequence {
			seen = append(seen, stampOf(t, control[:c]))
		}
	}
	if len(seen) != 2 {
		return 0
	}
	return time.Duration(seen[1] - seen[0])
}

func stampOf(t *testing.T, control []byte) int64 {
	t.Helper()
	messages, err := unix.ParseSocketControlMessage(control)
	must(t, err)
	for _, m := range messages {
		if m.Header.Type == unix.SCM_TIMESTAMPNS {
			return int64(binary.NativeEndian.Uint64(m.Data))*1e9 + int64(binary.NativeEndian.Uint64(m.Data[8:]))
		}
	}
	t.Fatal("a packet came without its time")
	return 0
}

// What the far end of the link sees, probe in to answer out, is less than the
// round-trip time on the wire; what the near end sees is more. Refined stamps lie
// between the two, and those of tcx a little above.
func TestBracket(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		for _, stamps := range []Stamps{Refined, TCXOnly} {
			m := n.measure(t, stamps)
			t.Run(m.timing, func(t *testing.T) {
				t.Attr("attachment", string(n.hooks))
				t.Attr("stamps", m.timing)
				t.Attr("inside", fmt.Sprintf("%d of %d", m.inside, len(m.off)))
				t.Attr("error", fmt.Sprintf("%.1f %% (p90 %.1f %%)", m.quantile(50), m.quantile(90)))
				t.Attr("rtt", m.rtt.String())
				if len(m.off) < samples/2 {
					t.Errorf("%d of %d samples have a bracket", len(m.off), samples)
				}
				if m.timing == "kernel" && m.inside < len(m.off)*9/10 {
					t.Errorf("%d of %d inside their brackets", m.inside, len(m.off))
				}
			})
		}
	})
}

const samples = 200

// measurement is how far samples lie from the middle of their brackets.
type measurement struct {
	timing string
	inside int
	off    []float64     // per cent of the round-trip time, sorted
	rtt    time.Duration // median of the middles
}

func (m measurement) quantile(percent int) float64 {
	if len(m.off) == 0 {
		return 0
	}
	return m.off[(len(m.off)-1)*percent/100]
}

// measure takes samples, and the brackets of those.
func (n *network) measure(t *testing.T, stamps Stamps) measurement {
	t.Helper()
	near, far := newTap(t, n.near, "near"), newTap(t, n.far, "far")
	tr := n.traceWith(t, probe.ICMP{}, false, Options{Port: 40060, Stamps: stamps})
	defer tr.Close()
	m := measurement{timing: tr.Timing().Name}
	var middles []time.Duration
	for ident := uint16(1); ident <= samples; ident++ {
		answer, _ := tr.send(t, ident)
		rtt, timing, err := answer.Stamps.RTT()
		must(t, err)
		least, most := far.between(t, ident), near.between(t, ident)
		if least == 0 || most == 0 || timing.Name != m.timing {
			continue // a tap lost a packet, or a stamp was dropped and counted
		}
		if rtt >= least && rtt <= most {
			m.inside++
		}
		middle := (least + most) / 2
		middles = append(middles, middle)
		m.off = append(m.off, 100*max(rtt-middle, middle-rtt).Seconds()/middle.Seconds())
	}
	slices.Sort(m.off)
	slices.Sort(middles)
	if len(middles) > 0 {
		m.rtt = middles[len(middles)/2]
	}
	return m
}
