package join_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// arrival is a packet on its way back.
type arrival struct {
	at     time.Time
	packet []byte
}

// twin is a network and a joiner beside a sim.Link, which joins by code of its
// own. Networks made alike answer alike.
type twin struct {
	*join.Joiner
	net     *sim.Network
	pending []arrival
	answers []tracer.Answer
}

func (w *twin) send(packet []byte) {
	w.settle()
	w.Sent(packet)
	now := time.Now()
	for _, d := range w.net.Handle(now, packet) {
		w.pending = append(w.pending, arrival{now.Add(d.After), d.Packet})
	}
	slices.SortStableFunc(w.pending, func(a, b arrival) int { return a.at.Compare(b.at) })
}

func (w *twin) settle() {
	for len(w.pending) > 0 && !w.pending[0].at.After(time.Now()) {
		if a, ok := w.Join(w.pending[0].packet); ok {
			w.answers = append(w.answers, a)
		}
		w.pending = w.pending[1:]
	}
}

// compare sends the same random probes through both and holds answer against
// answer, and counter against counter. It returns what was counted.
func compare(t *testing.T, s *sim.Scenario, p probe.Protocol, ipv6 bool, seed uint64) tracer.Counters {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	flow := randomFlow(random, s, p, ipv6)
	link := sim.NewLink(sim.New(s, seed), sim.LinkOptions{Secret: flow.Secret, SourcePort: flow.SourcePort})
	joiner, err := join.New(join.Options{
		Protocol: p.Number(ipv6), SourcePort: flow.SourcePort, Secret: flow.Secret, Slots: join.MaxSlots,
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &twin{Joiner: joiner, net: sim.New(s, seed)}
	for range 60 {
		packet := randomProbe(t, random, flow, p)
		w.send(packet)
		if _, err := link.Send(packet); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(20_000)) * time.Microsecond)
	}
	time.Sleep(time.Hour)
	w.settle()
	same(t, w, link)
	return w.Counters()
}

func randomFlow(random *rand.Rand, s *sim.Scenario, p probe.Protocol, ipv6 bool) probe.Flow {
	source := netip.MustParseAddr("198.19.255.1")
	if ipv6 {
		source = netip.MustParseAddr("2001:db8:ffff::1")
	}
	f := probe.Flow{
		Source: source, Target: s.TargetAddr(ipv6), SourcePort: 45000, TargetPort: 33434,
		Secret: 1 + uint16(random.IntN(0xfffe)),
	}
	if random.IntN(2) == 0 {
		f.Size = p.MinSize(ipv6) + random.IntN(1300)
	}
	return f
}

// randomProbe has one of a few identifiers, so that some are used again.
func randomProbe(t *testing.T, random *rand.Rand, f probe.Flow, p probe.Protocol) []byte {
	t.Helper()
	for {
		ident := uint16(1 + 0x100*random.IntN(40))
		if !f.Usable(ident) {
			continue
		}
		packet, err := p.Marshal(f, uint8(1+random.IntN(8)), ident)
		if err != nil {
			t.Fatal(err)
		}
		return packet
	}
}

func same(t *testing.T, w *twin, link *sim.Link) {
	t.Helper()
	for i := 0; ; i++ {
		want, err := link.Next(time.Now())
		if errors.Is(err, os.ErrDeadlineExceeded) {
			if i != len(w.answers) {
				t.Errorf("%d answers, want %d", len(w.answers), i)
			}
			break
		}
		want.Stamps = stamp.Set{}
		if i >= len(w.answers) || !reflect.DeepEqual(w.answers[i], want) {
			t.Fatalf("answer %d of %d differs; want %+v", i, len(w.answers), want)
		}
	}
	if want, _ := link.Counters(); w.Counters() != want {
		t.Errorf("counted %+v, want %+v", w.Counters(), want)
	}
}

// everyWay runs a test in virtual time for both families and every protocol.
func everyWay(t *testing.T, test func(t *testing.T, p probe.Protocol, ipv6 bool)) {
	for _, p := range probe.Protocols {
		for _, ipv6 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s,v6=%v", p.Name(), ipv6), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { test(t, p, ipv6) })
			})
		}
	}
}

func TestAgainstSimulation(t *testing.T) {
	for _, name := range sim.Names() {
		s := simtest.Load(t, name)
		t.Run(name, func(t *testing.T) {
			everyWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) { compare(t, s, p, ipv6, 1) })
		})
	}
}

func TestAgainstSimulationAtRandom(t *testing.T) {
	var total tracer.Counters
	for seed := range uint64(25) {
		s := randomScenario(t, seed)
		everyWay(t, func(t *testing.T, p probe.Protocol, ipv6 bool) {
			c := compare(t, s, p, ipv6, seed)
			total.Answers += c.Answers
			total.Duplicates += c.Duplicates
			total.Unmatched += c.Unmatched
			total.Foreign += c.Foreign
			total.Malformed += c.Malformed
		})
	}
	if total.Answers == 0 || total.Duplicates == 0 || total.Unmatched == 0 || total.Foreign == 0 || total.Malformed == 0 {
		t.Errorf("the scenarios bring about too little: %+v", total)
	}
}
