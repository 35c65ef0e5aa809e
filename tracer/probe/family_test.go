package probe_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// families calls check with the flow of a family's beginning, for every protocol
// and address family.
func families(t *testing.T, check func(t *testing.T, p probe.Protocol, f probe.Flow)) {
	for _, p := range probe.Protocols {
		for name, f := range map[string]probe.Flow{"IPv4": flow4(), "IPv6": flow6()} {
			t.Run(p.Name()+" "+name, func(t *testing.T) { check(t, p, f) })
		}
	}
}

func TestNthBeginsWithTheFlow(t *testing.T) {
	families(t, func(t *testing.T, p probe.Protocol, f probe.Flow) {
		if got := f.Nth(p, 0); got != f {
			t.Errorf("flow 0 is %+v, want %+v", got, f)
		}
		f.Variant = 7
		if got := f.Nth(p, 0); got != f {
			t.Errorf("flow 0 is %+v, want %+v", got, f)
		}
	})
}

// What a balancer sees differs between any two flows of a family, and is the
// same for all probes of each.
func TestNthLooksDifferent(t *testing.T) {
	families(t, func(t *testing.T, p probe.Protocol, f probe.Flow) {
		seen := map[string]int{}
		for n := range probe.MaxFlow + 1 {
			flow := f.Nth(p, n)
			look := visible(marshal(t, p, flow, 3, 0x1234))
			if other, taken := seen[string(look)]; taken {
				t.Fatalf("flows %d and %d both look like % x", other, n, look)
			}
			seen[string(look)] = n
			if n%997 == 0 && !bytes.Equal(look, visible(marshal(t, p, flow, 9, 0x4321))) {
				t.Errorf("two probes of flow %d look different", n)
			}
		}
	})
}

// What answers are known by stays: the port, or echo identifier, that they come
// back to (TCP: one of a range), the service that is traced to, the secret.
func TestNthKeepsWhatAnswersAreKnownBy(t *testing.T) {
	families(t, func(t *testing.T, p probe.Protocol, f probe.Flow) {
		f.Size = 200
		first, later := transport(marshal(t, p, f, 3, 0x1234)), transport(marshal(t, p, f.Nth(p, 500), 3, 0x1234))
		kept := map[string][]int{"udp": {0, 1, 4, 5, 6, 7}, "tcp": {2, 3, 4, 5, 6, 7}, "icmp": {0, 1, 4, 5, 6, 7}}
		for _, at := range kept[p.Name()] {
			if first[at] != later[at] {
				t.Errorf("byte %d of the transport header changed from %#x to %#x", at, first[at], later[at])
			}
		}
	})
}

// A port that answers cannot come back from, 0, is left out.
func TestNthWraps(t *testing.T) {
	f := flow4()
	f.SourcePort, f.TargetPort, f.Variant = 65534, 65534, 65533
	for n, want := range map[int]uint16{0: 65534, 1: 65535, 2: 1, 3: 2, probe.MaxFlow: 65533} {
		if got := f.Nth(probe.UDP{}, n).TargetPort; got != want {
			t.Errorf("udp, flow %d: target port %d, want %d", n, got, want)
		}
		if got := f.Nth(probe.TCP{}, n).SourcePort; got != want {
			t.Errorf("tcp, flow %d: source port %d, want %d", n, got, want)
		}
	}
	if got := f.Nth(probe.ICMP{}, 2).Variant; got != 0 {
		t.Errorf("icmp, flow 2: variant %d, want 0", got)
	}
	six := flow6()
	six.FlowLabel = 0xffffe
	if got := six.Nth(probe.UDP{}, 3).FlowLabel; got != 1 {
		t.Errorf("flow 3: flow label %#x, want 1", got)
	}
}

// A flow without a port has none further on either: it must not come to life.
func TestNthOfNoPort(t *testing.T) {
	f := flow4()
	f.TargetPort = 0
	if got := f.Nth(probe.UDP{}, 5).TargetPort; got != 0 {
		t.Errorf("target port %d, want 0", got)
	}
}

// Every flow of echo requests carries every identifier, with a right checksum.
func TestVariantsCarryIdentifiers(t *testing.T) {
	for _, f := range []probe.Flow{flow4(), flow6()} {
		f.Size = probe.ICMP{}.MinSize(f.IPv6())
		for n := 0; n <= probe.MaxFlow; n += 241 {
			flow := f.Nth(probe.ICMP{}, n)
			want := binary.BigEndian.Uint16(transport(marshal(t, probe.ICMP{}, flow, 3, 1))[2:])
			for ident := uint16(1); ident < 0xff00; ident += 509 {
				if !flow.Usable(ident) {
					continue
				}
				packet := marshal(t, probe.ICMP{}, flow, 3, ident)
				checkProbe(t, probe.ICMP{}, flow, packet, 3, ident)
				if got := binary.BigEndian.Uint16(transport(packet)[2:]); got != want {
					t.Fatalf("flow %d, ident %#x: checksum %#x, want %#x", n, ident, got, want)
				}
			}
		}
	}
}
