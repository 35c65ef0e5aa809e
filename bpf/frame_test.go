package bpf

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/gopacket/gopacket/layers"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// jumbo is the length of the longest packet that has a header for its length.
const jumbo = 65535

// Through a device comes what BPF_PROG_TEST_RUN does not take: frames that end in
// the IP header or before it, frames whose type says another version, and packets
// of any length, which the kernel keeps in pieces.
func TestHostileFrames(t *testing.T) {
	random, in := newRandom(t), newInlet(t)
	frames := 0
	for _, a := range arenas(t) {
		detach := in.attach(t, a.StampAnswer)
		for _, answer := range a.answers {
			for _, packet := range hostileLengths(random, answer) {
				in.inject(t, ethernet(packet))
				a.expect(t, packet)
				frames++
			}
			in.inject(t, frame(otherType(answer), answer)) // and nothing is expected
		}
		a.settle(t)
		detach()
	}
	t.Logf("%d frames", frames)
}

func hostileLengths(r *rand.Rand, answer []byte) (packets [][]byte) {
	for n := range min(len(answer), 60) {
		packets = append(packets, answer[:n])
	}
	for _, size := range []int{4000, jumbo, len(answer) + r.IntN(jumbo-len(answer))} {
		long := append(slices.Clone(answer), make([]byte, size-len(answer))...)
		packets = append(packets, long, claiming(long, size), claiming(long, r.IntN(size)))
	}
	return packets
}

func otherType(packet []byte) layers.EthernetType {
	if isIPv6(packet) {
		return layers.EthernetTypeIPv4
	}
	return layers.EthernetTypeIPv6
}

// expect tells the joiner of a packet, and reads what was reported so far.
func (a *arena) expect(tb testing.TB, packet []byte) {
	tb.Helper()
	a.joiner.Join(packet)
	for e := a.next(tb); e != nil; e = a.next(tb) {
		if !slices.ContainsFunc(a.probes, func(p []byte) bool { return ident(p) == e.Ident && a.names(e.Snapshot(), p) }) {
			tb.Fatalf("reported %+v, which names no probe", e)
		}
	}
}

// settle waits until as much is counted as the joiner says: packets pass through
// the backlog of a CPU.
func (a *arena) settle(tb testing.TB) {
	tb.Helper()
	want := raisedBy(tracer.Counters{}, a.joiner.Counters())
	for i, n := range a.departed {
		want[i] += n
	}
	for deadline := time.Now().Add(10 * time.Second); a.tally() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatalf("%s: counted %v, package join %v", a.name(), a.tally(), want)
		}
	}
	a.expect(tb, nil)
}

// inlet is a device that whole frames come in by.
type inlet struct {
	fd, outer, inner int
}

// newInlet makes use of the outlet's devices, whatever comes out there.
func newInlet(tb testing.TB) *inlet {
	tb.Helper()
	in := &inlet{outer: newOutlet(tb).index}
	for _, name := range []string{"outlet", "void"} {
		l, err := netlink.LinkByName(name)
		must(tb, err)
		must(tb, netlink.LinkSetMTU(l, jumbo))
		in.inner = l.Attrs().Index
	}
	var err error
	in.fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	must(tb, err)
	tb.Cleanup(func() { unix.Close(in.fd) })
	return in
}

func (in *inlet) attach(tb testing.TB, prog *ebpf.Program) (detach func()) {
	tb.Helper()
	l, err := link.AttachTCX(link.TCXOptions{Interface: in.inner, Program: prog, Attach: ebpf.AttachTCXIngress})
	if errors.Is(err, ebpf.ErrNotSupported) {
		tb.Skipf("this kernel has no tcx to let frames in by: %v (Linux 6.6 has it)", err)
	}
	must(tb, err)
	return func() { must(tb, l.Close()) }
}

func (in *inlet) inject(tb testing.TB, frame []byte) {
	tb.Helper()
	must(tb, unix.Sendto(in.fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: in.outer, Halen: 6}))
}
