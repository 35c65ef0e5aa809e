package bpf

import (
	"slices"
	"testing"
)

// Whoever keeps the answers of one run and sends them in another gets nothing:
// all runs that were captured have ports, numbers and secrets of their own.
func TestReplayedAnswers(t *testing.T) {
	all, n := arenas(t), 0
	for _, a := range all {
		for _, earlier := range all {
			for _, answer := range earlier.answers {
				if earlier != a {
					a.refuse(t, "of another run", answer)
					n++
				}
			}
		}
	}
	t.Logf("%d answers replayed", n)
}

// The same between runs that differ in one thing alone.
func TestReplayedAnswersOfSimilarRun(t *testing.T) {
	for _, f := range samples(t) {
		similar := map[string]*flow{
			"another port":      f.rerun(1, 0, 0),
			"other numbers":     f.rerun(0, 0x80, 0),
			"all of it another": f.rerun(0x5500, 0x5501, 0x0ff0),
		}
		if f.protocol == protoTCP {
			similar["another secret"] = f.rerun(0, 0, 0x0ff0)
		}
		for name, later := range similar {
			a := newArena(t, later)
			for _, answer := range f.answers {
				// A datagram that names no probe has the port alone to tell by.
				if protocolOf(answer) != protoUDP || later.port != f.port {
					a.refuse(t, name, answer)
				}
			}
		}
	}
}

func (a *arena) refuse(t *testing.T, name string, answer []byte) {
	t.Helper()
	if c := a.admit(t, answer); c[KernelCounterCOUNTER_ANSWERS] != 0 {
		t.Errorf("%s, but reported: %x", name, answer)
	}
}

// rerun returns a flow that sent the same probes from another port, with other
// numbers and under another secret.
func (f *flow) rerun(port, number, secret uint16) *flow {
	g := &flow{protocol: f.protocol, port: f.port + port, secret: f.secret ^ secret}
	for _, probe := range f.probes {
		probe = slices.Clone(probe)
		at := headerOf(probe)
		reword(probe, at+6, ident(probe)+number)
		if f.protocol == f.icmp() {
			reword(probe, at+4, g.port)
		} else {
			reword(probe, at, g.port)
		}
		if f.protocol == protoTCP {
			reword(probe, at+4, g.secret)
		}
		if !f.ipv6() {
			reword(probe, 4, ident(probe)^g.secret)
		}
		g.probes = append(g.probes, probe)
	}
	return g
}

// What another socket sent is not ours, so neither are the answers.
func TestAnswersToAnotherSocket(t *testing.T) {
	for _, f := range samples(t) {
		k := loadFlow(t, f, func(s *KernelSpecs) { fixCookie(s.StampProbe, testCookie+1) })
		for _, probe := range f.probes {
			k.send(t, probe)
		}
		for _, answer := range f.answers {
			if event := k.receive(t, answer); event != nil {
				t.Errorf("%s: reported %+v", f.name(), event)
			}
		}
	}
}
