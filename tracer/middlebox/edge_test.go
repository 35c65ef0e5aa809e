package middlebox_test

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// spoil changes a quote before it is compared.
type spoil func(*wire.Quote)

// quoting makes a trace of hops with one probe for each way to spoil its quote; a
// nil one quotes nothing.
func quoting(t *testing.T, p probe.Protocol, ipv6 bool, hops ...[]spoil) *tracer.Trace {
	t.Helper()
	target := map[bool]string{false: "203.0.113.10", true: "2001:db8:ffff::10"}[ipv6]
	tr := &tracer.Trace{Protocol: p.Name(), Target: netip.MustParseAddr(target), Flow: probe.Flow{
		Source: simtest.Client[ipv6], Target: netip.MustParseAddr(target), SourcePort: 45000, TargetPort: p.DefaultPort(),
		FlowLabel: 0x12345, Secret: 0xbeef, TrafficClass: 0xba, DontFragment: true,
	}}
	for i, all := range hops {
		h := tracer.Hop{TTL: i + 1}
		for k, change := range all {
			q := tracer.Probe{TTL: i + 1, Ident: uint16(100 + 10*i + k), State: tracer.Answered}
			q.Answer = wire.Answer{From: netip.AddrFrom4([4]byte{198, 18, byte(i + 1), 1}), TTL: uint8(255 - i), Kind: wire.TimeExceeded, ICMP: true}
			packet, err := tr.Packet(q)
			if err != nil {
				t.Fatal(err)
			}
			if change != nil {
				if q.Answer.Quote, err = wire.ParseQuote(packet, ipv6); err != nil {
					t.Fatal(err)
				}
				q.Answer.Quote.TTL = 1
				change(q.Answer.Quote)
			}
			h.Probes = append(h.Probes, q)
		}
		tr.Hops = append(tr.Hops, h)
	}
	return tr
}

func as(*wire.Quote) {}

func put(at int, v uint16) spoil {
	return func(q *wire.Quote) { binary.BigEndian.PutUint16(q.Transport[at:], v) }
}

func add(at int, v uint16) spoil {
	return func(q *wire.Quote) {
		binary.BigEndian.PutUint16(q.Transport[at:], binary.BigEndian.Uint16(q.Transport[at:])+v)
	}
}

func cut(n int) spoil { return func(q *wire.Quote) { q.Transport = q.Transport[:n] } }

func both(all ...spoil) spoil {
	return func(q *wire.Quote) {
		for _, f := range all {
			f(q)
		}
	}
}

func class(c uint8) spoil { return func(q *wire.Quote) { q.TrafficClass = c } }

// found is what a change looks like in these tests.
type found struct {
	field         middlebox.Field
	after, before int
	probes, of    int
	restored      bool
}

func summary(r middlebox.Report) (all []found) {
	for _, c := range r.Changes {
		all = append(all, found{c.Field, c.After.TTL, c.Before.TTL, c.Probes, c.Of, c.Restored})
	}
	return all
}

func TestEdges(t *testing.T) {
	one := func(f middlebox.Field) []found { return []found{{f, 0, 1, 1, 1, false}} }
	tests := []struct {
		name string
		p    probe.Protocol
		hops [][]spoil
		want []found
		nats int
	}{
		{"nothing", probe.UDP{}, [][]spoil{{as}, {as}}, nil, 0},
		{"length in the wrong byte order", probe.UDP{}, [][]spoil{{func(q *wire.Quote) { q.Length = int(bits.ReverseBytes16(uint16(q.Length))) }}}, nil, 0},
		{"length without header", probe.UDP{}, [][]spoil{{func(q *wire.Quote) { q.Length -= 20 }}}, nil, 0},
		{"both", probe.UDP{}, [][]spoil{{func(q *wire.Quote) { q.Length = int(bits.ReverseBytes16(uint16(q.Length - 20))) }}}, nil, 0},
		{"identification in the wrong byte order", probe.TCP{}, [][]spoil{{func(q *wire.Quote) { q.ID = bits.ReverseBytes16(q.ID) }}}, nil, 0},
		{"another length", probe.UDP{}, [][]spoil{{func(q *wire.Quote) { q.Length += 4 }}}, one(middlebox.Length), 0},
		{"another identification", probe.UDP{}, [][]spoil{{func(q *wire.Quote) { q.ID++ }}, {func(q *wire.Quote) { q.ID += 7 }}}, one(middlebox.ID), 0},
		{"8 bytes quoted", probe.TCP{}, [][]spoil{{cut(8)}}, nil, 0},
		{"a silent hop", probe.UDP{}, [][]spoil{{as}, {nil}, {class(0xb8)}}, []found{{middlebox.ECN, 1, 3, 1, 1, false}}, 0},
		{"some of them", probe.UDP{}, [][]spoil{{as, as, as}, {class(0xb8), as, class(0xb8)}, {class(0xb8), class(0xb8)}}, []found{{middlebox.ECN, 1, 2, 2, 3, false}}, 0},
		{"the fewer", probe.UDP{}, [][]spoil{{as, as, as}, {class(0xb8), as, as}}, nil, 0},
		{"as many", probe.UDP{}, [][]spoil{{as, class(0xb8)}}, nil, 0},
		{"two fields", probe.ICMP{}, [][]spoil{{class(0)}}, []found{{middlebox.DSCP, 0, 1, 1, 1, false}, {middlebox.ECN, 0, 1, 1, 1, false}}, 0},
		{"no checksum any more", probe.UDP{}, [][]spoil{{put(6, 0)}}, one(middlebox.Checksum), 0},
		{"checksum off", probe.UDP{}, [][]spoil{{as}, {add(6, 1)}, {add(6, 1)}}, []found{{middlebox.Checksum, 1, 2, 1, 1, false}}, 1},
		{"and right again", probe.UDP{}, [][]spoil{{add(6, 1)}, {as}}, []found{{middlebox.Checksum, 0, 1, 1, 1, false}, {middlebox.Checksum, 1, 2, 1, 1, true}}, 1},
		{"datagram length, checksum as it was", probe.UDP{}, [][]spoil{{add(4, 1)}}, one(middlebox.UDPLength), 0},
		{"port, checksum amended", probe.UDP{}, [][]spoil{{both(put(0, 45001), add(6, 0xffff))}}, one(middlebox.SourcePort), 1},
		{"sequence shifted", probe.TCP{}, [][]spoil{{both(add(4, 5), cut(8))}, {both(add(4, 5), cut(8))}}, one(middlebox.Sequence), 0},
		{"window", probe.TCP{}, [][]spoil{{both(put(14, 1000), cut(20))}}, one(middlebox.Window), 0},
		{"flags", probe.TCP{}, [][]spoil{{both(put(12, 6<<12|0xc2), cut(20))}}, one(middlebox.Flags), 0},
		{"options hidden, checksum off", probe.TCP{}, [][]spoil{{both(add(16, 9), cut(20))}}, nil, 0},
		{"echo identifier", probe.ICMP{}, [][]spoil{{both(put(4, 45001), add(2, 0xffff))}}, one(middlebox.EchoID), 1},
		{"payload, checksum as it was", probe.ICMP{}, [][]spoil{{add(20, 1)}}, one(middlebox.Payload), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := middlebox.Analyze(quoting(t, tt.p, false, tt.hops...))
			if got := summary(r); !slices.Equal(got, tt.want) || len(r.NATs) != tt.nats {
				t.Errorf("%s: %+v and %d translators, want %+v and %d", tt.p.Name(), got, len(r.NATs), tt.want, tt.nats)
			}
		})
	}
}

// A hop that quotes too little of a TCP segment is named, and what changes in what
// it left out lies around it.
func TestShortQuotes(t *testing.T) {
	clamp := func(q *wire.Quote) { // MSS 1460 to 1200, checksum amended
		add(22, 65536-260)(q)
		add(16, 260)(q)
	}
	r := middlebox.Analyze(quoting(t, probe.TCP{}, false, []spoil{as}, []spoil{cut(8)}, []spoil{clamp}))
	want := []found{{middlebox.MSS, 1, 3, 1, 1, false}}
	if got := summary(r); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if len(r.Short) != 1 || r.Short[0].TTL != 2 {
		t.Errorf("short quotes at %+v, want hop 2", r.Short)
	}
}

// A translator lies behind the last hop that any of its traces is missing from.
func TestTranslatorBehindShortQuote(t *testing.T) {
	other := func(q *wire.Quote) { q.Source = netip.MustParseAddr("203.0.113.77") }
	r := middlebox.Analyze(quoting(t, probe.TCP{}, false, []spoil{as}, []spoil{cut(8)}, []spoil{both(add(16, 9), other)}))
	if len(r.NATs) != 1 || r.NATs[0].After.TTL != 2 || r.NATs[0].Before.TTL != 3 || len(r.NATs[0].Shown) != 2 {
		t.Errorf("%+v, want one between hops 2 and 3 that address and checksum show", r.NATs)
	}
}

// Whatever a quote holds, comparing it ends well.
func FuzzQuote(f *testing.F) {
	f.Add([]byte("\x45\x00\x00\x3c........................................"), false)
	f.Fuzz(func(t *testing.T, b []byte, ipv6 bool) {
		q, err := wire.ParseQuote(b, ipv6)
		if err != nil {
			return
		}
		for _, p := range probe.Protocols {
			tr := quoting(t, p, ipv6, []spoil{func(own *wire.Quote) { *own = *q; own.Protocol = p.Number(ipv6) }})
			middlebox.Analyze(tr)
		}
	})
}
