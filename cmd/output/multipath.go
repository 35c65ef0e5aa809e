package output

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// MultipathWriter writes what one search for all paths found, in one format. Start
// comes first, then End once; a Start that fails ends it there. Every error is one
// of the underlying io.Writer.
type MultipathWriter interface {
	// Start takes what is known before the first probe.
	Start(MultipathHeader) error
	// End takes what multipath.Run returned: the result, nil if there was none,
	// and the error that ended it, if any. It waits for nothing.
	End(*multipath.Result, error) error
}

// MultipathHeader is what is known before the first probe.
type MultipathHeader struct {
	Header
	// Confidence is the probability with which all is to be found.
	Confidence float64
	Again      Again
}

// Again is what it takes to send a flow of the same family again: by it, with the
// same addresses and protocol, flow N takes the same path, for as long as the
// routers go on choosing as they did.
type Again struct {
	// SourcePort is that of flow 0, or the echo identifier of all.
	SourcePort uint16
	// FlowLabel is that of flow 0; nil over IPv4.
	FlowLabel *uint32
	// Command is the command line that repeats a flow, but for its number.
	Command []string
}

// command returns the command line that repeats a flow.
func (a Again) command(flow string) string {
	last := len(a.Command) - 1
	if last < 0 {
		return ""
	}
	words := append(append([]string{}, a.Command[:last]...), "--flow", flow, a.Command[last])
	return Safe(strings.Join(words, " "))
}

// MultipathFormat is a way to write what a search for all paths found.
type MultipathFormat struct {
	// Name is what users choose it by.
	Name string
	// Summary says what it is good for, in a few words.
	Summary string
	// Patience is how long what is written may wait for names.
	Patience time.Duration
	// New returns a MultipathWriter for one search.
	New func(w io.Writer) MultipathWriter
}

// MultipathFormats lists the formats, the default first.
var MultipathFormats = []MultipathFormat{
	{"text", "a block for each hop", 500 * time.Millisecond, newMultipathText},
	{"json", "one JSON document with nodes, links and flows", 2 * time.Second, newMultipathJSON},
	{"dot", "a graph for Graphviz", 2 * time.Second, newMultipathDOT},
}

// MultipathByName returns the format of that name.
func MultipathByName(name string) (MultipathFormat, error) {
	names := make([]string, len(MultipathFormats))
	for i, f := range MultipathFormats {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	return MultipathFormat{}, fmt.Errorf("unknown output format %q: use one of %s", name, strings.Join(names, ", "))
}

// AwaitNames starts the lookups of all nodes' names, and waits for them, but not
// beyond the deadline.
func (h Header) AwaitNames(r *multipath.Result, deadline time.Time) {
	if r == nil {
		return
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	for _, n := range r.Nodes {
		if n.Star() {
			continue
		}
		for _, over := range h.lookups(n.Addr) {
			select {
			case <-over:
			case <-timer.C:
				return
			}
		}

	}
}

// perCent writes a probability. It is rounded down: 95 % is not to be read where
// 94.96 % was reached.
func perCent(p float64) string {
	const steps = 1000 // of a tenth of a per cent
	down := float64(int(p*steps+1e-6)) / (steps / 100)
	return strconv.FormatFloat(down, 'f', -1, 64) + " %"
}
