package flight

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Config says how probes are built and sent. All fields but FirstIdent are required.
type Config struct {
	// Protocol builds the probes. Flow says which identifiers they can carry.
	Protocol probe.Protocol
	Flow     probe.Flow
	// Window is the largest number of probes in flight.
	Window int
	// Pace is the shortest time between two probes.
	Pace time.Duration
	// FirstIdent is the identifier to begin with; random if 0.
	FirstIdent uint16
}

// Engine is a run under way.
type Engine[T any] struct {
	cfg    Config
	policy Policy[T]
	sender Sender
	source Source
	books  books[T]

	lastSent time.Time
	refusals int // in a row
	serial   bool
	slowest  time.Duration
	tally    Tally
}

// New returns an engine that has sent nothing yet. The error says why no probe can be
// built.
func New[T any](cfg Config, policy Policy[T], sender Sender, source Source) (*Engine[T], error) {
	if cfg.FirstIdent == 0 {
		cfg.FirstIdent = uint16(rand.Uint32())
	}
	g := &Engine[T]{cfg: cfg, policy: policy, sender: sender, source: source, books: newBooks[T](cfg.FirstIdent)}
	if _, err := cfg.Protocol.Marshal(cfg.Flow, 1, g.books.ident(cfg.Flow.Usable)); err != nil {
		return nil, err
	}
	g.books.next = cfg.FirstIdent
	return g, nil
}

// Run goes round until the policy has no more to do. It reports whether the context
// ended it, which is no error here; those of sending and receiving are. It may be
// called again when the policy has found more to do.
//
// A round has three steps:
//
//  1. send a probe, if one is due, under window and pace;
//  2. receive answers until the next is due or the oldest overdue;
//  3. give up the overdue, once every answer that is there has been read.
func (g *Engine[T]) Run(ctx context.Context) (interrupted bool, err error) {
	for g.policy.Round() {
		if ctx.Err() != nil {
			return true, nil
		}
		due, err := g.send()
		if err != nil {
			return false, err
		}
		if err := g.receive(g.wakeAt(due)); err != nil {
			return false, err
		}
		g.expire(time.Now())
	}
	return false, nil
}

// Flying returns how many probes are in flight.
func (g *Engine[T]) Flying() int { return len(g.books.flying) }

// Serial reports whether probes go one at a time, because answers came that name none.
func (g *Engine[T]) Serial() bool { return g.serial }

// Slowest returns the longest round-trip time yet; 0: none.
func (g *Engine[T]) Slowest() time.Duration { return g.slowest }

// Tally returns what has been counted so far.
func (g *Engine[T]) Tally() Tally { return g.tally }

// NextIdent returns the identifier that is tried next.
func (g *Engine[T]) NextIdent() uint16 { return g.books.next }
