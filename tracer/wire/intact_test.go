package wire_test

import (
	"bytes"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// Whatever bit of an ICMP answer is another, from the addresses on, the answer is not
// intact. Before them IPv6 has fields without a checksum.
func TestIntact(t *testing.T) {
	for _, packet := range [][]byte{error4(11, 0).Packet(), error6(3, 0).Packet()} {
		if !wire.Intact(packet) {
			t.Errorf("not intact: % x", packet)
		}
		for bit := 8 * 12; bit < 8*len(packet); bit++ {
			changed := bytes.Clone(packet)
			changed[bit/8] ^= 1 << (bit % 8)
			if wire.Intact(changed) {
				t.Errorf("intact with bit %d changed", bit)
			}
		}
	}
}

// Of what is cut short or of another protocol only the IPv4 header is checked.
func TestIntactHeaderOnly(t *testing.T) {
	cut := error4(11, 0).Packet()
	datagram := probe4(32)
	datagram[27] ^= 1 // of the UDP checksum
	for _, packet := range [][]byte{cut[:len(cut)-1], datagram, probe6(32)} {
		if !wire.Intact(packet) {
			t.Errorf("not intact: % x", packet)
		}
	}
	cut[15] ^= 1
	for _, packet := range [][]byte{nil, cut[:19], cut[:len(cut)-1]} {
		if wire.Intact(packet) {
			t.Errorf("intact: % x", packet)
		}
	}
}
