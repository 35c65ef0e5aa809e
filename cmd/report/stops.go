package report

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// stop is a place on the path: a hop, or several silent ones in a row.
type stop struct {
	TTL    string
	Silent string // in words; empty for a hop that answered
	Loss   string // empty without
	MTU    string // empty unless it is another than before
	Nodes  []node
}

// node is an address at a stop; a stop with several is one where the path branches.
type node struct {
	Name, Address string
	Share         string // of the answers, where there are several, and the network
	Median        string
	Strip         template.HTML
	Target        bool
}

func stops(r *bench.Result, all []*measured) (path []stop) {
	longest := longestOf(all)
	for i := 0; i < len(all); i++ {
		m := all[i]
		if len(m.by) > 0 {
			path = append(path, newStop(r, m, longest))
			continue
		}
		k := i
		for k+1 < len(all) && len(all[k+1].by) == 0 {
			k++
		}
		path = append(path, silence(all[i:k+1]))
		i = k
	}
	return path
}

func silence(all []*measured) stop {
	first, last := all[0].ttl, all[len(all)-1].ttl
	if first == last {
		return stop{TTL: fmt.Sprint(first), Silent: "no answer"}
	}
	return stop{TTL: fmt.Sprintf("%d–%d", first, last), Silent: fmt.Sprintf("no answer from %s", output.Count(len(all), "hop"))}
}

func newStop(r *bench.Result, m *measured, longest time.Duration) stop {
	s := stop{TTL: fmt.Sprint(m.ttl)}
	if m.lost > 0 {
		s.Loss = fmt.Sprintf("%d of %d unanswered", m.lost, m.sent)
	}
	for i, by := range m.by {
		n := node{
			Name: r.Name(by.addr), Address: output.Plain(by.addr).String(), Strip: strip(by, longest),
			Target: output.Plain(by.addr) == output.Plain(r.Header.Address),
		}
		if len(m.by) > 1 {
			n.Share = fmt.Sprintf("%s: %d of %s", strings.TrimSpace(letter(i, len(m.by))), by.answered, output.Count(m.sent-m.lost, "answer"))
		}
		if network := r.Header.Network(by.addr); network != "" {
			n.Share = strings.TrimPrefix(n.Share+"; "+network, "; ")
		}
		if by.rtt.Count() > 0 {
			n.Median = output.Duration(by.rtt.Quantile(0.5))
		}
		s.Nodes = append(s.Nodes, n)
	}
	return s
}

// stripMarks bounds the marks of a strip: more can't be told apart.
const stripMarks = 200

// strip draws the times to an address as marks, over a bar up to their median, on a
// scale that all strips share.
func strip(r *responder, longest time.Duration) template.HTML {
	if len(r.times) == 0 {
		return ""
	}
	const width, height = 300, 10
	x := func(d time.Duration) float64 { return 1 + float64(d)/float64(longest)*(width-2) }
	var marks strings.Builder
	for i := 0; i < len(r.times); i += max(1, len(r.times)/stripMarks) {
		fmt.Fprintf(&marks, "M%.1f,0V%d", x(r.times[i]), height)
	}
	return template.HTML(fmt.Sprintf(
		`<svg class="strip" viewBox="0 0 %d %d" preserveAspectRatio="none" aria-hidden="true">`+
			`<rect width="%.1f" height="%d"></rect><path d="%s"></path></svg>`,
		width, height, x(r.rtt.Quantile(0.5)), height, marks.String()))
}
