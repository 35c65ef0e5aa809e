package probe_test

import (
	"fmt"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Two probes of a flow, for the first and the second hop: what a load balancer
// looks at is alike, and the checksum tells them apart.
func Example() {
	udp := probe.UDP{}
	flow := probe.Flow{
		Source:     netip.MustParseAddr("192.0.2.1"),
		Target:     netip.MustParseAddr("198.51.100.2"),
		SourcePort: 40000,
		TargetPort: udp.DefaultPort(),
		Secret:     0xbeef,
	}
	for hop := range uint16(2) {
		packet, err := udp.Marshal(flow, uint8(1+hop), 0x1001+hop)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("ttl %d, ports %x, checksum %x\n", packet[8], packet[20:24], packet[26:28])
	}
	// Output:
	// ttl 1, ports 9c40829a, checksum 1001
	// ttl 2, ports 9c40829a, checksum 1002
}
