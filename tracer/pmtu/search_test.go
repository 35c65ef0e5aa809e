package pmtu

import (
	"net/netip"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// A message that a packet is too big refuses it here only if it cannot come from
// behind: otherwise that packet has passed.
func TestRefuses(t *testing.T) {
	here, there := netip.MustParseAddr("192.0.2.3"), netip.MustParseAddr("192.0.2.5")
	for _, tt := range []struct {
		name    string
		at, ttl int
		message *Message
		kind    wire.Kind
		from    netip.Addr
		want    bool
	}{
		{"the next hop answers", 4, 4, nil, wire.PacketTooBig, here, true},
		{"from another address", 4, 4, &Message{From: here}, wire.PacketTooBig, there, true},
		{"by the same router", 4, 6, &Message{From: here}, wire.PacketTooBig, here, true},
		{"by one behind", 4, 6, &Message{From: here}, wire.PacketTooBig, there, false},
		{"behind a black hole", 4, 6, nil, wire.PacketTooBig, there, false},
		{"another answer", 4, 4, nil, wire.TimeExceeded, here, false},
	} {
		f := search{stop: stop{at: tt.at, message: tt.message}, ttl: tt.ttl}
		p := tracer.Probe{State: tracer.Answered, Answer: wire.Answer{Kind: tt.kind, From: tt.from}}
		if got := f.refuses(p); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
