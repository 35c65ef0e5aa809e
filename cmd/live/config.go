package live

import (
	"context"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// Way is a protocol by which the path can be measured, with everything open that it
// takes: privileges are gone by the time that another one is chosen.
type Way struct {
	// Header says what is measured, and how. Its Names are used, if any.
	Header output.Header
	// Trace is what a round repeats.
	Trace  tracer.Config
	Sender tracer.Sender
	Source tracer.Source
	// Watch returns a context that ends when the interface fails, and what
	// ends the watch: see socket.Watch. Nil: nothing is watched.
	Watch func(context.Context) (context.Context, func() error, error)
	// Err says why this way can't be taken; then nothing but Header.Protocol
	// is valid.
	Err error
}

// Config says what is to be shown.
type Config struct {
	// Ways are the protocols to choose from; First is the one to begin with.
	Ways  []Way
	First int
	// Interval is the time from the start of a round to that of the next.
	Interval time.Duration
	// Count is the number of rounds by each way; 0: until it is ended.
	Count int
	// Names says that names are shown from the start.
	Names bool
	// Columns are the names of those to show, in any order; nil: all.
	Columns []string
	// Verdicts says what the loss of hops means, by TTL. It is called once a
	// second at most; nil: nothing is said.
	Verdicts func(*rounds.Record) map[int]Verdict
	// OnRound is called after each round, from the goroutine that makes them, with
	// its way and what tracer.Run returned. An error of it is shown; the rounds go on.
	OnRound func(way int, t *tracer.Trace) error
	// Plain says that the terminal shows nothing but ASCII.
	Plain bool
}

// Verdict says what the loss of a hop means.
type Verdict struct {
	Word string // for a column
	Text string // with what it rests on; may be empty
}

// keep is how many probes of each hop the screen remembers, at least.
const keep = 300
