package output

import (
	"io"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/pmtu"
)

// MTUWriter writes a path MTU discovery in one format, as a [Writer] does a trace.
// Header.Size is the interface's MTU.
type MTUWriter interface {
	Start(Header) error
	// Hop takes a hop whose MTU is known, Drop what lies between two hops.
	Hop(pmtu.Hop) error
	Drop(pmtu.Drop) error
	// End takes what pmtu.Run returned: nil if there was no run.
	End(*pmtu.Result, error) error
}

// mtuFormats has the formats by the names of [Formats].
var mtuFormats = map[string]func(io.Writer) MTUWriter{
	"table": func(w io.Writer) MTUWriter { return &mtuTable{table: newTable(w).(*table)} },
	"json":  func(w io.Writer) MTUWriter { return &mtuJSON{w: w} },
}

// MTU returns a writer of that format. Like one behind [Async], it never holds up
// whoever calls Hop and Drop.
func MTU(f Format, w io.Writer) MTUWriter {
	return &mtuAsync{Async(nil, f.Patience).(*async), mtuFormats[f.Name](w)}
}

// mtuAsync writes from a goroutine of its own.
type mtuAsync struct {
	queue *async
	w     MTUWriter
}

func (a *mtuAsync) Start(h Header) error {
	if err := a.w.Start(h); err != nil {
		return err
	}
	a.queue.header = h
	go a.queue.run()
	return nil
}

func (a *mtuAsync) Hop(h pmtu.Hop) error {
	a.queue.push([]tracer.Hop{h.Hop}, func() error { return a.w.Hop(h) })
	return a.queue.failed()
}

func (a *mtuAsync) Drop(d pmtu.Drop) error {
	a.queue.push(nil, func() error { return a.w.Drop(d) })
	return a.queue.failed()
}

func (a *mtuAsync) End(r *pmtu.Result, err error) error {
	if r != nil && r.Stop == tracer.StopInterrupted {
		close(a.queue.hurry)
	}
	a.queue.push(nil, func() error { return a.w.End(r, err) })
	close(a.queue.queue)
	<-a.queue.done
	return a.queue.failed()
}
