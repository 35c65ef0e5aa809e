package wire_test

import (
	"net"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

// objects returns what an error with these objects is parsed to.
func objects(t *testing.T, all ...[]byte) []icmp.Extension {
	t.Helper()
	message := error4(11, 0)
	message.Quote = probe4(32)
	message.Framing, message.Extension = wiretest.Declared, wiretest.Structure(all...)
	a, err := wire.ParseAnswer(message.Packet())
	if err != nil {
		t.Fatal(err)
	}
	return a.Extensions
}

var (
	index   = []byte{0, 0, 0, 9}
	address = []byte{0, 1, 0, 0, 192, 0, 2, 1}
	six     = append([]byte{0, 2, 0, 0}, net.ParseIP("2001:db8::1")...)
	named   = []byte{8, 'e', 't', 'h', '0', 0, 0, 0}
	mtu     = []byte{0, 0, 0x23, 0x28} // 9000
)

// Each sub-object of RFC 5837, 4.1 comes out, and the role with them.
func TestInterfaceObject(t *testing.T) {
	v4, v6 := &net.IPAddr{IP: net.IP{192, 0, 2, 1}}, &net.IPAddr{IP: net.ParseIP("2001:db8::1")}
	zoned := &net.IPAddr{IP: v6.IP, Zone: "eth0"} // x/net takes the name for a zone
	for _, tt := range []struct {
		kind  uint8
		parts [][]byte
		want  icmp.InterfaceInfo
	}{
		{0x08, [][]byte{index}, icmp.InterfaceInfo{Interface: &net.Interface{Index: 9}}},
		{0x44, [][]byte{address}, icmp.InterfaceInfo{Addr: v4}},
		{0x84, [][]byte{six}, icmp.InterfaceInfo{Addr: v6}},
		{0x02, [][]byte{named}, icmp.InterfaceInfo{Interface: &net.Interface{Name: "eth0"}}},
		{0x01, [][]byte{mtu}, icmp.InterfaceInfo{Interface: &net.Interface{MTU: 9000}}},
		{0xcf, [][]byte{index, address, named, mtu}, icmp.InterfaceInfo{Interface: &net.Interface{Index: 9, Name: "eth0", MTU: 9000}, Addr: v4}},
		{0x0f, [][]byte{index, six, named, mtu}, icmp.InterfaceInfo{Interface: &net.Interface{Index: 9, Name: "eth0", MTU: 9000}, Addr: zoned}},
		{0x00, nil, icmp.InterfaceInfo{}},
	} {
		tt.want.Class, tt.want.Type = 2, int(tt.kind)
		got := objects(t, wiretest.Object(2, tt.kind, slices.Concat(tt.parts...)...))
		if len(got) != 1 || !reflect.DeepEqual(got[0], &tt.want) {
			t.Errorf("type %#02x: got %+v, want %+v", tt.kind, got, tt.want)
		}
	}
}

// An object that is not what it announces is there all the same, as bytes, and so
// are its neighbours.
func TestBrokenObjects(t *testing.T) {
	for name, object := range map[string][]byte{
		"no index":            wiretest.Object(2, 0x08),
		"index and nothing":   wiretest.Object(2, 0x0c, index...),
		"too much":            wiretest.Object(2, 0x08, slices.Concat(index, mtu)...),
		"half an address":     wiretest.Object(2, 0x04, address[:6]...),
		"unknown family":      wiretest.Object(2, 0x04, 0, 9, 0, 0, 1, 2, 3, 4),
		"name of no length":   wiretest.Object(2, 0x02, 0, 0, 0, 0),
		"name of odd length":  wiretest.Object(2, 0x02, 7, 'e', 't', 'h', '0', 0, 0),
		"name beyond the end": wiretest.Object(2, 0x02, 12, 'e', 't', 'h'),
		"half a label":        wiretest.Object(1, 1, 1, 2, 3, 4, 5, 6),
		"no label":            wiretest.Object(1, 1),
		"unknown label type":  wiretest.Object(1, 2, 1, 2, 3, 4),
		"interface by index":  wiretest.Object(3, 2, 1, 2),
	} {
		got := objects(t, wiretest.MPLS(16001, 5, 3), object, interfaceObject)
		want := []icmp.Extension{mpls, &icmp.RawExtension{Data: object}, interfaceInfo}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}
