package main

import (
	"encoding/binary"
	"net/netip"

	"github.com/gopacket/gopacket/layers"
)

// key is what a probe and the answer to it have in common. Probes that look
// alike have the same: see [follow].
type key struct {
	proto    layers.IPProtocol
	src, dst netip.Addr // of the probe
	// direct tells keys of answers by the target itself, which quote nothing.
	direct bool
	id     uint16
	// head holds the first 8 bytes behind the probe's IP header, which every
	// ICMP error quotes (RFC 792), or what a direct answer gives back of
	// them: ports and sequence, or identifier and sequence.
	head [8]byte
}

// probeKeys returns how a probe is quoted, how it is quoted where its checksum
// was completed after the capture, and how it is answered directly. There are
// none for packets that no tracer sends as a probe.
func probeKeys(p packet) (keys [3]key, ok bool) {
	if len(p.body) < 8 {
		return keys, false
	}
	direct := key{proto: p.proto, src: p.src, dst: p.dst, direct: true}
	switch flags, seq, _, tcp := p.tcp(); {
	case tcp && flags&(flagSYN|flagACK) == flagSYN:
		copy(direct.head[:4], p.body)
		binary.BigEndian.PutUint32(direct.head[4:], seq)
	case p.proto == layers.IPProtocolUDP:
		copy(direct.head[:4], p.body)
	case p.isEcho():
		copy(direct.head[:4], p.body[4:8])
	default:
		return keys, false
	}
	return [...]key{quoteKey(p), quoteKey(completed(p)), direct}, true
}

// quoteKey is the key of a probe, or of a quote of one.
func quoteKey(p packet) key {
	k := key{proto: p.proto, src: p.src, dst: p.dst, id: p.id}
	copy(k.head[:], p.body)
	return k
}

// answerKey returns the key of the probe that p answers, if p answers any.
func answerKey(p packet) (key, bool) {
	if q, ok := p.quoted(); ok {
		return quoteKey(q), len(q.body) >= 8
	}
	k := key{proto: p.proto, src: p.dst, dst: p.src, direct: true}
	switch flags, _, ack, tcp := p.tcp(); {
	case tcp && flags&flagACK != 0:
		copyPorts(&k, p.body)
		binary.BigEndian.PutUint32(k.head[4:], ack-1) // of a SYN (RFC 9293, 3.10.7)
	case p.proto == layers.IPProtocolUDP && len(p.body) >= 8:
		copyPorts(&k, p.body)
	case p.isEchoReply():
		copy(k.head[:4], p.body[4:8])
	default:
		return key{}, false
	}
	return k, true
}

// copyPorts sets the ports of the probe from those of the answer.
func copyPorts(k *key, answer []byte) {
	copy(k.head[0:2], answer[2:4])
	copy(k.head[2:4], answer[0:2])
}
