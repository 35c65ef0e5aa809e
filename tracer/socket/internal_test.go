package socket

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

func TestPortFilter(t *testing.T) {
	header := make([]byte, 24) // with options
	header[0] = 0x46
	for _, ipv6 := range []bool{false, true} {
		vm, err := bpf.NewVM(portFilter(ipv6, 45000, 3))
		if err != nil {
			t.Fatal(err)
		}
		for port, want := range map[uint16]bool{45000: true, 45002: true, 45003: false, 44999: false, 0: false} {
			segment := binary.BigEndian.AppendUint16([]byte{0x82, 0x9a}, port)
			if !ipv6 {
				segment = append(header[:24:24], segment...)
			}
			if n, err := vm.Run(segment); err != nil || n > 0 != want {
				t.Errorf("ipv6 %v, port %d: %d, %v", ipv6, port, n, err)
			}
			if n, _ := vm.Run(segment[:2]); n != 0 {
				t.Errorf("a cut segment passes")
			}
		}
	}
}

// A restored header says what the packet's own did.
func TestRestoreHeader(t *testing.T) {
	r := &receiver{ipv6: true, protocol: wire.ProtocolICMPv6}
	from := &unix.SockaddrInet6{Addr: netip.MustParseAddr("2001:db8::1").As16()}
	to := netip.MustParseAddr("2001:db8::2")
	r.restoreHeader(99, control{to: to, hopLimit: 61, trafficClass: 0xb8}, from)
	got, _, err := wire.ParseIPv6(r.buf[:])
	want := wire.IPv6{
		Source: netip.AddrFrom16(from.Addr), Target: to, TrafficClass: 0xb8,
		PayloadLength: 99, NextHeader: wire.ProtocolICMPv6, TTL: 61,
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestStamps(t *testing.T) {
	const hour = int64(time.Hour)
	at := arrival{stamp: wallTime(hour + 900), at: 1000}
	left := departure{sent: 100, driver: wallTime(hour + 200), offset: offset(hour)}
	far := func(d departure) departure { d.driver = wallTime(2 * hour); return d }
	late := func(a arrival) arrival { a.stamp += wallTime(hour); return a }
	all := stamp.Set{stamp.SocketSend: 200, stamp.Receive: 900, stamp.UserReceive: 1000}
	user := stamp.Set{stamp.UserReceive: 1000}
	tests := []struct {
		name string
		d    departure
		a    arrival
		now  offset
		want stamp.Set
		gaps Gaps
	}{
		{"all there", left, at, offset(hour), all, Gaps{}},
		{"readings differ a little", left, at, offset(hour + 50), stamp.Set{stamp.SocketSend: 200, stamp.Receive: 850, stamp.UserReceive: 1000}, Gaps{}},
		{"stepped forward", left, at, offset(2 * hour), user, Gaps{Stepped: 1}},
		{"stepped back", left, at, 0, user, Gaps{Stepped: 1}},
		{"away and back, at sending", far(left), at, offset(hour), user, Gaps{Stepped: 1}},
		{"away and back, at receipt", left, late(at), offset(hour), user, Gaps{Stepped: 1}},
		{"stamped before it was sent", departure{sent: 300, driver: left.driver, offset: left.offset}, at, offset(hour), user, Gaps{Stepped: 1}},
		{"driver stamps nothing", departure{sent: 100, offset: left.offset}, at, offset(hour), stamp.Set{stamp.Receive: 900, stamp.UserReceive: 1000}, Gaps{Send: 1}},
		{"came in unstamped", left, arrival{at: 1000}, offset(hour), stamp.Set{stamp.SocketSend: 200, stamp.UserReceive: 1000}, Gaps{Receive: 1}},
	}
	for _, tt := range tests {
		var g Gaps
		if got := g.stamps(tt.d, tt.a, tt.now); got != tt.want || g != tt.gaps {
			t.Errorf("%s: %v, %+v, want %v, %+v", tt.name, got, g, tt.want, tt.gaps)
		}
	}
}

func TestReadOffset(t *testing.T) {
	if a, b := readOffset(), readOffset(); stepped(a, b) || a == 0 {
		t.Errorf("the offset went from %d to %d", a, b)
	}
	if wall := time.Now().UnixNano() - int64(readOffset()); wall <= 0 || time.Duration(wall) > 1e5*time.Hour {
		t.Errorf("the offset brings the time of day to %v since boot", time.Duration(wall))
	}
}

// A count that was lost is learned anew, and not from a packet held up.
func TestDepartures(t *testing.T) {
	d := newDepartures(4)
	send := func(ident uint16) { d.add(departure{ident: ident}) }
	driver := func(ident uint16) wallTime { return d.find(ident).driver }
	send(1)
	d.count()
	send(2)
	d.count()
	d.lose()
	send(3)
	d.count() // to no avail
	d.learn(1)
	d.learn(7)
	d.learn(7) // stacked devices report it twice
	for key, at := range map[uint32]wallTime{0: 10, 1: 11, 2: 12, 7: 17, 8: 18} {
		d.stamp(sendStamp{key: key, at: at})
	}
	if driver(1) != 10 || driver(2) != 11 || driver(3) != 17 || d.next != 8 || d.lost {
		t.Errorf("stamps %d, %d, %d, next %d", driver(1), driver(2), driver(3), d.next)
	}
	send(5) // in place of 1, whose late stamp must not be taken for its own
	d.count()
	d.stamp(sendStamp{key: 0, at: 99})
	if driver(5) != 0 {
		t.Error("a stamp went to the wrong probe")
	}
}

func FuzzParseControl(f *testing.F) {
	message := func(level, kind int32, data []byte) []byte {
		b := make([]byte, unix.CmsgSpace(len(data)))
		binary.NativeEndian.PutUint64(b, uint64(unix.CmsgLen(len(data))))
		binary.NativeEndian.PutUint32(b[8:], uint32(level))
		binary.NativeEndian.PutUint32(b[12:], uint32(kind))
		copy(b[unix.CmsgLen(0):], data)
		return b
	}
	f.Add(message(unix.SOL_SOCKET, unix.SO_TIMESTAMPING_NEW, make([]byte, 48)))
	f.Add(message(unix.SOL_IP, unix.IP_RECVERR, []byte{42, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0}))
	f.Add(message(unix.SOL_IPV6, unix.IPV6_PKTINFO, make([]byte, 20)))
	f.Add(message(unix.SOL_IPV6, unix.IPV6_HOPLIMIT, []byte{64, 0, 0}))
	f.Fuzz(func(_ *testing.T, b []byte) { parseControl(b) })
}
