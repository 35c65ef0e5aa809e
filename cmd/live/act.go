package live

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

func (m *model) pause() tea.Cmd {
	m.paused = !m.paused
	m.paces[m.way] = pace{}
	m.order(wish{m.way, m.paused})
	return nil
}

func (m *model) reset() tea.Cmd {
	m.records[m.way], m.verdicts[m.way] = &rounds.Record{Keep: keep}, nil
	m.judged[m.way] = time.Time{}
	m.chosen, m.top = -1, 0
	m.order(wish{m.way, m.paused})
	return nil
}

// protocol returns what changes to a protocol. Each has a record of its own, since
// routers may treat them differently; to come back is to go on with it.
func protocol(name string) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		for i, w := range m.cfg.Ways {
			if w.Header.Protocol != name {
				continue
			}
			if w.Err != nil {
				m.message = fmt.Sprintf("no %s: %s", name, output.Safe(w.Err.Error()))
				return nil
			}
			if i != m.way {
				m.way, m.chosen, m.top = i, -1, 0
				m.paces[i] = pace{}
				m.order(wish{m.way, m.paused})
			}
			return nil
		}
		m.message = fmt.Sprintf("no %s here", name)
		return nil
	}
}

func (m *model) toggleDetail() tea.Cmd {
	m.detail = !m.detail
	if n := len(tableRows(m.record())); m.detail && m.chosen < 0 && n > 0 {
		m.chosen = n - 1
	}
	return nil
}

func (m *model) toggleNames() tea.Cmd {
	m.names = !m.names
	if m.header().Names == nil {
		m.names, m.message = false, "no names here"
	}
	return nil
}

// move returns what chooses another row. The first key press chooses the first hop,
// or the target.
func move(by int) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		n := len(tableRows(m.record()))
		if m.chosen < 0 && by < 0 {
			m.chosen = n
		}
		m.chosen = min(max(m.chosen+by, 0), n-1)
		return nil
	}
}

func show(p pane) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		if m.pane == p {
			m.pane = noPane
		} else {
			m.pane = p
		}
		return nil
	}
}

func (m *model) back() tea.Cmd {
	if m.pane == noPane {
		m.chosen, m.detail, m.top = -1, false, 0
	}
	m.pane = noPane
	return nil
}

// pick takes the keys of the column pane.
func (m *model) pick(name string) bool {
	switch name {
	case "up", "k":
		m.picked = max(m.picked-1, 0)
	case "down", "j":
		m.picked = min(m.picked+1, len(m.choice())-1)
	case "space", "enter", "x":
		c := m.choice()[m.picked].name
		if i := slices.Index(m.hidden, c); i >= 0 {
			m.hidden = slices.Delete(m.hidden, i, i+1)
		} else {
			m.hidden = append(m.hidden, c)
		}
	default:
		return false
	}
	return true
}
