package wire

// minTransport is how much of the transport header every quote holds (RFC 792).
const minTransport = 8

// ParseQuote parses the packet that an ICMP error quotes, an IPv6 one if v6
// says so. b is the quote alone, without padding and extensions of RFC 4884.
// IPv6 extension headers that a router put in are skipped. Transport aliases b.
// The error is a [*ParseError].
func ParseQuote(b []byte, v6 bool) (*Quote, error) {
	if v6 {
		return parseQuote6(b)
	}
	return parseQuote4(b)
}

func parseQuote4(b []byte) (*Quote, error) {
	h, transport, err := ParseIPv4(b)
	if err != nil {
		return nil, quoted(err)
	}
	if h.FragmentOffset != 0 {
		return nil, malformed("quote", "not the first fragment")
	}
	return finish(&Quote{
		Source: h.Source, Target: h.Target,
		Protocol:     h.Protocol,
		TTL:          h.TTL,
		TrafficClass: h.TrafficClass,
		ID:           h.ID,
		DontFragment: h.DontFragment,
		Length:       h.Length,
	}, transport, h.Length-h.HeaderLen())
}

func parseQuote6(b []byte) (*Quote, error) {
	h, rest, err := ParseIPv6(b)
	if err != nil {
		return nil, quoted(err)
	}
	protocol, transport, err := skipExtensionHeaders(h.NextHeader, rest)
	if err != nil {
		return nil, quoted(err)
	}
	skipped := len(rest) - len(transport)
	return finish(&Quote{
		Source: h.Source, Target: h.Target,
		Protocol:     protocol,
		TTL:          h.TTL,
		TrafficClass: h.TrafficClass,
		FlowLabel:    h.FlowLabel,
		Length:       IPv6HeaderLen + h.PayloadLength,
	}, transport, h.PayloadLength-skipped)
}

// finish gives the quote its transport bytes, of which the IP header claims
// length. Some systems quote a header with the length in their own byte order
// or less the header, so a claim that leaves no room for a probe is ignored.
func finish(q *Quote, transport []byte, length int) (*Quote, error) {
	if err := need("quoted transport header", transport, minTransport); err != nil {
		return nil, err
	}
	if length >= minTransport {
		transport = transport[:min(length, len(transport))]
	}
	q.Transport = transport
	return q, nil
}

// quoted says of a parse error that it happened inside a quote.
func quoted(err error) error {
	if e, ok := err.(*ParseError); ok {
		return &ParseError{What: "quoted " + e.What, Problem: e.Problem}
	}
	return err
}
