package live

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

func TestQuit(t *testing.T) {
	for _, k := range []string{"q", "ctrl+c"} {
		for _, before := range [][]string{nil, {"?"}, {"o"}, {"d"}} {
			m, _ := testModel(80, 24)
			usual(m, 1)
			press(m, before...)
			if !quits(press(m, k)) {
				t.Errorf("%s after %v does not quit", k, before)
			}
		}
	}
}

// To pause stops the rounds and says so; another key goes on.
func TestPause(t *testing.T) {
	m, wishes := testModel(80, 24)
	usual(m, 3)
	press(m, "space")
	lineWith(t, m, "PAUSED")
	press(m, "p")
	if strings.Contains(text(m), "PAUSED") || fmt.Sprint(*wishes) != "[{0 true} {0 false}]" {
		t.Errorf("%v\n%s", *wishes, text(m))
	}
}

// Protocols have records of their own: nothing is mixed, nothing lost.
func TestProtocols(t *testing.T) {
	m, wishes := testModel(80, 24)
	usual(m, 3)
	press(m, "i")
	lineWith(t, m, "waiting for the first round")
	usual(m, 5)
	lineWith(t, m, "icmp")
	lineWith(t, m, "round 5")
	press(m, "t", "t")
	lineWith(t, m, "tcp port 80")
	m.Update(roundMsg{1, round(9, at{"192.0.2.1", 1})}) // of a round that was under way
	lineWith(t, m, "waiting for the first round")
	press(m, "u")
	lineWith(t, m, "round 3")
	if fmt.Sprint(*wishes) != "[{1 false} {2 false} {0 false}]" {
		t.Errorf("%v", *wishes)
	}
}

// One that this machine does not allow says why.
func TestNoProtocol(t *testing.T) {
	m, wishes := testModel(80, 24)
	usual(m, 3)
	m.cfg.Ways[2].Err = errors.New("TCP probes need a raw socket" + strings.Repeat(" and more", 12))
	press(m, "t")
	if told := strings.Join(strings.Fields(text(m)), " "); !strings.Contains(told, "no tcp: TCP probes need a raw socket"+strings.Repeat(" and more", 12)) {
		t.Error(text(m))
	}
	lineWith(t, m, "round 3")
	if len(*wishes) != 0 {
		t.Errorf("%v", *wishes)
	}
	press(m, "d")
	lineWith(t, m, "reached in 5 hops")
}

func TestReset(t *testing.T) {
	m, _ := testModel(80, 24)
	usual(m, 3)
	press(m, "r")
	lineWith(t, m, "round 0")
	usual(m, 2)
	if f := strings.Fields(ansi.Strip(lineWith(t, m, "  1  "))); f[3] != "0.0%" || m.record().Hops()[0].Sent() != 2 {
		t.Errorf("%v", f)
	}
}

func TestNames(t *testing.T) {
	m, _ := testModel(120, 24)
	usual(m, 3)
	lineWith(t, m, "gw.example (192.0.2.1)")
	press(m, "n")
	if strings.Contains(text(m), "gw.example") || !strings.Contains(text(m), "192.0.2.1 ") {
		t.Error(text(m))
	}
	press(m, "n")
	lineWith(t, m, "gw.example (192.0.2.1)")
}

// Columns go and come back, and the cursor stays where columns are.
func TestColumns(t *testing.T) {
	m, _ := testModel(120, 24)
	usual(m, 3)
	press(m, "o", "down", "down", "space")
	lineWith(t, m, "[ ] Last")
	press(m, "o")
	if head := ansi.Strip(lineWith(t, m, "Host")); strings.Contains(head, "Last") || !strings.Contains(head, "Worst") {
		t.Error(head)
	}
	press(m, "o", "space")
	for range 30 {
		press(m, "down")
	}
	press(m, "space", "esc")
	if head := ansi.Strip(lineWith(t, m, "Host")); !strings.Contains(head, "Last") || strings.Contains(head, "History") {
		t.Error(head)
	}
	for range 30 {
		press(m, "o", "up", "o")
	}
	if m.picked != 0 {
		t.Errorf("picked %d", m.picked)
	}
}

// What is chosen stays on the screen and within the table.
func TestChoose(t *testing.T) {
	m, _ := testModel(80, 12)
	var hops []at
	for i := range 30 {
		hops = append(hops, at{fmt.Sprintf("198.51.100.%d", i+1), 1000})
	}
	m.Update(roundMsg{0, round(0, hops...)})
	for i := range 35 {
		press(m, "down")
		lineWith(t, m, fmt.Sprintf("›%2d", min(i+1, 30)))
	}
	press(m, "d")
	lineWith(t, m, "hop 30  198.51.100.30")
	lineWith(t, m, "›30")
	for i := range 35 {
		press(m, "up")
		lineWith(t, m, fmt.Sprintf("›%2d", max(29-i, 1)))
	}
	m.Update(tea.WindowSizeMsg{Width: 60, Height: 9})
	lineWith(t, m, "› 1")
	press(m, "esc")
	if strings.Contains(text(m), "›") || m.detail {
		t.Error(text(m))
	}
	m.Update(roundMsg{0, round(1, at{"198.51.100.1", 1000})})
	press(m, "down", "d", "r", "down", "d", "d", "up") // of an empty table too
	lineWith(t, m, "waiting")
}

// Where the help is longer than the screen, keys go through it to its end, and back.
func TestHelpScrolls(t *testing.T) {
	m, _ := testModel(80, 12)
	press(m, "?")
	lineWith(t, m, "more: down")
	for range 50 {
		press(m, "down")
	}
	lineWith(t, m, "another address answers here")
	press(m, "up") // has an effect at once
	if strings.Contains(text(m), "another address answers here") {
		t.Error(text(m))
	}
	for range 50 {
		press(m, "up")
	}
	lineWith(t, m, "quit (Ctrl-C too)")
}

// Why no nearer stamps are taken is told where the help is, and so are losses of ours.
func TestNotes(t *testing.T) {
	m, _ := testModel(100, 60)
	m.cfg.Ways[0].Header.Notes = []string{"no eBPF: needs CAP_BPF\x1b[2J"}
	usual(m, 1)
	m.record().Counters.Overflow = 2
	lineWith(t, m, "why: ?")
	press(m, "?")
	lineWith(t, m, "  no eBPF: needs CAP_BPF\uFFFD[2J")
	lineWith(t, m, "  2 answers lost because a buffer was full")
}

// The help names every key and column.
func TestHelp(t *testing.T) {
	for _, size := range [][2]int{{140, 24}, {80, 50}} {
		m, _ := testModel(size[0], size[1])
		press(m, "?")
		for _, k := range keys {
			lineWith(t, m, k.help)
		}
		for _, c := range m.choice() {
			lineWith(t, m, c.help)
		}
		press(m, "h")
		lineWith(t, m, "waiting")
	}
}
