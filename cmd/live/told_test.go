package live

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// A terminal of 80 columns shows every time, and the addresses of names where that
// leaves room for them.
func TestEighty(t *testing.T) {
	m, _ := testModel(80, 24)
	for n := range 20 {
		m.Update(roundMsg{0, round(n, at{"192.0.2.1", time.Millisecond}, at{"*", 0}, at{"*", 0}, at{"2001:db8::7", 20 * time.Millisecond})})
	}
	head := strings.Join(strings.Fields(lineWith(t, m, "Host")), " ")
	for _, c := range []string{"Loss", "Last", "Best", "p50", "p99", "Worst", "Jitter", "History"} {
		if !strings.Contains(head, c) {
			t.Errorf("no %s in %q", c, head)
		}
	}
	m.Update(resized(120, 24))
	if !strings.Contains(text(m), "gw.example (192.0.2.1)") {
		t.Errorf("no address in\n%s", text(m))
	}
}

// Where verdicts could be told and there is none, they take no room.
func TestNoVerdictsNoColumn(t *testing.T) {
	m, _ := testModel(80, 24)
	m.cfg.Verdicts = func(*rounds.Record) map[int]Verdict { return nil }
	usual(m, 20)
	if strings.Contains(text(m), "Verdict") {
		t.Error(text(m))
	}
	if help := strings.Join(m.helpText(), "\n"); !strings.Contains(help, "Verdict") || !strings.Contains(help, "limits   the hop") {
		t.Errorf("the help does not explain verdicts:\n%s", help)
	}
}

// Losses are judged once a second, not each round, and again when rounds have stopped.
func TestJudgedOnceASecond(t *testing.T) {
	m, _ := testModel(80, 24)
	asked := 0
	m.cfg.Verdicts = func(*rounds.Record) map[int]Verdict { asked++; return nil }
	usual(m, 100)
	if asked < 1 || asked > 50 {
		t.Errorf("asked %d times in a moment", asked)
	}
	before := asked
	m.Update(tickMsg(m.now.Add(time.Second)))
	if asked != before+1 {
		t.Errorf("asked %d times by the second", asked-before)
	}
}

// Rounds that take longer than the interval are told of.
func TestPace(t *testing.T) {
	m, _ := testModel(120, 24)
	usual(m, 10)
	if strings.Contains(text(m), "really") {
		t.Errorf("a round a second:\n%s", text(m))
	}
	m.cfg.Interval = 100 * time.Millisecond
	if !strings.Contains(text(m), "every 100ms (really 1s)") {
		t.Errorf("a round a second:\n%s", text(m))
	}
	press(m, "p", "p")
	m.Update(roundMsg{0, round(500, at{"192.0.2.1", time.Millisecond})})
	if strings.Contains(text(m), "really") {
		t.Errorf("after a pause:\n%s", text(m))
	}
}

// Who bars the way is told, and with what words.
func TestRefused(t *testing.T) {
	m, _ := testModel(100, 24)
	tr := round(0, at{"192.0.2.1", time.Millisecond}, at{"192.0.2.2", time.Millisecond})
	tr.Stop = tracer.StopUnreachable
	p := &tr.Hops[1].Probes[0]
	p.State, p.Answer.Kind, p.Answer.Code = tracer.Unreachable, wire.Unreachable, 1
	m.Update(roundMsg{0, tr})
	const want = "not reached: hop 2 (192.0.2.2) says host unreachable"
	if !strings.Contains(text(m), "\n"+want) {
		t.Errorf("on the screen:\n%s", text(m))
	}
	if got := report(t, &Report{Header: m.header(), Record: m.record()}); !strings.Contains(got, "\n"+want+", ") {
		t.Errorf("in the report:\n%s", got)
	}
	m.Update(roundMsg{0, round(1, at{"192.0.2.1", time.Millisecond}, at{"2001:db8::7", time.Millisecond})})
	if strings.Contains(text(m), "says") {
		t.Errorf("later:\n%s", text(m))
	}
}

// Where there is room, all changes of the path are listed, the latest first.
func TestChangesListed(t *testing.T) {
	m, _ := testModel(100, 24)
	for n := range 40 {
		second := fmt.Sprintf("192.0.2.%d", 10+n/20)
		m.Update(roundMsg{0, round(n, at{"192.0.2.1", time.Millisecond}, at{second, time.Millisecond}, at{"2001:db8::7", time.Millisecond})})
		if strings.Contains(text(m), "Path changes") {
			t.Fatalf("of one change there is a list:\n%s", text(m))
		}
	}
	for n := range 20 {
		m.Update(roundMsg{0, round(40+n, at{"192.0.2.1", time.Millisecond}, at{"192.0.2.10", time.Millisecond}, at{"2001:db8::7", time.Millisecond})})
	}
	const want = "Path changes\n  Δ 12:00:40 hop 2: 192.0.2.11 → 192.0.2.10\n  Δ 12:00:20 hop 2: 192.0.2.10 → 192.0.2.11\n"
	if !strings.Contains(text(m), want) {
		t.Errorf("no list in\n%s", text(m))
	}
}

// What answers say in extensions is part of the detail, and is made safe.
func TestExtensionsInDetail(t *testing.T) {
	m, _ := testModel(100, 24)
	tr := round(0, at{"192.0.2.1", time.Millisecond}, at{"2001:db8::7", time.Millisecond})
	tr.Hops[0].Probes[0].Answer.Extensions = []icmp.Extension{&icmp.MPLSLabelStack{Labels: []icmp.MPLSLabel{{Label: 16001, TTL: 1, S: true}}}}
	m.Update(roundMsg{0, tr})
	press(m, "down", "d")
	if !strings.Contains(text(m), "\nMPLS:L=16001,E=0,S=1,T=1") {
		t.Errorf("no label in\n%s", text(m))
	}
	press(m, "down")
	if strings.Contains(text(m), "MPLS") {
		t.Errorf("a label of another hop in\n%s", text(m))
	}
}

// The division's heading stands above its numbers, however narrow the terminal is.
func TestNarrowDivision(t *testing.T) {
	m, _ := testModel(40, 30)
	usual(m, 5)
	press(m, "up", "d")
	for _, part := range []string{"p99", "send call"} {
		line := lineWith(t, m, part)
		if part == "p99" {
			line = lineWith(t, m, "where the")
		}
		if w := widthOf(line); w < 38 || w > 40 {
			t.Errorf("%d columns: %q", w, line)
		}
	}
}

// A terminal of another locale is sent nothing but ASCII, whatever is to be shown.
func TestASCIIOnly(t *testing.T) {
	cfg := Config{Interval: time.Second, Names: true, Plain: true, Ways: []Way{way("udp", 33434)}}
	m := newModel(cfg, func(wish) {})
	m.Update(resized(100, 30))
	m.Update(roundMsg{0, round(0, at{"192.0.2.1", 400 * time.Microsecond}, at{"192.0.2.2", 500 * time.Microsecond})})
	for _, keys := range [][]string{nil, {"up", "d"}, {"?"}, {"?", "o"}} {
		press(m, keys...)
		for _, r := range strings.Join(m.screen(), "\n") {
			if r > '~' {
				t.Fatalf("%v: %q in\n%s", keys, r, text(m))
			}
		}
	}
	press(m, "o")
	if !strings.Contains(text(m), "times in us") {
		t.Error(text(m))
	}
}
