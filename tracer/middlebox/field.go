package middlebox

import "slices"

// Field is a part of a probe, by its name as output uses it.
type Field string

// The fields that are compared.
const (
	SourceAddress Field = "source_address"
	TargetAddress Field = "target_address"
	DSCP          Field = "dscp"       // RFC 2474: decimal, 0 to 63
	ECN           Field = "ecn"        // RFC 3168: not-ect, ect1, ect0 or ce
	ID            Field = "ip_id"      // IPv4 only
	DF            Field = "df"         // IPv4 only: 0 or 1
	FlowLabel     Field = "flow_label" // IPv6 only
	Length        Field = "length"     // bytes, as the IP header claims
	SourcePort    Field = "source_port"
	TargetPort    Field = "target_port"
	UDPLength     Field = "udp_length"
	Checksum      Field = "checksum" // of UDP, TCP, ICMP or ICMPv6
	Sequence      Field = "tcp_sequence"
	Flags         Field = "tcp_flags"
	Window        Field = "tcp_window"
	MSS           Field = "tcp_mss"     // bytes; 0: no such option
	Options       Field = "tcp_options" // all but the MSS, in hexadecimal
	EchoID        Field = "echo_id"
	EchoSequence  Field = "echo_sequence"
	Payload       Field = "payload" // from the first byte that differs
)

// fields lists them in the order in which they are told.
var fields = []Field{
	SourceAddress, TargetAddress, SourcePort, TargetPort, EchoID, EchoSequence, DSCP, ECN, DF, FlowLabel, Length, ID,
	UDPLength, Sequence, Flags, Window, MSS, Options, Checksum, Payload,
}

// translated are those that address translators change.
var translated = []Field{SourceAddress, TargetAddress, SourcePort, TargetPort, EchoID, Checksum}

// Harmless reports a change that loses nothing: an identification, which means
// nothing in a packet that is no fragment (RFC 6864, 4.1), and the mark of a
// congested router, which is what ECN is for.
func (c Change) Harmless() bool {
	return c.Field == ID || c.Field == ECN && c.To == congested
}

// Translates reports a change of what address translators rewrite, or behind one
// undo.
func (c Change) Translates() bool { return slices.Contains(translated, c.Field) }

// sight is what a quote shows of a field.
type sight struct {
	// key tells changes apart, from probe to probe too: the new value or,
	// where probes differ by themselves, the difference. Empty: as sent.
	key        string
	sent, seen string
}

// sights holds the fields that a quote is long enough to tell of.
type sights map[Field]sight

// value enters a field that is the same in all probes of a flow.
func (s sights) value(f Field, sent, seen string) {
	if sent == seen {
		s[f] = sight{"", sent, seen}
		return
	}
	s[f] = sight{seen, sent, seen}
}

// varying enters a field that differs from probe to probe; key is what is the
// same for all that were changed in the same way.
func (s sights) varying(f Field, sent, seen, key string) {
	if sent == seen {
		key = ""
	}
	s[f] = sight{key, sent, seen}
}
