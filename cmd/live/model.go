package live

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// pane is what is shown in place of the table, or below it.
type pane uint8

const (
	noPane pane = iota
	helpPane
	columnPane
)

// model is the state of the screen. Update touches nothing else, but for order and the
// names, which are looked up beside; View changes nothing.
type model struct {
	cfg    Config
	order  func(wish)
	glyphs glyphs

	way      int
	paused   bool
	records  []*rounds.Record  // by way
	verdicts []map[int]Verdict // by way
	judged   []time.Time       // by way: when the verdicts were asked for
	paces    []pace            // by way
	faults   []error           // by way; nil: rounds succeed
	message  string            // of the last key that had no effect
	lack     error             // of Config.OnRound

	width, height int
	now           time.Time
	names         bool
	hidden        []string // columns
	pane          pane
	picked        int // column in the column pane
	helpTop       int // first line of the help shown
	detail        bool
	chosen        int // row; -1: none
	top           int // first row shown
}

func newModel(cfg Config, order func(wish)) *model {
	m := &model{
		cfg: cfg, order: order, glyphs: unicodeGlyphs, way: cfg.First, names: cfg.Names,
		chosen: -1, now: time.Now(), faults: make([]error, len(cfg.Ways)), judged: make([]time.Time, len(cfg.Ways)), paces: make([]pace, len(cfg.Ways)), verdicts: make([]map[int]Verdict, len(cfg.Ways)),
	}
	if cfg.Plain {
		m.glyphs = asciiGlyphs
	}
	for range cfg.Ways {
		m.records = append(m.records, &rounds.Record{Keep: keep})
	}
	for _, c := range columns {
		if cfg.Columns != nil && !slices.Contains(cfg.Columns, c.name) {
			m.hidden = append(m.hidden, c.name)
		}
	}
	return m
}

// tickMsg comes each second: names may have come, and marks have aged.
type tickMsg time.Time

func tick() tea.Cmd { return tea.Tick(time.Second, func(t time.Time) tea.Msg { return tickMsg(t) }) }

// Init implements tea.Model.
func (m *model) Init() tea.Cmd { return tick() }

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.settle()
	return m, cmd
}

func (m *model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		m.message = ""
		return m.press(msg.String())
	case tickMsg:
		m.now = time.Time(msg)
		m.judge(m.way)
		return tick()
	case roundMsg:
		m.round(msg)
	case lackMsg:
		m.lack = msg.err
	case faultMsg:
		m.faults[msg.way] = msg.err
	}
	return nil
}

// round takes in a round, of whichever way it is.
func (m *model) round(msg roundMsg) {
	r := m.records[msg.way]
	r.Add(msg.trace)
	m.faults[msg.way] = nil
	m.paces[msg.way].add(msg.trace)
	m.now = time.Now()
	m.judge(msg.way)
}

// judgeEvery is the least time from one judgement of losses to the next: it looks at
// every probe that is remembered.
const judgeEvery = 900 * time.Millisecond

// judge asks what the losses mean, unless it has just been asked.
func (m *model) judge(way int) {
	if m.cfg.Verdicts != nil && m.now.Sub(m.judged[way]) >= judgeEvery && !m.records[way].Empty() {
		m.verdicts[way], m.judged[way] = m.cfg.Verdicts(m.records[way]), m.now
	}
}

// settle keeps what is chosen within what there is, and on the screen.
func (m *model) settle() {
	rows := tableRows(m.record())
	m.chosen = min(m.chosen, len(rows)-1)
	room := max(m.tableRoom(len(rows))-1, 1) // below the heading
	m.top = min(m.top, max(len(rows)-room, 0))
	if m.chosen >= 0 {
		m.top = max(min(m.top, m.chosen), m.chosen-room+1)
	}
	m.lookUp(rows)
}

// record is what is shown.
func (m *model) record() *rounds.Record { return m.records[m.way] }

func (m *model) header() output.Header { return m.cfg.Ways[m.way].Header }

// over reports whether all rounds that were asked for have been made.
func (m *model) over() bool { return m.cfg.Count > 0 && m.record().Rounds >= m.cfg.Count }

// lookup is where names come from, nil while they are not wanted.
func (m *model) lookup() output.Names {
	if !m.names {
		return nil
	}
	return m.header().Names
}

// shown reports whether a column is wanted.
func (m *model) shown(c column) bool {
	return told(c, m.header().Origins, len(m.verdicts[m.way]) > 0) && !slices.Contains(m.hidden, c.name)
}

// table returns the table for a width.
func (m *model) table(width int) *table {
	t := &table{
		glyphs: m.glyphs, rows: tableRows(m.record()), names: m.lookup(), origins: m.header().Origins,
		verdicts: m.verdicts[m.way], chosen: m.chosen, now: m.now,
	}
	t.unit = fit(typical(t.rows))
	t.layout(width, m.shown)
	return t
}
