package sim

import (
	"fmt"
	"net/netip"
	"slices"
)

// NAT is a translator of source addresses and ports (RFC 3022). Packets of a
// family without address pass it as they are. Answers are translated back whole;
// what an ICMP error quotes may be translated back in part only.
type NAT struct {
	V4 netip.Addr `toml:"v4"`
	V6 netip.Addr `toml:"v6"`
	// Port replaces the source port or echo identifier; 0 keeps it.
	Port uint16 `toml:"port"`
	// RewriteID gives IPv4 packets another identification.
	RewriteID bool `toml:"rewrite_id"`
	// Restore names the fields that are translated back in quotes:
	// "addresses", "ports", "checksum" and "ip_id".
	Restore []string `toml:"restore"`
}

func (t *NAT) check() error {
	if err := families(t.V4, t.V6); err != nil {
		return fmt.Errorf("nat: %w", err)
	}
	for _, field := range t.Restore {
		if err := oneOf("nat: restore", field, restorers); err != nil {
			return err
		}
	}
	return nil
}

// restorers put a field of the packet as it was into a quote of it.
var restorers = map[string]func(quote *datagram, was fields){
	"addresses": func(q *datagram, was fields) { q.setSource(was.source) },
	"ports":     func(q *datagram, was fields) { q.put(portOffset(q.protocol()), was.port) },
	"checksum":  func(q *datagram, was fields) { q.put(checksumOffset(q.protocol()), was.checksum) },
	"ip_id":     func(q *datagram, was fields) { q.setIdent(was.id) },
}

// translation is what one translator did to one packet.
type translation struct {
	nat         *NAT
	before, now fields
}

// translate rewrites the packet as the translator does and notes it down.
func (j *journey) translate(nat *NAT) {
	to := nat.V4
	if j.packet.ipv6() {
		to = nat.V6
	}
	if !to.IsValid() {
		return
	}
	before := j.packet.fields()
	j.packet.setSource(to)
	if nat.Port != 0 {
		j.packet.put(portOffset(j.packet.protocol()), nat.Port)
	}
	if nat.RewriteID {
		j.packet.setIdent(before.id ^ 0x5a5a)
	}
	j.packet.amendChecksum(before)
	j.translations = append(j.translations, translation{nat, before, j.packet.fields()})
}

// restore undoes the translations in a quote, the last first, each as far as
// its translator cares to. It is false if one of them does not recognize the
// quoted source and port: it has no connection to send the error back on.
func (j *journey) restore(quote *datagram) bool {
	for _, t := range slices.Backward(j.translations) {
		seen := quote.fields()
		if seen.source != t.now.source || seen.port != t.now.port {
			return false
		}
		for _, field := range t.nat.Restore {
			restorers[field](quote, t.before)
		}
	}
	return true
}

// originalPort returns the port that the packet was sent from, given the one
// that it arrived with.
func (j *journey) originalPort(port uint16) uint16 {
	if len(j.translations) == 0 {
		return port
	}
	return j.translations[0].before.port
}
