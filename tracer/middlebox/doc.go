// Package middlebox finds what boxes on the way did to the probes of a trace, by
// holding what each ICMP error quotes against what was sent (Detal et al.,
// "Revealing middlebox interference with Tracebox", IMC 2013).
//
// A hop quotes a probe as it came there, so a change shows first at the hop
// behind the box, or at the box itself if it changes packets as they come in. It
// is therefore said to lie between two hops: the last whose quote still had the
// old value and the first whose quote has the new one. Hops that are silent, or
// quote too little to tell, lie in between.
//
// What every hop changes is no finding: TTL and IPv4 header checksum. Nor is what
// some systems do to a quote alone: the length in their own byte order, or less
// the header's, or an identification in their own byte order.
//
// An address translator that translates quotes back (RFC 5508, 4.2) hides what it
// did. Many restore addresses and ports but not the transport checksum; what is
// left of the difference tells that translator from others (Barberio, Dublin
// Traceroute). One that restores all, as Linux's connection tracking does, leaves
// nothing to see in quotes.
//
// A change that keeps an answer from being joined to its probe is never seen:
// see package tracer/join. Over IPv4 that is a port or echo identifier that stays
// rewritten, or an identification that does besides address or checksum. Over
// IPv6 it is any change of addresses or of the first 8 bytes of transport header.
package middlebox
