package datagram

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// cmsg returns a control message as the kernel lays it out.
func cmsg(level, kind int32, data []byte) []byte {
	b := make([]byte, unix.CmsgSpace(len(data)))
	if unix.SizeofCmsghdr == 16 {
		binary.NativeEndian.PutUint64(b, uint64(unix.CmsgLen(len(data))))
	} else {
		binary.NativeEndian.PutUint32(b, uint32(unix.CmsgLen(len(data))))
	}
	binary.NativeEndian.PutUint32(b[unix.SizeofCmsghdr-8:], uint32(level))
	binary.NativeEndian.PutUint32(b[unix.SizeofCmsghdr-4:], uint32(kind))
	copy(b[unix.CmsgLen(0):], data)
	return b
}

// extended returns struct sock_extended_err with the offender's address.
func extended(origin, kind, code uint8, info uint32, data [4]byte, offender netip.Addr) []byte {
	b := binary.NativeEndian.AppendUint32(nil, uint32(unix.EHOSTUNREACH))
	b = append(b, origin, kind, code, 0)
	b = binary.NativeEndian.AppendUint32(b, info)
	b = append(b, data[:]...)
	address := make([]byte, unix.SizeofSockaddrInet6)
	binary.NativeEndian.PutUint16(address, unix.AF_INET6)
	copy(address[8:], offender.AsSlice())
	if offender.Is4() {
		address = make([]byte, unix.SizeofSockaddrInet4)
		binary.NativeEndian.PutUint16(address, unix.AF_INET)
		copy(address[4:], offender.AsSlice())
	}
	return append(b, address...)
}

func native32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

var (
	router4, router6 = netip.MustParseAddr("198.18.7.1"), netip.MustParseAddr("2001:db8:7::1")
	source4, source6 = netip.MustParseAddr("198.18.1.1"), netip.MustParseAddr("2001:db8:1::1")
	target4, target6 = netip.MustParseAddr("203.0.113.10"), netip.MustParseAddr("2001:db8:ffff::10")
)

func TestParseControl(t *testing.T) {
	stamped := append(binary.NativeEndian.AppendUint64(nil, 3), binary.NativeEndian.AppendUint64(nil, 7)...)
	stamped = append(stamped, make([]byte, 32)...)
	join := func(parts ...[]byte) (all []byte) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	tests := []struct {
		name string
		in   []byte
		want control
	}{
		{"nothing", nil, control{}},
		{"an ICMP error", join(
			cmsg(unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, stamped),
			cmsg(unix.SOL_IP, unix.IP_TTL, native32(61)), cmsg(unix.SOL_IP, unix.IP_TOS, []byte{0xb8}),
			cmsg(unix.SOL_IP, unix.IP_RECVERR, extended(2, 11, 0, 0, [4]byte{108}, router4)),
		), control{wall: 3_000_000_007, ttl: 61, trafficClass: 0xb8, origin: 2, kind: 11, data: [4]byte{108}, offender: router4}},
		{"an ICMPv6 error", join(
			cmsg(unix.SOL_IPV6, unix.IPV6_HOPLIMIT, native32(62)), cmsg(unix.SOL_IPV6, unix.IPV6_TCLASS, native32(0x20)),
			cmsg(unix.SOL_IPV6, unix.IPV6_RECVERR, extended(3, 2, 0, 1280, [4]byte{}, router6)),
		), control{ttl: 62, trafficClass: 0x20, origin: 3, kind: 2, info: 1280, offender: router6}},
		{"cut short", join(
			cmsg(unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, stamped[:15]), cmsg(unix.SOL_IP, unix.IP_TTL, []byte{61}),
			cmsg(unix.SOL_IP, unix.IP_TOS, nil), cmsg(unix.SOL_IPV6, unix.IPV6_HOPLIMIT, []byte{1, 2, 3}),
			cmsg(unix.SOL_IP, unix.IP_RECVERR, make([]byte, 15)), []byte{1, 2, 3},
		), control{}},
		{"no offender", cmsg(unix.SOL_IP, unix.IP_RECVERR, extended(2, 3, 3, 0, [4]byte{}, router4)[:20]), control{origin: 2, kind: 3, code: 3}},
	}
	for _, tt := range tests {
		if got := parseControl(tt.in); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// sent returns the books with one probe in them, and what builds its answers.
func sent(tb testing.TB, ipv6, icmp bool) (*probes, builder, []byte) {
	tb.Helper()
	var p probe.Protocol = probe.UDP{}
	if icmp {
		p = probe.ICMP{}
	}
	f := probe.Flow{Source: source4, Target: target4, SourcePort: 45000, TargetPort: 33434, Secret: 0xbeef}
	if ipv6 {
		f.Source, f.Target = source6, target6
	}
	if icmp {
		f.TargetPort = 0
	}
	packet, err := p.Marshal(f, 5, 0x4321)
	if err != nil {
		tb.Fatal(err)
	}
	o := Options{Flow: f, Protocol: p.Number(ipv6)}
	out, err := o.parseProbe(packet)
	if err != nil {
		tb.Fatal(err)
	}
	books := newProbes(0)
	books.add(0x4321, out)
	return books, builder{protocol: o.Protocol, icmp: o.icmpNumber(), source: netip.AddrPortFrom(f.Source, f.SourcePort)}, out.payload
}

// Of the second word of an ICMP message, what the kernel tells is there.
func TestSecondWord(t *testing.T) {
	tests := []struct {
		name string
		c    control
		icmp uint8
		want [4]byte
	}{
		{"next hop's MTU", control{kind: 3, code: 4, info: 1280}, 1, [4]byte{0, 0, 5, 0}},
		{"pointer", control{kind: 12, info: 20}, 1, [4]byte{20}},
		{"unused", control{kind: 11, info: 77}, 1, [4]byte{}},
		{"length of the quote", control{kind: 11, data: [4]byte(native32(100))}, 1, [4]byte{0, 32}},
		{"ICMPv6", control{kind: 3, info: 0x10000000}, 58, [4]byte{16}},
	}
	for _, tt := range tests {
		if got := [4]byte(tt.c.second(tt.icmp, 28)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// What happens to a descriptor that is ignored wakes nobody, until it is watched.
func TestWaker(t *testing.T) {
	w, err := newWaker()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	due := func() int {
		n, err := unix.EpollWait(w.epoll, make([]unix.EpollEvent, 2), 0)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	steps := []struct {
		name string
		do   func() error
		due  int
	}{
		{"watched", func() error { return w.watch(fd) }, 0},
		{"ignored", func() error { return w.ignore(fd) }, 0},
		{"written to", func() error { _, err := unix.Write(fd, []byte{1, 1, 1, 1, 1, 1, 1, 1}); return err }, 0},
		{"watched again", func() error { return w.watch(fd) }, 1},
		{"ended", w.end, 2},
	}
	for _, s := range steps {
		if err := s.do(); err != nil || due() != s.due {
			t.Errorf("%s: %d events, %v; want %d", s.name, due(), err, s.due)
		}
	}
	if ended, err := w.wait(); !ended || err != nil {
		t.Errorf("wait: %v, %v", ended, err)
	}
}

// Whatever the error queue says, what is built of it is a packet from who is said
// to have sent it, that the tracer understands or turns down.
func FuzzErrorQueue(f *testing.F) {
	for _, icmp := range []bool{false, true} {
		_, _, four := sent(f, false, icmp)
		_, _, six := sent(f, true, icmp)
		f.Add(cmsg(unix.SOL_IP, unix.IP_RECVERR, extended(2, 11, 0, 0, [4]byte{}, router4)), four, false, icmp)
		f.Add(cmsg(unix.SOL_IP, unix.IP_RECVERR, extended(2, 3, 4, 1280, [4]byte(native32(100)), router4)), append(four, make([]byte, 200)...), false, icmp)
		f.Add(cmsg(unix.SOL_IP, unix.IP_RECVERR, extended(2, 12, 0, 9, [4]byte{}, router4)), four[:min(4, len(four))], false, icmp)
		f.Add(cmsg(unix.SOL_IPV6, unix.IPV6_RECVERR, extended(3, 1, 4, 0, [4]byte{}, router6)), six, true, icmp)
		f.Add(cmsg(unix.SOL_IPV6, unix.IPV6_RECVERR, extended(3, 2, 0, 1280, [4]byte{}, router6)), six[:0], true, icmp)
	}
	f.Add(cmsg(unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, make([]byte, 48)), []byte{}, false, false)
	f.Add(cmsg(unix.SOL_IP, unix.IP_RECVERR, extended(4, 0, 0, 0, [4]byte{1}, router4)), []byte{}, false, false)
	f.Fuzz(func(t *testing.T, controls, data []byte, ipv6, icmp bool) {
		c := parseControl(controls)
		if !c.answers(ipv6) || len(data) > 60000 {
			return
		}
		books, b, _ := sent(t, ipv6, icmp)
		about, nameless := books.find(data, icmp)
		if nameless {
			about = books.last
		}
		if about == nil {
			return
		}
		packet, length := b.complaint(message{control: c, data: data, peer: books.last.to()}, about)
		if len(packet) != min(length, join.SnapshotLen) || length < 8+len(data) {
			t.Fatalf("%d bytes of %d, from %d", len(packet), length, len(data))
		}
		a, err := wire.ParseAnswer(packet)
		if err == nil && (a.From != c.offender || a.TTL != c.ttl || a.Type != c.kind || a.Code != c.code || a.Quote == nil) {
			t.Fatalf("%+v, of %+v", a, c)
		}
		if exact := c.code == 0 || c.kind != exceeded4 && c.kind != 3; err != nil && exact {
			t.Fatalf("%v: %x", err, packet)
		}
	})
}
