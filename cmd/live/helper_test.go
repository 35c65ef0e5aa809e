package live

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/bench/benchtest"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)

// at is an answer of an address after a time; "*" is a loss.
type at struct {
	from string
	rtt  time.Duration
}

// round is a round with these answers, a hop each; the last is the target's.
func round(n int, answers ...at) *tracer.Trace {
	t := &tracer.Trace{Started: start.Add(time.Duration(n) * time.Second), Stop: tracer.StopReached}
	for i, a := range answers {
		p := tracer.Probe{TTL: i + 1, State: tracer.Lost, SentAt: t.Started}
		if a.from != "*" {
			p.State, p.RTT, p.Timing = tracer.Answered, a.rtt, stamp.Timings[0]
			p.Stamps = benchtest.Stamps(a.rtt)
			p.Answer = wire.Answer{From: netip.MustParseAddr(a.from)}
		}
		t.Hops = append(t.Hops, tracer.Hop{TTL: i + 1, Probes: []tracer.Probe{p}})
	}
	return t
}

// names are those of the tests' hops.
var names = benchtest.Names{
	"192.0.2.1": "gw.example", "2001:db8::7": "www.example.net", "192.0.2.2": benchtest.Hostile,
	"192.0.2.3": strings.Repeat("very-long.", 12) + "example",
}

// testModel returns a model of three ways on a screen, and the wishes it uttered.
func testModel(width, height int) (*model, *[]wish) {
	var wishes []wish
	cfg := Config{Interval: time.Second, Names: true, Ways: []Way{way("udp", 33434), way("icmp", 0), way("tcp", 80)}}
	m := newModel(cfg, func(w wish) { wishes = append(wishes, w) })
	m.now = start.Add(time.Hour)
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return m, &wishes
}

func way(protocol string, port uint16) Way {
	return Way{Header: output.Header{
		Target: "www.example.net", Address: netip.MustParseAddr("2001:db8::7"), Source: netip.MustParseAddr("fe80::1%eth0"),
		Interface: "eth0", Protocol: protocol, Port: port, Timing: "kernel", Rung: "eBPF by tcx", Names: names,
	}}
}

// usual adds rounds over five hops: a router, two silent ones, one that answers every
// other time and has a hostile name, and a target that is slow once.
func usual(m *model, count int) {
	for n := range count {
		limited := at{"*", 0}
		if n%2 == 0 {
			limited = at{"192.0.2.2", 2 * time.Millisecond}
		}
		last := 20*time.Millisecond + time.Duration(n)*time.Microsecond
		if n == count-1 {
			last = 90 * time.Millisecond
		}
		m.Update(roundMsg{m.way, round(n, at{"192.0.2.1", 400 * time.Microsecond}, at{"*", 0}, at{"*", 0}, limited, at{"2001:db8::7", last})})
	}
}

func resized(width, height int) tea.Msg { return tea.WindowSizeMsg{Width: width, Height: height} }

// press types keys, by the library's names for them.
func press(m *model, keys ...string) tea.Cmd {
	var cmd tea.Cmd
	for _, k := range keys {
		_, cmd = m.Update(keyMsg(k))
	}
	return cmd
}

func keyMsg(name string) tea.KeyPressMsg {
	special := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "space": tea.KeySpace}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// text is the screen without colours.
func text(m *model) string { return ansi.Strip(strings.Join(m.screen(), "\n")) }

// lineWith returns the first line of the screen that holds a text, with its colours.
func lineWith(t *testing.T, m *model, part string) string {
	t.Helper()
	for _, line := range m.screen() {
		if strings.Contains(ansi.Strip(line), part) {
			return line
		}
	}
	t.Fatalf("no line with %q in\n%s", part, text(m))
	return ""
}
