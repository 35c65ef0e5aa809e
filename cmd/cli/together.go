package cli

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// together is how many targets are traced to at a time. A hook of tcx takes 64
// programs of everybody's (kernel: BPF_MPROG_MAX).
const together = 8

// ahead is how many targets may be over, and in memory, before it is their turn to be
// written.
const ahead = 64

// traceAll traces to all targets, and writes them in their order.
func (o *options) traceAll(ctx context.Context, t *targets, stdout, stderr io.Writer) error {
	if t.repeated > 0 {
		fmt.Fprintf(stderr, "ebpftrace: hosts named more than once are traced to once: %d left out\n", t.repeated)
	}
	o.leaveOut(stderr)
	closeOrigins, err := o.openOrigins(ctx)
	if err != nil {
		return err
	}
	defer closeOrigins()
	defer o.unknownOrigins(stderr)
	o.look = lookOf(stdout)
	if len(t.hosts) == 1 {
		o.host = t.hosts[0]
		return o.trace(ctx, stdout, stderr)
	}
	f, err := o.formatted()
	if err != nil {
		return err
	}
	bar, stdout := newBar(stdout, stderr, fmt.Sprintf("%d targets", len(t.hosts)), len(t.hosts))
	bar.targets()
	defer bar.finish()
	return o.crowd(ctx, t.hosts, f.Join(stdout), beside(stdout, stderr), bar)
}

// crowd traces to hosts, so many at a time. The error carries the worst exit status:
// what there was to say has been said, host by host.
func (o *options) crowd(ctx context.Context, hosts []string, out output.Joiner, stderr io.Writer, b *bar) error {
	door, err := newDoor(len(hosts))
	if err != nil {
		return err
	}
	q := newTurns(out, stderr, len(hosts))
	worst := &worst{}
	var running sync.WaitGroup
	slots := make(chan struct{}, together)
	started := 0
	for ; started < len(hosts) && ctx.Err() == nil; started++ {
		slots <- struct{}{}
		turn := q.await(started, ahead)
		one := *o
		one.host = hosts[started]
		running.Go(func() {
			worst.note(one.traceInTurn(ctx, door, turn))
			b.increment()
			<-slots
		})
	}
	running.Wait()
	b.finish()
	worst.note(q.close(), closed(out, stderr), untraced(stderr, len(hosts)-started))
	return worst.err()
}

// closed writes what the format held back until the end of all traces.
func closed(out output.Joiner, stderr io.Writer) error {
	err := asFailure(out.Close())
	complain(stderr, err)
	return err
}

// traceInTurn traces to one of many hosts.
func (o *options) traceInTurn(ctx context.Context, d *door, t *turn) error {
	defer t.close()
	stderr := ofHost{t.stderr(), o.host}
	err := o.traceBehind(ctx, d, t.stdout(), stderr)
	complain(stderr, err)
	return err
}

// traceBehind opens what tracing takes, and traces once the door is open.
func (o *options) traceBehind(ctx context.Context, d *door, stdout, stderr io.Writer) error {
	p, c, err := o.open(ctx)
	if err != nil {
		d.without()
		return err
	}
	defer func() { complain(stderr, c.Close()) }()
	if err := d.with(ctx, c); err != nil {
		return err
	}
	return o.write(ctx, p, c, nil, stdout, stderr)
}

// untraced says how many hosts an interruption left out.
func untraced(w io.Writer, n int) error {
	if n == 0 {
		return nil
	}
	fmt.Fprintf(w, "ebpftrace: interrupted: %d targets were not traced to\n", n)
	return &exitError{status: ExitNotReached}
}

// worst is the highest exit status of several.
type worst struct {
	mu     sync.Mutex
	status int
}

func (w *worst) note(errs ...error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, err := range errs {
		w.status = max(w.status, status(err))
	}
}

func (w *worst) err() error {
	if w.status == ExitReached {
		return nil
	}
	return &exitError{status: w.status}
}
