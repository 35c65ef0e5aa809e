package wire

// ParseAnswer parses a packet from its IP header on. The packet may be cut
// short, so long as an ICMP error's quote still holds 8 bytes of transport
// header; what follows its IP length is ignored. The Transport of the answer's
// Quote aliases the packet, all else is a copy.
//
// Checksums are not verified, save that of an extension structure: a network
// device may leave them to be worked out later, and they reach beyond a cut.
// A broken extension structure is left out of the answer. The error is a
// [*ParseError], also for a packet of a sort that answers no probe.
func ParseAnswer(packet []byte) (Answer, error) {
	if err := need("packet", packet, 1); err != nil {
		return Answer{}, err
	}
	var a Answer
	var err error
	switch version := packet[0] >> 4; version {
	case 4:
		err = a.parse4(packet)
	case 6:
		err = a.parse6(packet)
	default:
		err = malformed("packet", "IP version %d", version)
	}
	if err != nil {
		return Answer{}, err
	}
	return a, nil
}

func (a *Answer) parse4(packet []byte) error {
	h, body, err := ParseIPv4(packet)
	if err != nil {
		return err
	}
	if h.FragmentOffset != 0 {
		return malformed("IPv4 header", "not the first fragment")
	}
	length := h.Length - h.HeaderLen()
	if length < 0 {
		return malformed("IPv4 header", "claims a packet of %d bytes", h.Length)
	}
	a.From, a.TTL, a.TrafficClass, a.ID, a.Length = h.Source, h.TTL, h.TrafficClass, h.ID, h.Length
	return a.parseTransport(h.Protocol, body[:min(length, len(body))], false)
}

func (a *Answer) parse6(packet []byte) error {
	h, body, err := ParseIPv6(packet)
	if err != nil {
		return err
	}
	body = body[:min(h.PayloadLength, len(body))]
	protocol, body, err := skipExtensionHeaders(h.NextHeader, body)
	if err != nil {
		return err
	}
	a.From, a.TTL, a.TrafficClass, a.Length = h.Source, h.TTL, h.TrafficClass, IPv6HeaderLen+h.PayloadLength
	return a.parseTransport(protocol, body, true)
}

func (a *Answer) parseTransport(protocol uint8, body []byte, v6 bool) error {
	switch {
	case protocol == ProtocolICMP && !v6, protocol == ProtocolICMPv6 && v6:
		return a.parseICMP(body, v6)
	case protocol == ProtocolTCP:
		return a.parseTCP(body)
	case protocol == ProtocolUDP:
		_, _, err := ParseUDP(body)
		a.Kind = UDPReply
		return err
	}
	return malformed("packet", "protocol %d is no answer", protocol)
}

// parseTCP looks at the flags: a reset may come with any others.
func (a *Answer) parseTCP(segment []byte) error {
	h, _, err := ParseTCP(segment)
	switch {
	case err != nil:
		return err
	case h.Flags.Has(FlagRST):
		a.Kind = Reset
	case h.Flags.Has(FlagSYN | FlagACK):
		a.Kind = SynAck
	default:
		return malformed("TCP header", "flags %#02x are no answer", uint8(h.Flags))
	}
	return nil
}
