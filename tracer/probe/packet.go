package probe

import (
	"fmt"
	"net/netip"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// maxSize is the most that an IPv4 header can claim; IPv6 keeps to it as well.
const maxSize = 65535

// begin checks what a probe is to be made of and returns its IP header, with
// capacity for all of the probe. defaultSize holds if the flow sets none.
func (f Flow) begin(p Protocol, defaultSize int, ttl uint8, ident uint16) ([]byte, error) {
	if f.Size == 0 {
		f.Size = defaultSize
	}
	if err := f.check(p, ttl, ident); err != nil {
		return nil, fmt.Errorf("%s probe: %w", p.Name(), err)
	}
	b := make([]byte, 0, f.Size)
	if f.IPv6() {
		return f.appendIPv6(b, p, ttl), nil
	}
	return f.appendIPv4(b, p, ttl, ident), nil
}

func (f Flow) appendIPv4(b []byte, p Protocol, ttl uint8, ident uint16) []byte {
	return wire.IPv4{
		Source: f.Source, Target: f.Target,
		TrafficClass: f.TrafficClass,
		Length:       f.Size,
		ID:           ident ^ f.Secret,
		DontFragment: f.DontFragment,
		TTL:          ttl,
		Protocol:     p.Number(false),
	}.Append(b)
}

func (f Flow) appendIPv6(b []byte, p Protocol, ttl uint8) []byte {
	return wire.IPv6{
		Source: f.Source, Target: f.Target,
		TrafficClass:  f.TrafficClass,
		FlowLabel:     f.FlowLabel,
		PayloadLength: f.Size - wire.IPv6HeaderLen,
		NextHeader:    p.Number(true),
		TTL:           ttl,
	}.Append(b)
}

func (f Flow) check(p Protocol, ttl uint8, ident uint16) error {
	if err := f.checkAddresses(); err != nil {
		return err
	}
	least := p.MinSize(f.IPv6())
	switch {
	case f.Size < least:
		return fmt.Errorf("size %d is too small: use at least %d bytes", f.Size, least)
	case f.Size > maxSize:
		return fmt.Errorf("size %d is too large: use at most %d bytes", f.Size, maxSize)
	case p.DefaultPort() != 0 && f.SourcePort == 0:
		return fmt.Errorf("source port is 0: use 1 to 65535")
	case p.DefaultPort() != 0 && f.TargetPort == 0:
		return fmt.Errorf("target port is 0: use 1 to 65535")
	case f.FlowLabel > wire.MaxFlowLabel:
		return fmt.Errorf("flow label %#x has more than 20 bits", f.FlowLabel)
	case ttl == 0:
		return fmt.Errorf("ttl is 0: use 1 to 255")
	case !f.Usable(ident):
		return fmt.Errorf("identifier %#04x is not usable in the flow", ident)
	}
	return nil
}

func (f Flow) checkAddresses() error {
	if err := checkAddress("source", f.Source); err != nil {
		return err
	}
	if err := checkAddress("target", f.Target); err != nil {
		return err
	}
	if f.Source.Is4() != f.Target.Is4() {
		return fmt.Errorf("source %s and target %s are of different families", f.Source, f.Target)
	}
	return nil
}

func checkAddress(role string, a netip.Addr) error {
	switch {
	case !a.IsValid():
		return fmt.Errorf("%s address is not set", role)
	case a.Is4In6():
		return fmt.Errorf("%s %s is an IPv4 address in IPv6 form: use %s", role, a, a.Unmap())
	case a.Zone() != "":
		return fmt.Errorf("%s %s has a zone: leave it out", role, a)
	}
	return nil
}

// headerSize returns the length of an IP header as probes have it.
func headerSize(ipv6 bool) int {
	if ipv6 {
		return wire.IPv6HeaderLen
	}
	return wire.IPv4HeaderLen
}

// fill returns n bytes of payload, the same for every probe. They count up
// from 0x40, so that a router which quotes all of it never seems to have put
// an extension structure there, whose first byte is 0x20 (RFC 4884, 5.5).
func fill(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 0x40 | byte(i)&0x3f
	}
	return b
}
