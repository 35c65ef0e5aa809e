package bpf

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gopacket/gopacket/layers"
)

// guessing is an answer of which a stranger knows all but some words.
type guessing struct {
	name    string
	answer  []byte
	unknown []secret
}

// guessings returns the ways to guess an answer. A quote over IPv4 can be right in
// two ways, so each time it is made wrong for the other one.
func (f *flow) guessings(answer []byte) []guessing {
	name := fmt.Sprintf("%v over IPv%d, ", layers.IPProtocol(f.protocol), answer[0]>>4)
	all := f.secrets(answer)
	switch {
	case !f.isQuote(answer):
		return []guessing{{name + "reply", answer, all}}
	case f.ipv6():
		return []guessing{{name + "quote", answer, all}}
	}
	last := len(all) - 1
	whole := guessing{name + "quote", spoilt(answer, all[last]), all[:last]}
	name += "translated quote"
	if f.protocol == f.icmp() {
		return []guessing{whole, {name, spoilt(answer, secret{at: all[1].at - 4}), all}} // by its checksum
	}
	return []guessing{whole, {name, spoilt(answer, all[1]), []secret{all[0], all[last]}}}
}

func spoilt(packet []byte, s secret) []byte {
	packet = slices.Clone(packet)
	reword(packet, s.at, word(packet, s.at)^0x8000)
	return packet
}

// Somebody off the path who knows addresses, protocol and target port, and of all
// that is random in a run one thing is missing, has to find that among 65,536: the
// port is one of them, the number one for each probe that was sent.
func TestBlindGuess(t *testing.T) {
	const kinds = 6 + 6 + 3 // replies, quotes, and over IPv4 translated ones
	random, done := newRandom(t), map[string]bool{}
	left := newBudget(t, kinds, 60_000)
	for _, a := range arenas(t) {
		for _, answer := range a.answers {
			for _, g := range a.guessings(answer) {
				if len(a.probes) == 4 && !done[g.name] {
					done[g.name] = true
					left.next(t)
					a.guess(t, g, func() bool { return left.allows(random) })
				}
			}
		}
	}
	if len(done) != kinds {
		t.Errorf("tried %d kinds of answers, want %d", len(done), kinds)
	}
	t.Log(left)
}

func (a *arena) guess(t *testing.T, g guessing, allowed func() bool) {
	right, report := 1, g.name+":"
	for _, s := range g.unknown {
		n := a.enumerate(t, g.answer, s, allowed)
		if s.name != "port" {
			right = max(right, n, len(a.probes))
		}
		report += fmt.Sprintf(" %s %d of 65536,", s.name, n)
	}
	bits := 16*float64(len(g.unknown)) - math.Log2(float64(right))
	t.Logf("%s so one packet in 2^%.0f for %d probes", report, bits, len(a.probes))
}

// enumerate lets the answer in with every word in that place, or what is allowed of
// them and those of the probes, and returns how many are reported. Each of them
// names a probe (see arena.audit), and none has more than two names: a SYN with
// payload may be acknowledged with or without that.
func (a *arena) enumerate(t *testing.T, answer []byte, s secret, allowed func() bool) (reported int) {
	t.Helper()
	const near = 0x100
	one := s.name == "port" || s.name == "secret" // is right, and no other is nearer to it
	packet, right := slices.Clone(answer), word(answer, s.at)
	for n := range 1 << 16 {
		if uint16(n)-right+near >= 2*near && (one && n%16 != 0 || !allowed()) {
			continue
		}
		reword(packet, s.at, uint16(n))
		if a.admit(t, packet)[KernelCounterCOUNTER_ANSWERS] != 0 {
			reported++
		}
	}
	if reported == 0 || reported > 2*len(a.probes) {
		t.Errorf("%s: %d words out of 65536 are right, for %d probes", s.name, reported, len(a.probes))
	}
	return reported
}
