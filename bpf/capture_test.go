package bpf

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// answersPcap holds traces as tcpdump saw them: see testdata/README.md.
//
//go:embed testdata/answers.pcap
var answersPcap []byte

// flow is one trace that was captured.
type flow struct {
	protocol        uint8
	port            uint16 // source port of the probes; ICMP: echo identifier
	secret          uint16 // of the run; 0 where probes don't hold it
	probes, answers [][]byte
}

// flows returns all traces that were captured, in their order.
func flows(tb testing.TB) (all []*flow) {
	tb.Helper()
	r, err := pcapgo.NewReader(bytes.NewReader(answersPcap))
	must(tb, err)
	for {
		packet, _, err := r.ReadPacketData()
		if err == io.EOF {
			return all
		}
		must(tb, err)
		if len(all) == 0 || !all[len(all)-1].add(packet) {
			all = append(all, newFlow(packet))
		}
	}
}

func newFlow(probe []byte) *flow {
	f := &flow{protocol: protocolOf(probe), port: sourcePort(probe), probes: [][]byte{probe}}
	switch {
	case !isIPv6(probe):
		f.secret = word(probe, 4) ^ ident(probe)
	case f.protocol == protoTCP:
		f.secret = word(transportOf(probe), 4)
	case f.protocol == f.icmp():
		f.secret = word(transportOf(probe), 10)
	}
	return f
}

// samples returns one trace for each protocol and family.
func samples(tb testing.TB) (some []*flow) {
	tb.Helper()
	for _, f := range flows(tb) {
		alike := func(g *flow) bool { return g.protocol == f.protocol && g.ipv6() == f.ipv6() }
		if len(f.probes) == 4 && !slices.ContainsFunc(some, alike) {
			some = append(some, f)
		}
	}
	return some
}

// add takes a packet that belongs to the flow: what goes to its source is an
// answer, what looks like the first probe is another one.
func (f *flow) add(packet []byte) bool {
	first := f.probes[0]
	switch {
	case bytes.Equal(targetOf(packet), sourceOf(first)):
		f.answers = append(f.answers, packet)
	case protocolOf(packet) == f.protocol && sourcePort(packet) == f.port && bytes.Equal(targetOf(packet), targetOf(first)):
		f.probes = append(f.probes, packet)
	default:
		return false
	}
	return true
}

func (f *flow) ipv6() bool { return isIPv6(f.probes[0]) }

// icmp returns the number of the ICMP of the flow's family.
func (f *flow) icmp() uint8 { return family{v6: f.ipv6()}.icmp() }

func (f *flow) name() string {
	version := 4
	if f.ipv6() {
		version = 6
	}
	return fmt.Sprintf("%v/IPv%d/from %d to %d", layers.IPProtocol(f.protocol), version, f.port, word(transportOf(f.probes[0]), 2))
}

func isIPv6(packet []byte) bool { return packet[0]>>4 == 6 }

func headerOf(packet []byte) int {
	if isIPv6(packet) {
		return 40
	}
	return int(packet[0]&0xf) * 4
}

func transportOf(packet []byte) []byte { return packet[headerOf(packet):] }

func protocolOf(packet []byte) uint8 {
	if isIPv6(packet) {
		return packet[6]
	}
	return packet[9]
}

func sourceOf(packet []byte) []byte {
	if isIPv6(packet) {
		return packet[8:24]
	}
	return packet[12:16]
}

func targetOf(packet []byte) []byte {
	if isIPv6(packet) {
		return packet[24:40]
	}
	return packet[16:20]
}

func word(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }

// ident returns the identifier of a probe.
func ident(probe []byte) uint16 { return word(transportOf(probe), 6) }

// sourcePort returns the port of a probe, or its echo identifier.
func sourcePort(probe []byte) uint16 {
	if p := protocolOf(probe); p == protoUDP || p == protoTCP {
		return word(transportOf(probe), 0)
	}
	return word(transportOf(probe), 4)
}
