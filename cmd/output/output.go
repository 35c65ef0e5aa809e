// Package output writes traces for people and for programs: a format a file, and
// a line for each in [Formats].
//
// Nothing here holds a trace up. [Async] takes the writing off the tracing loop
// and gives reverse names a bounded time to arrive.
package output

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// Writer writes one trace in one format. Start comes first, then Hop for the
// hops as they complete, in order of TTL, then End once; a Start that fails ends
// it there. Every error is one of the underlying io.Writer: the first is
// returned from then on, at the latest by End.
type Writer interface {
	// Start takes what is known before the first probe.
	Start(Header) error
	// Hop takes a hop that nothing more is awaited from.
	Hop(tracer.Hop) error
	// End takes what tracer.Run returned: the trace, nil if there was none,
	// and the error that ended it, if any. Hops that Hop was never called
	// with, as after an interruption, are taken from the trace.
	End(*tracer.Trace, error) error
}

// Header is what is known of a trace before its first probe.
type Header struct {
	// Target is the target as the user named it.
	Target string
	// Address is the target's address.
	Address netip.Addr
	// Host is the name of this host.
	Host string
	// Source is the address that probes leave from.
	Source netip.Addr
	// Interface is the name of the interface that they leave through.
	Interface string
	// Protocol is the name of the probes' protocol.
	Protocol string
	// Port is the destination port; 0 for a protocol without.
	Port uint16
	// MaxTTL is the largest TTL that will be probed.
	MaxTTL int
	// Size is the length of a probe in bytes, IP header included.
	Size int
	// Timing is the name of the stamp.Timing expected of the samples, "tcx"
	// say. A sample that came by another one is marked.
	Timing string
	// Rung says in a few words what takes them: "eBPF by tcx", "raw sockets".
	Rung string
	// Notes say, a line each, why samples are not timed nearer to the wire.
	Notes []string
	// Stamps asks for the division of each probe's delay, where the format
	// would leave it out.
	Stamps bool
	// Diff asks for all that boxes on the way changed, Back for the likely
	// ways back of answers.
	Diff, Back bool
	// Unquoted says that what samples have as the quoted IP header is the
	// probe's own, because the source of answers does not show the true one.
	Unquoted bool
	// Colour asks for colours, where the format has any.
	Colour bool
	// Width is that of the terminal in characters; 0 where there is none.
	Width int
	// Started is the wall clock at the start.
	Started time.Time
	// Names has the names of addresses; nil where none are wanted.
	Names Names
	// Origins has the networks of addresses; nil where they are not wanted.
	Origins Origins
}

// Names finds the names of addresses. Neither method waits for the network.
type Names interface {
	// Lookup starts looking addr up unless that has been done. The channel
	// is closed when the lookup is over, with or without a name.
	Lookup(addr netip.Addr) <-chan struct{}
	// Name returns the name of addr as the network gave it, empty if it has
	// none, and whether its lookup is over.
	Name(addr netip.Addr) (string, bool)
}

// Format is a way to write a trace.
type Format struct {
	// Name is what users choose it by.
	Name string
	// Summary says what it is good for, in a few words.
	Summary string
	// Patience is how long what is written may wait for names; see [Async].
	Patience time.Duration
	// New returns a Writer for one trace. Each of its calls of w.Write is
	// given whole lines.
	New func(w io.Writer) Writer
	// Bare says that the format has no place for notes, remarks and errors: they
	// are for the caller to show.
	Bare bool
}

// Prober is a Writer that wants every probe, as soon as it is known what became of it
// and whenever that changes. Probe is called between Start and End, of each probe
// before the Hop that it belongs to.
type Prober interface {
	Probe(tracer.Probe) error
}

// ProbeWriter is both.
type ProbeWriter interface {
	Writer
	Prober
}

// Formats lists the formats, the default first.
var Formats = []Format{
	{"table", "a line for each hop as it completes", 500 * time.Millisecond, newTable, false},
	{"json", "one JSON document with every stamp, at the end", 2 * time.Second, newJSON, false},
	{"jsonl", "a JSON document a line, each answer when it comes", 500 * time.Millisecond, newJSONLines, false},
	{"csv", "a row for each probe", 2 * time.Second, newCSV, true},
	{"markdown", "a table for a bug report", 2 * time.Second, newMarkdown, false},
	{"traceroute", "what traceroute(8) writes, for programs that read it", 500 * time.Millisecond, newTraceroute, true},
	{"mtr", "what mtr --json writes", 2 * time.Second, newMTR, true},
	{"atlas", "a traceroute result of RIPE Atlas", 0, newAtlas, true},
	{"scamper", "what scamper -O json writes", 2 * time.Second, newScamper, true},
	{"prometheus", "metrics for a textfile collector", 2 * time.Second, newPrometheus, true},
}

// ByName returns the format of that name.
func ByName(name string) (Format, error) {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	return Format{}, fmt.Errorf("unknown output format %q: use one of %s", name, strings.Join(names, ", "))
}

// Plain returns addr as every format shows it: without zone, and IPv4 as such.
func Plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

// name returns the name of addr, safe to show and of at most limit characters;
// empty if there is none yet.
func (h Header) name(addr netip.Addr, limit int) string {
	if h.Names == nil {
		return ""
	}
	name, _ := h.Names.Name(addr)
	return safeName(name, limit)
}
