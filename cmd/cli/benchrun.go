package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// namePatience is the longest wait for names at the end.
const namePatience = 2 * time.Second

// slotQueries is how many times over there is room for the probes of a round,
// so that answers find theirs some rounds later.
const slotQueries = 100

// bench does what the command line asks for. The error carries the exit status.
//
// Nothing is measured before everything has been opened, the file included: to
// fail after minutes would be a pity.
func (o *benchOptions) bench(ctx context.Context, stdout, stderr io.Writer) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	defer absentOf(o.report).leaveNone()
	page, err := o.page()
	if err != nil {
		return err
	}
	defer page.Close() // not written to unless all went well
	p, err := o.plan(ctx)
	if err != nil {
		return err
	}
	p.config.Queries = slotQueries
	c, listener, err := o.clocks(p)
	if err != nil {
		return err
	}
	defer c.Close()
	bar, stdout := newBar(stdout, stderr, o.host, cfg.Count)
	bar.rounds("timing " + o.host)
	defer bar.finish()
	p.config.Queries = 0
	cfg.Trace, cfg.OnRound = p.config, bar.round
	watched, stop, err := socket.Watch(ctx, p.route)
	if err != nil {
		return err
	}
	r, err := bench.Run(watched, cfg, listener, tracer.Merge(c, listener))
	if fault := stop(); fault != nil && (err != nil || r.Interrupted) {
		err = fault
	}
	bar.finish()
	return o.write(ctx, p, c, r, err, stdout, page)
}

// clocks opens all sources: the eBPF programs, and beside them the sockets, which
// send the probes too.
func (o *benchOptions) clocks(p *plan) (*clock, *socket.Listener, error) {
	c, err := o.clock(p, besideSockets)
	if err != nil {
		return nil, nil, err
	}
	listener, err := c.listen(setup{flow: p.config.Flow, protocol: p.config.Protocol, probes: p.probes()}, true)
	if err != nil {
		return nil, nil, errors.Join(err, c.Close())
	}
	return c, listener, nil
}

// page opens the file for --report, nil if there is none.
func (o *benchOptions) page() (*os.File, error) {
	return openLate("--report", o.report)
}

// write writes what there is, also when it was interrupted or failed.
func (o *benchOptions) write(ctx context.Context, p *plan, c *clock, r *bench.Result, failed error, stdout io.Writer, page *os.File) error {
	if r == nil {
		return failed
	}
	r.Header = o.header(ctx, p, c)
	r.Names(namePatience)
	write := r.WriteText
	if o.json {
		write = func(w io.Writer) error { return r.WriteJSON(w, failed) }
	}
	err := errors.Join(failed, write(stdout))
	err = errors.Join(err, overwrite("--report", page, func(w io.Writer) error { return report.Write(w, r) }))
	if err != nil || r.Interrupted || r.Learned != tracer.StopReached {
		return &exitError{ExitNotReached, err}
	}
	return nil
}

const roundTemplate = `{{ string . "prefix" }} {{ bar . }} round {{ counters . }} {{ etime . }}`

// rounds makes the bar one of rounds.
func (b *bar) rounds(prefix string) {
	if b != nil {
		b.SetTemplateString(roundTemplate).Set("prefix", prefix)
	}
}

func (b *bar) round(done int) {
	if b != nil {
		b.SetCurrent(int64(done))
	}
}
