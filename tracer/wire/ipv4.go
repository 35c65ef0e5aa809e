package wire

import (
	"encoding/binary"
	"net/netip"
)

// IPv4HeaderLen is the length in bytes of an IPv4 header without options.
const IPv4HeaderLen = 20

const (
	flagDontFragment  = 1 << 14
	flagMoreFragments = 1 << 13
	maskOffset        = flagMoreFragments - 1
)

// IPv4 is an IPv4 header (RFC 791, 3.1).
type IPv4 struct {
	// Source and Target are IPv4 addresses.
	Source, Target netip.Addr
	// TrafficClass is the TOS byte: DSCP and ECN (RFC 2474, RFC 3168).
	TrafficClass uint8
	// Length is the length of the whole packet in bytes, header included.
	Length int
	// ID is the identification. Linux replaces 0 in packets that are sent
	// from a raw socket, unless they are not to be fragmented.
	ID            uint16
	DontFragment  bool
	MoreFragments bool
	// FragmentOffset is in bytes, a multiple of 8.
	FragmentOffset int
	TTL            uint8
	// Protocol is the number of the protocol behind the header.
	Protocol uint8
	// Options are at most 40 bytes, a multiple of 4. After parsing they
	// alias the packet.
	Options []byte
}

// HeaderLen returns the length of the header in bytes, options included.
func (h IPv4) HeaderLen() int { return IPv4HeaderLen + len(h.Options) }

// Append appends the header, with its checksum.
func (h IPv4) Append(b []byte) []byte {
	start := len(b)
	b = append(b, 4<<4|uint8(h.HeaderLen()/4), h.TrafficClass)
	b = binary.BigEndian.AppendUint16(b, uint16(h.Length))
	b = binary.BigEndian.AppendUint16(b, h.ID)
	b = binary.BigEndian.AppendUint16(b, h.fragment())
	b = append(b, h.TTL, h.Protocol, 0, 0)
	source, target := h.Source.As4(), h.Target.As4()
	b = append(b, source[:]...)
	b = append(b, target[:]...)
	b = append(b, h.Options...)
	binary.BigEndian.PutUint16(b[start+10:], Checksum(b[start:]))
	return b
}

// fragment returns the word of flags and fragment offset.
func (h IPv4) fragment() uint16 {
	w := uint16(h.FragmentOffset/8) & maskOffset
	if h.DontFragment {
		w |= flagDontFragment
	}
	if h.MoreFragments {
		w |= flagMoreFragments
	}
	return w
}

// ParseIPv4 parses the header that b starts with and returns it with all of b
// that follows. Length is what the header claims; it may be more or less than
// b holds. The checksum is not verified: quotes carry outdated ones.
func ParseIPv4(b []byte) (IPv4, []byte, error) {
	const what = "IPv4 header"
	if err := need(what, b, IPv4HeaderLen); err != nil {
		return IPv4{}, nil, err
	}
	if b[0]>>4 != 4 {
		return IPv4{}, nil, malformed(what, "version %d", b[0]>>4)
	}
	end := int(b[0]&0xf) * 4
	if end < IPv4HeaderLen {
		return IPv4{}, nil, malformed(what, "claims a length of %d bytes", end)
	}
	if err := need(what, b, end); err != nil {
		return IPv4{}, nil, err
	}
	return decodeIPv4(b[:end]), b[end:], nil
}

func decodeIPv4(b []byte) IPv4 {
	fragment := binary.BigEndian.Uint16(b[6:])
	return IPv4{
		TrafficClass:   b[1],
		Length:         int(binary.BigEndian.Uint16(b[2:])),
		ID:             binary.BigEndian.Uint16(b[4:]),
		DontFragment:   fragment&flagDontFragment != 0,
		MoreFragments:  fragment&flagMoreFragments != 0,
		FragmentOffset: int(fragment&maskOffset) * 8,
		TTL:            b[8],
		Protocol:       b[9],
		Source:         netip.AddrFrom4([4]byte(b[12:])),
		Target:         netip.AddrFrom4([4]byte(b[16:])),
		Options:        b[IPv4HeaderLen:],
	}
}
