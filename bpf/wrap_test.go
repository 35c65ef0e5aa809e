package bpf

import (
	"math/rand/v2"
	"slices"
)

// wrap puts into answer or quote what IP allows there: options, extension headers,
// the marks of fragments; and quotes what quotes.
func wrap(r *rand.Rand, f *flow, answer []byte, let func(func() []byte)) {
	for range rounds {
		let(func() []byte {
			packet := slices.Clone(answer)
			for range 1 + r.IntN(2) {
				at, quote := 0, headerOf(packet)+8
				if r.IntN(2) == 0 && quote+48 <= len(packet) && protocolOf(packet) == f.icmp() {
					at = quote
				}
				packet = wrappings[r.IntN(len(wrappings))](r, packet, at)
			}
			return claiming(packet, len(packet))
		})
	}
}

// wrappings change the IP header at an offset.
var wrappings = []func(r *rand.Rand, packet []byte, at int) []byte{addOptions, fragment, addHeaders, quoteAgain}

func addOptions(r *rand.Rand, packet []byte, at int) []byte {
	if packet[at]>>4 != 4 {
		return addHeaders(r, packet, at)
	}
	have := int(packet[at] & 0xf)
	words := r.IntN(16 - have)
	packet[at] += byte(words)
	return slices.Insert(packet, at+20, garbage(r, 4*words)...)
}

func fragment(r *rand.Rand, packet []byte, at int) []byte {
	offset := []uint16{0, 1, uint16(r.IntN(1 << 13))}[r.IntN(3)]
	if packet[at]>>4 == 4 {
		reword(packet, at+6, offset|1<<13)
		return packet
	}
	header := []byte{packet[at+6], 0, byte(offset >> 5), byte(offset<<3) | 1, 1, 2, 3, 4}
	packet[at+6] = 44
	return slices.Insert(packet, at+40, header...)
}

// addHeaders puts a chain of IPv6 extension headers behind the header; behind one
// of IPv4 they are some protocol's.
func addHeaders(r *rand.Rand, packet []byte, at int) []byte {
	next, behind := at+6, at+40
	if packet[at]>>4 == 4 {
		next, behind = at+9, at+20
	}
	for range 1 + r.IntN(6) {
		header := append([]byte{packet[next], byte(r.IntN(2))}, garbage(r, 14)...)
		packet[next] = []byte{0, 43, 60, 44}[r.IntN(4)]
		packet = slices.Insert(packet, behind, header[:8+8*int(header[1])]...)
	}
	return packet
}

// quoteAgain has an ICMP error quote the whole packet, from which it has its header.
func quoteAgain(r *rand.Rand, packet []byte, at int) []byte {
	header := packet[at : at+headerOf(packet[at:])]
	f := family{v6: header[0]>>4 == 6}
	kinds := f.errorTypes()
	outer := append(slices.Clone(header), kinds[r.IntN(len(kinds))], 0, 0, 0, 0, 0, 0, 0)
	if f.v6 {
		outer[6] = f.icmp()
	} else {
		outer[9] = f.icmp()
	}
	return slices.Insert(packet, at, outer...)
}

func garbage(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
