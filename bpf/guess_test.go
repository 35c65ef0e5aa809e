package bpf

import (
	"math/rand/v2"
	"slices"
)

// secret is a word of an answer that a stranger has to guess.
type secret struct {
	name string
	at   int
}

// secrets returns them for an answer, the port or echo identifier first. All but
// that tell the probe.
func (f *flow) secrets(answer []byte) []secret {
	at := headerOf(answer)
	if f.isQuote(answer) {
		return f.quotedSecrets(answer, at+8)
	}
	switch f.protocol {
	case protoUDP: // what names no probe is taken for an answer to the last one
		return []secret{{"port", at + 2}}
	case protoTCP:
		return []secret{{"port", at + 2}, {"number", at + 10}, {"secret", at + 8}}
	}
	return []secret{{"port", at + 4}, {"number", at + 6}}
}

// isQuote tells ICMP errors from answers of the target.
func (f *flow) isQuote(answer []byte) bool {
	return protocolOf(answer) == f.icmp() && f.isError(answer, transportOf(answer)[0])
}

func (f *flow) quotedSecrets(answer []byte, quote int) []secret {
	at := quote + headerOf(answer[quote:])
	all := []secret{{"port", at}, {"number", at + 6}}
	switch f.protocol {
	case protoTCP:
		all = append(all, secret{"secret", at + 4})
	case f.icmp():
		all[0].at = at + 4
	}
	if !f.ipv6() {
		all = append(all, secret{"identification", quote + 4})
	}
	return all
}

// guess has all right but what is random in each run: either the port is wrong, or
// whatever could tell the probe.
func guess(r *rand.Rand, f *flow, answer []byte, let func(func() []byte)) {
	all := f.secrets(answer)
	port := all[0]
	for range 2 * rounds {
		let(func() []byte {
			packet, names := slices.Clone(answer), all[1:]
			if r.IntN(2) == 0 || len(names) == 0 {
				reword(packet, port.at, wrong(r, packet, port))
				names = some(r, names)
			}
			for _, s := range names {
				reword(packet, s.at, wrong(r, packet, s))
			}
			return packet
		})
	}
}

// wrong returns another word than what stands there, and not that of another
// probe: those of one run follow each other.
func wrong(r *rand.Rand, packet []byte, s secret) uint16 {
	const far = 0x100
	return word(packet, s.at) + far + uint16(r.IntN(1<<16-2*far))
}

// some returns some of them, or none or all.
func some(r *rand.Rand, of []secret) []secret {
	return slices.DeleteFunc(slices.Clone(of), func(secret) bool { return r.IntN(2) == 0 })
}
