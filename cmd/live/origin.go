package live

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// systemCell is whose network answers, as soon as that is known.
func systemCell(t *table, r row) (string, ansi.Style) {
	if r.from == nil || t.origins == nil {
		return "", plain
	}
	o, _ := t.origins.Origin(r.from.Addr)
	return output.Systems(o), plain
}

// lookUp starts looking up what is wanted to be known of all that answer.
func (m *model) lookUp(rows []row) {
	names, origins := m.lookup(), m.header().Origins
	for _, r := range rows {
		if r.from == nil {
			continue
		}
		if names != nil {
			names.Lookup(r.from.Addr)
		}
		if origins != nil {
			origins.Lookup(r.from.Addr)
		}
	}
}

// told reports whether a column can have anything to tell.
func told(c column, origins output.Origins, verdicts bool) bool {
	switch c.name {
	case "AS":
		return origins != nil
	case "Verdict":
		return verdicts
	}
	return true
}
