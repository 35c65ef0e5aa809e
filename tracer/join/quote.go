package join

import "github.com/ebpftrace/ebpftrace/tracer/wire"

// errorHeaderLen is what precedes the quote in an ICMP error.
const errorHeaderLen = 8

// matchError finds the probe that an ICMP error quotes. The quote has to hold
// all that names a probe, inside of what the error's own header claims.
func (j *Joiner) matchError(p packet) match {
	quote, ok := parse(p.body[errorHeaderLen:])
	end := p.header + errorHeaderLen + quote.header + startLen
	if !ok || quote.ipv6() != p.ipv6() || end > p.length {
		return match{malformed: true}
	}
	if exact := j.exact(quote); exact != nil {
		return match{probe: exact}
	}
	if rewritten := j.rewritten(quote); rewritten != nil {
		return match{probe: rewritten, rewritten: true}
	}
	return match{foreign: !j.ours(quote)}
}

// ours reports whether a quoted packet comes from where probes come from.
func (j *Joiner) ours(quote packet) bool {
	if quote.protocol != j.options.Protocol {
		return false
	}
	if quote.icmp() {
		return quote.word(4) == j.options.SourcePort
	}
	return j.options.owns(quote.word(0))
}

// exact: the quote is what was sent, wherever hops have no business.
func (j *Joiner) exact(quote packet) *probe {
	s := j.find(quote.ident())
	if s == nil || s.protocol != quote.protocol || s.start != quote.start() {
		return nil
	}
	if s.source != quote.source || s.target != quote.target {
		return nil
	}
	return s
}

// rewritten: a translator has changed addresses or checksum (RFC 5508, 4.2 makes
// it undo that; many don't). What stays is the IPv4 identification and the
// ports or, with ICMP, the echo's identifier and sequence number.
func (j *Joiner) rewritten(quote packet) *probe {
	s := j.find(quote.id ^ j.options.Secret)
	if quote.ipv6() || s == nil || s.id != quote.id || s.protocol != quote.protocol {
		return nil
	}
	at := 0
	if quote.protocol == wire.ProtocolICMP {
		at = 4
	}
	if [4]byte(s.start[at:]) != [4]byte(quote.body[at:]) {
		return nil
	}
	return s
}
