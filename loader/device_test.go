package loader

import (
	"errors"
	"net/netip"
	"os"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// upper is a kind of device that passes packets on to another one.
type upper struct {
	name string
	link func(netlink.LinkAttrs) netlink.Link // on top of what ParentIndex names
}

var uppers = []upper{
	{"vlan", func(a netlink.LinkAttrs) netlink.Link { return &netlink.Vlan{LinkAttrs: a, VlanId: 7} }},
	{"macvlan", func(a netlink.LinkAttrs) netlink.Link {
		return &netlink.Macvlan{LinkAttrs: a, Mode: netlink.MACVLAN_MODE_BRIDGE}
	}},
}

// stack puts a device onto both ends, and has traces go through it.
func (n *network) stack(t *testing.T, u upper) {
	t.Helper()
	n.v4 = probe.Flow{Source: netip.MustParseAddr("10.98.0.1"), Target: netip.MustParseAddr("10.98.0.2")}
	must(t, netns.Set(n.far))
	addUpper(t, u, "far", n.v4.Target)
	must(t, netns.Set(n.near))
	n.index = addUpper(t, u, "near", n.v4.Source)
}

func addUpper(t *testing.T, u upper, parent string, addr netip.Addr) int {
	t.Helper()
	// Lest the device below answer ARP requests for the one above.
	must(t, os.WriteFile("/proc/sys/net/ipv4/conf/all/arp_ignore", []byte("1"), 0))
	below, err := netlink.LinkByName(parent)
	must(t, err)
	err = netlink.LinkAdd(u.link(netlink.LinkAttrs{Name: "upper", ParentIndex: below.Attrs().Index}))
	if errors.Is(err, unix.EOPNOTSUPP) {
		t.Skipf("this kernel has no %s devices", u.name)
	}
	must(t, err)
	return setUp(t, "upper", addr)
}

// tun makes a device without Ethernet headers, behind which the test itself is
// the network.
func (n *network) tun(t *testing.T) (*os.File, int, probe.Flow) {
	t.Helper()
	flow := probe.Flow{Source: netip.MustParseAddr("10.97.0.1"), Target: netip.MustParseAddr("10.97.0.2")}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
	must(t, err)
	file := os.NewFile(uintptr(fd), "tun")
	t.Cleanup(func() { file.Close() })
	request, err := unix.NewIfreq("tun")
	must(t, err)
	request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	must(t, unix.IoctlIfreq(fd, unix.TUNSETIFF, request))
	return file, setUp(t, "tun", flow.Source), flow
}

// answerOne reads UDP probes over IPv4, up to the first, and says that its time
// to live ran out.
func answerOne(tun *os.File) error {
	packet := make([]byte, 1500)
	for {
		n, err := tun.Read(packet)
		if err != nil {
			return err
		}
		if packet[0]>>4 == 4 && packet[9] == uint8(layers.IPProtocolUDP) {
			_, err := tun.Write(timeExceeded(packet[:n]))
			return err
		}
	}
}

func timeExceeded(quote []byte) []byte {
	buf := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
		&layers.IPv4{
			Version: 4, TTL: 64, Protocol: layers.IPProtocolICMPv4, SrcIP: quote[16:20], DstIP: quote[12:16],
		},
		&layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeTimeExceeded, 0)},
		gopacket.Payload(quote))
	if err != nil {
		panic(err)
	}
	return buf.Bytes()
}
