package bpf

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
)

// attack makes hostile packets of a captured answer, those that let asks for.
type attack struct {
	name     string
	hopeless bool // none of them may be reported
	packets  func(r *rand.Rand, f *flow, answer []byte, let func(func() []byte))
}

var attacks = []attack{
	{"cut off", false, cutOff},
	{"one bit flipped", false, flip},
	{"mutated", false, mutate},
	{"guessed", true, guess},
	{"grown", false, grow},
	{"other lengths", false, reclaim},
	{"wrapped", false, wrap},
}

// planned is about how many packets the attacks make of all answers together;
// largest is the most that BPF_PROG_TEST_RUN takes, in pages of 4 KiB.
const (
	planned = 600_000
	largest = 3600
	rounds  = 400 // random packets of one kind made of one answer
)

// cutOff ends the packet wherever there is a whole IP header; the header may say so.
func cutOff(_ *rand.Rand, _ *flow, answer []byte, let func(func() []byte)) {
	for n := 20; n < len(answer); n++ { // TestHostileFrames has the shorter ones
		let(func() []byte { return answer[:n] })
		let(func() []byte { return claiming(answer[:n], n) })
	}
}

func flip(_ *rand.Rand, _ *flow, answer []byte, let func(func() []byte)) {
	for bit := range 8 * len(answer) {
		let(func() []byte {
			packet := slices.Clone(answer)
			packet[bit/8] ^= 1 << (bit % 8)
			return packet
		})
	}
}

// mutate changes a few bytes, rather in the headers than behind them.
func mutate(r *rand.Rand, _ *flow, answer []byte, let func(func() []byte)) {
	for range 2 * rounds {
		let(func() []byte {
			packet := slices.Clone(answer)
			for range 1 + r.IntN(8) {
				at := r.IntN(min(len(packet), 1<<(5+r.IntN(7))))
				packet[at] = otherByte(r, packet, at)
			}
			return packet
		})
	}
}

func otherByte(r *rand.Rand, packet []byte, at int) byte {
	switch r.IntN(4) {
	case 0:
		return packet[at] ^ 1<<r.IntN(8)
	case 1:
		return byte(r.Uint32())
	case 2:
		return [...]byte{0, 0xff, 0x7f, 0x80}[r.IntN(4)]
	}
	return packet[r.IntN(len(packet))]
}

func reword(packet []byte, at int, word uint16) { binary.BigEndian.PutUint16(packet[at:], word) }

// claiming returns a copy whose IP header claims that length.
func claiming(packet []byte, length int) []byte {
	packet = slices.Clone(packet)
	if isIPv6(packet) {
		reword(packet, 4, uint16(length-40))
	} else {
		reword(packet, 2, uint16(length))
	}
	return packet
}

// grow puts more behind the answer: whole extension structures, or garbage.
func grow(r *rand.Rand, _ *flow, answer []byte, let func(func() []byte)) {
	for range rounds {
		let(func() []byte {
			at := len(answer)
			packet := append(slices.Clone(answer), garbage(r, r.IntN(largest-at))...)
			if r.IntN(2) == 0 && len(packet) > at+8 {
				copy(packet[at:], []byte{0x20, 0, 0, 0, 0, 8, 1, 1}) // RFC 4884, 7 and 8
				packet[headerOf(packet)+4+r.IntN(2)] = byte(r.Uint32())
			}
			if r.IntN(3) == 0 {
				return packet
			}
			return claiming(packet, len(packet))
		})
	}
}

// reclaim has the IP header claim lengths that aren't so. There is more behind, to
// where such a length may lead.
func reclaim(r *rand.Rand, _ *flow, answer []byte, let func(func() []byte)) {
	long := append(slices.Clone(answer), make([]byte, largest-len(answer))...)
	claims := []int{1279, 1280, 1281, 2047, 2048, 2049, 0xffff}
	for n := range len(answer) + 8 {
		claims = append(claims, n)
	}
	for range rounds / 2 {
		claims = append(claims, int(uint16(r.Uint32())))
	}
	for _, n := range claims {
		let(func() []byte { return claiming(long[:len(answer)+r.IntN(largest-len(answer))], n) })
	}
}
