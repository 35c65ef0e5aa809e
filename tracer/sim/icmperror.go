package sim

import (
	"encoding/binary"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// Longest ICMP errors in bytes, IP header included: RFC 1812, 4.3.2.3 and RFC
// 4443, 2.4 c.
const (
	maxError4 = 576
	maxError6 = 1280
)

// extendedQuote is the least length in bytes of a quote that extensions follow
// (RFC 4884, 4.1).
const extendedQuote = 128

// icmpError is the body of an ICMP or ICMPv6 error message.
type icmpError struct {
	complaint
	quote *datagram
	// extensions is an RFC 4884 extension structure; nil if there is none.
	extensions []byte
	// legacy says that the length of the quote is not told.
	legacy bool
}

func (e icmpError) protocol(ipv6 bool) layers.IPProtocol {
	if ipv6 {
		return layers.IPProtocolICMPv6
	}
	return layers.IPProtocolICMPv4
}

func (e icmpError) layers(header *datagram) ([]gopacket.SerializableLayer, error) {
	quote, err := e.quote.bytes()
	if err != nil {
		return nil, err
	}
	if header.ipv6() {
		return e.layers6(header, quote), nil
	}
	return e.layers4(quote), nil
}

// layers4 puts the length of the quote, in words of 32 bits, into the second
// byte of the word that RFC 792 leaves unused, and the MTU into its low half.
func (e icmpError) layers4(quote []byte) []gopacket.SerializableLayer {
	payload, length := e.extend(quote, maxError4-28, 4)
	icmp := &layers.ICMPv4{TypeCode: e.v4, Id: uint16(length), Seq: uint16(e.mtu)}
	return []gopacket.SerializableLayer{icmp, gopacket.Payload(payload)}
}

// layers6 puts the length of the quote, in words of 64 bits, into the first
// byte of that word, or the MTU into all of it.
func (e icmpError) layers6(header *datagram, quote []byte) []gopacket.SerializableLayer {
	if e.mtu != 0 {
		e.extensions = nil // RFC 4884, 4.6 extends no Packet Too Big
	}
	payload, length := e.extend(quote, maxError6-48, 8)
	word := binary.BigEndian.AppendUint32(nil, uint32(length)<<24|uint32(e.mtu))
	icmp := &layers.ICMPv6{TypeCode: e.v6}
	// The error is impossible: the header is an IP header.
	_ = icmp.SetNetworkLayerForChecksum(header.network())
	return []gopacket.SerializableLayer{icmp, gopacket.Payload(append(word, payload...))}
}

// extend returns the quote, cut to what fits, with the extensions behind it,
// and the quote's length in units of so many bytes: 0 without extensions.
func (e icmpError) extend(quote []byte, space, unit int) (payload []byte, length int) {
	if e.extensions == nil {
		return quote[:min(len(quote), space)], 0
	}
	room := (space - len(e.extensions)) / unit * unit
	if e.legacy {
		room = extendedQuote
	}
	quote = pad(quote[:min(len(quote), room)], unit)
	length = len(quote) / unit
	if e.legacy {
		length = 0
	}
	return append(quote, e.extensions...), length
}

// pad fills a quote with zeros to a whole number of units and to the least
// length that extensions want.
func pad(quote []byte, unit int) []byte {
	length := max(extendedQuote, (len(quote)+unit-1)/unit*unit)
	return append(quote, make([]byte, length-len(quote))...)
}
