package bpf

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// audit checks what became of a packet against its bytes: a report names a probe
// that was sent, a duplicate was reported before, and each packet that is for us
// is counted once, the others not at all. All of it is written as the RFCs have
// it, with no thought for how the programs go about it.
func (a *arena) audit(tb testing.TB, packet []byte, event *KernelEvent, raised counts) {
	if event != nil {
		a.auditReport(tb, packet, event)
	}
	want := uint64(0)
	if a.concerns(packet) {
		want = 1
	}
	got := raised[KernelCounterCOUNTER_ANSWERS] + raised[KernelCounterCOUNTER_UNMATCHED] +
		raised[KernelCounterCOUNTER_FOREIGN] + raised[KernelCounterCOUNTER_MALFORMED] + raised[KernelCounterCOUNTER_OVERFLOW]
	if got != want || raised[KernelCounterCOUNTER_ANSWERS] == 1 != (event != nil) {
		tb.Fatalf("counted %v, reported %+v, want it counted %d times: %x", raised, event, want, packet)
	}
}

func (a *arena) auditReport(tb testing.TB, packet []byte, event *KernelEvent) {
	probe := slices.IndexFunc(a.probes, func(p []byte) bool { return ident(p) == event.Ident })
	if probe < 0 || !a.names(packet, a.probes[probe]) {
		tb.Fatalf("reported %+v, which names no probe: %x", event, packet)
	}
	flags := KernelAnswerFlag(event.Flags)
	if flags&KernelAnswerFlagANSWER_UNIDENTIFIED != 0 {
		return
	}
	if duplicate := flags&KernelAnswerFlagANSWER_DUPLICATE != 0; duplicate != a.claimed[event.Ident] {
		tb.Fatalf("reported before: %v, but the flags are %#x: %x", a.claimed[event.Ident], flags, packet)
	}
	a.claimed[event.Ident] = true
}

// concerns reports whether a packet is for us to count: it holds an IP header and
// eight bytes more, and is an ICMP error, or is addressed to where the probes
// came from.
func (f *flow) concerns(packet []byte) bool {
	body, protocol := behind(packet, 0), protocolAt(packet, 0)
	switch {
	case body == nil:
		return false
	case protocol == icmpOf(packet) && f.isError(packet, body[0]):
		return true
	case protocol != f.protocol:
		return false
	case protocol == icmpOf(packet):
		return isEchoReply(packet, body[0]) && word(body, 4) == f.port
	}
	return (protocol == protoUDP || protocol == protoTCP) && word(body, 2) == f.port
}

func (f *flow) isError(packet []byte, kind uint8) bool {
	return slices.Contains(family{v6: isIPv6(packet)}.errorTypes(), kind)
}

func isEchoReply(packet []byte, kind uint8) bool {
	return kind == 0 && !isIPv6(packet) || kind == 129 && isIPv6(packet)
}

func icmpOf(packet []byte) uint8 { return family{v6: isIPv6(packet)}.icmp() }

func protocolAt(packet []byte, at int) uint8 {
	if b := part(packet, at, at+20); b != nil {
		return protocolOf(b)
	}
	return 0
}

// behind returns what follows the IP header at an offset: eight bytes or more, or
// nil if it is no IP packet, is a later fragment, or ends before.
func behind(packet []byte, at int) []byte {
	if ip := part(packet, at, at+40); ip != nil && isIPv6(ip) {
		return atLeast8(packet[at+40:])
	}
	ip := part(packet, at, at+20)
	if ip == nil || ip[0]>>4 != 4 || ip[0]&0xf < 5 || word(ip, 6)&0x1fff != 0 || len(packet) < at+headerOf(ip) {
		return nil
	}
	return atLeast8(packet[at+headerOf(ip):])
}

func atLeast8(b []byte) []byte {
	if len(b) < 8 {
		return nil
	}
	return b
}

// part returns those bytes, or nil if they aren't all there.
func part(b []byte, from, to int) []byte {
	if from > to || to > len(b) {
		return nil
	}
	return b[from:to]
}

// names reports whether a packet names the probe, inside of what its own header
// claims as its length.
func (f *flow) names(packet, probe []byte) bool {
	packet = packet[:min(len(packet), claimedLen(packet))]
	body, protocol := behind(packet, 0), protocolAt(packet, 0)
	switch {
	case body == nil:
		return false
	case protocol == f.icmp() && f.isError(packet, body[0]):
		return quotes(packet, len(packet)-len(body)+8, probe) || f.translates(packet, len(packet)-len(body)+8, probe)
	case protocol != f.protocol || !bytes.Equal(sourceOf(packet), targetOf(probe)) || !bytes.Equal(targetOf(packet), sourceOf(probe)):
		return false
	case protocol == f.icmp():
		return isEchoReply(packet, body[0]) && bytes.Equal(body[4:8], transportOf(probe)[4:8])
	case !bytes.Equal(body[:2], transportOf(probe)[2:4]) || !bytes.Equal(body[2:4], transportOf(probe)[:2]):
		return false
	}
	return f.protocol == protoUDP || acknowledges(body, probe)
}

func claimedLen(packet []byte) int {
	if b := part(packet, 0, 40); b != nil && isIPv6(b) {
		return 40 + int(word(b, 4))
	}
	if b := part(packet, 0, 20); b != nil {
		return int(word(b, 2))
	}
	return 0
}

// quotes: addresses, protocol and the first eight bytes of transport header are
// the probe's.
func quotes(packet []byte, at int, probe []byte) bool {
	body := behind(packet, at)
	if body == nil || isIPv6(packet[at:]) != isIPv6(probe) {
		return false
	}
	ip := packet[at:]
	return protocolOf(ip) == protocolOf(probe) && bytes.Equal(body[:8], transportOf(probe)[:8]) &&
		bytes.Equal(sourceOf(ip), sourceOf(probe)) && bytes.Equal(targetOf(ip), targetOf(probe))
}

// translates: over IPv4, the identification is the probe's and tells its number,
// and so are the ports, or the echo's identifier and sequence number.
func (f *flow) translates(packet []byte, at int, probe []byte) bool {
	body := behind(packet, at)
	if body == nil || isIPv6(packet[at:]) || isIPv6(probe) {
		return false
	}
	from, to := 0, 4
	if f.protocol == f.icmp() {
		from, to = 4, 8
	}
	return protocolOf(packet[at:]) == f.protocol && word(packet[at:], 4) == word(probe, 4) &&
		word(probe, 4)^f.secret == ident(probe) && bytes.Equal(body[from:to], transportOf(probe)[from:to])
}

// acknowledges: SYN and ACK, or RST and ACK, of the SYN or of its payload too.
func acknowledges(segment, probe []byte) bool {
	if len(segment) < 20 || segment[13]&0x10 == 0 || segment[13]&0x06 == 0 {
		return false
	}
	syn := transportOf(probe)
	payload := uint32(len(syn)) - uint32(syn[12]>>4)*4
	behind := binary.BigEndian.Uint32(segment[8:]) - binary.BigEndian.Uint32(syn[4:])
	return behind == 1 || behind == 1+payload
}
