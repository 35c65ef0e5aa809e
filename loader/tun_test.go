package loader

import (
	"net/netip"
	"os"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

func TestTUN(t *testing.T) {
	eachHooks(t, func(t *testing.T, n *network) {
		device, index, flow := n.tun(t)
		n.index, n.v4 = index, flow
		tr := n.trace(t, probe.UDP{}, false, 40013)
		for ident := uint16(1); ident <= 50; ident++ {
			answered := make(chan error, 1)
			go func() { answered <- answerOne(device) }()
			answer, before := tr.send(t, ident)
			checkStamps(t, "tun", before, answer.Stamps)
			must(t, <-answered)
		}
		checkCounters(t, tr, tracer.Counters{Probes: 50, Answers: 50})
	})
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
