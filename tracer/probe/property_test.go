package probe_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

// randomFlow returns a flow that any protocol can use.
func randomFlow(random *rand.Rand, ipv6 bool) probe.Flow {
	f := flow4()
	if ipv6 {
		f = flow6()
		f.FlowLabel = random.Uint32N(1 << 20)
	}
	f.SourcePort = uint16(1 + random.UintN(65535))
	f.TargetPort = uint16(1 + random.UintN(65535))
	f.TrafficClass = uint8(random.Uint32())
	f.DontFragment = random.IntN(2) == 0
	f.Secret = uint16(random.Uint32())
	f.Size = 64 + random.IntN(1437)
	return f
}

// visible returns what a load balancer may tell flows by: the IP header but for
// TTL, identification and checksum, and the first six bytes behind it. These
// hold ports and UDP length, or ICMP type, code, checksum and echo identifier.
func visible(packet []byte) []byte {
	if packet[0]>>4 == 6 {
		b := bytes.Clone(packet[:46])
		b[7] = 0
		return b
	}
	b := bytes.Clone(packet[:26])
	for _, i := range []int{4, 5, 8, 10, 11} {
		b[i] = 0
	}
	return b
}

func transport(packet []byte) []byte {
	if packet[0]>>4 == 6 {
		return packet[40:]
	}
	return packet[20:]
}

// everyFlow calls check with a few random flows of each protocol and family.
func everyFlow(t *testing.T, check func(*testing.T, *rand.Rand, probe.Protocol, probe.Flow)) {
	for _, p := range probe.Protocols {
		for name, ipv6 := range map[string]bool{"IPv4": false, "IPv6": true} {
			t.Run(p.Name()+" "+name, func(t *testing.T) {
				random := rand.New(rand.NewPCG(3, 4))
				for range 50 {
					check(t, random, p, randomFlow(random, ipv6))
				}
			})
		}
	}
}

func TestFlowLooksConstant(t *testing.T) {
	everyFlow(t, func(t *testing.T, random *rand.Rand, p probe.Protocol, f probe.Flow) {
		var first []byte
		for range 50 {
			ttl, ident := uint8(1+random.UintN(255)), usable(random, f)
			packet := marshal(t, p, f, ttl, ident)
			if first == nil {
				first = visible(packet)
			}
			if got := visible(packet); !bytes.Equal(got, first) {
				t.Fatalf("ident %#04x looks like % x, another like % x", ident, got, first)
			}
			checkProbe(t, p, f, packet, ttl, ident)
		}
	})
}

func checkProbe(t *testing.T, p probe.Protocol, f probe.Flow, packet []byte, ttl uint8, ident uint16) {
	t.Helper()
	if got := binary.BigEndian.Uint16(transport(packet)[6:8]); got != ident {
		t.Errorf("identifier %#04x comes back as %#04x", ident, got)
	}
	if len(packet) != f.Size || segmentSum(p, packet) != 0 {
		t.Errorf("ident %#04x: %d bytes, checksum off by %#04x", ident, len(packet), segmentSum(p, packet))
	}
	if f.IPv6() {
		if packet[7] != ttl {
			t.Errorf("hop limit %d, want %d", packet[7], ttl)
		}
		return
	}
	id := binary.BigEndian.Uint16(packet[4:])
	if packet[8] != ttl || id^f.Secret != ident || wiretest.Checksum(packet[:20]) != 0 {
		t.Errorf("ident %#04x: wrong IPv4 header % x", ident, packet[:20])
	}
}

// segmentSum returns the checksum over a segment that holds its own: 0.
func segmentSum(p probe.Protocol, packet []byte) uint16 {
	segment := transport(packet)
	if packet[0]>>4 == 4 && p.Name() == "icmp" {
		return wiretest.Checksum(segment)
	}
	end := len(packet) - len(segment)
	pseudo := bytes.Clone(packet[12:end])
	if packet[0]>>4 == 6 {
		pseudo = bytes.Clone(packet[8:end])
	}
	pseudo = binary.BigEndian.AppendUint32(pseudo, uint32(len(segment)))
	pseudo = append(pseudo, 0, 0, 0, p.Number(packet[0]>>4 == 6))
	return wiretest.Checksum(append(pseudo, segment...))
}

// Every identifier there is, in every protocol and family.
func TestEveryIdentifier(t *testing.T) {
	for _, f := range []probe.Flow{flow4(), flow6()} {
		for _, p := range probe.Protocols {
			f.Size = p.MinSize(f.IPv6()) + 3
			count := 0
			for ident := range uint16(0xffff) {
				if !f.Usable(ident) {
					continue
				}
				checkProbe(t, p, f, marshal(t, p, f, 7, ident), 7, ident)
				count++
			}
			if count != 65533 {
				t.Errorf("%s: %d identifiers", p.Name(), count)
			}
		}
	}
}

func usable(random *rand.Rand, f probe.Flow) uint16 {
	for {
		if ident := uint16(random.Uint32()); f.Usable(ident) {
			return ident
		}
	}
}

func marshal(t testing.TB, p probe.Protocol, f probe.Flow, ttl uint8, ident uint16) []byte {
	t.Helper()
	packet, err := p.Marshal(f, ttl, ident)
	if err != nil {
		t.Fatal(err)
	}
	return packet
}
