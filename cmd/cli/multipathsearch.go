package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// search is a search for all paths, and where what it finds is told.
type search struct {
	config  multipath.Config
	header  output.MultipathHeader
	bar     *bar
	outputs []paper
	keep    *keeper // may be nil
}

// paper is what is written on, in a format.
type paper struct {
	format output.MultipathFormat
	to     io.Writer
}

// run searches and writes. What the network says is written in any case; the error
// is what the shell should know of it.
func (s *search) run(ctx context.Context, p *plan, c *clock) error {
	writers, err := s.start()
	if err != nil {
		return &exitError{ExitNotReached, err}
	}
	s.config.OnProbe = s.probe
	r, err := s.trace(ctx, p, c)
	s.bar.finish()
	if err := errors.Join(err, s.end(ctx, writers, r, err), s.keep.endSearch(s.header, r, err)); err != nil {
		return &exitError{ExitNotReached, err}
	}
	if !r.Reached() {
		return &exitError{status: ExitNotReached}
	}
	return nil
}

func (s *search) start() (all []output.MultipathWriter, err error) {
	for _, o := range s.outputs {
		w := o.format.New(o.to)
		all, err = append(all, w), errors.Join(err, w.Start(s.header))
	}
	return all, err
}

// end writes the result when names have come, or patience is over; an interruption
// leaves none.
func (s *search) end(ctx context.Context, writers []output.MultipathWriter, r *multipath.Result, err error) (failed error) {
	since := time.Now()
	for i, w := range writers {
		if ctx.Err() == nil {
			s.header.AwaitNames(r, since.Add(s.outputs[i].format.Patience))
		}
		failed = errors.Join(failed, w.End(r, err))
	}
	return failed
}

// probe follows a probe. The name of who answers is looked up meanwhile.
func (s *search) probe(p tracer.Probe) {
	s.keep.probe(p)
	s.bar.probe(p)
	if p.State.Heard() && s.header.Names != nil {
		s.header.Names.Lookup(p.Answer.From)
	}
}

// trace searches for as long as the interface is there to trace by.
func (s *search) trace(ctx context.Context, p *plan, c *clock) (*multipath.Result, error) {
	watched, stop, err := socket.Watch(ctx, p.route)
	if err != nil {
		return nil, err
	}
	r, err := multipath.Run(watched, s.config, c.sender, c)
	fault := stop()
	if fault == nil || r == nil || r.Stop != tracer.StopInterrupted && r.Stop != tracer.StopFailed {
		return r, err
	}
	r.Stop = tracer.StopFailed // and whatever else went wrong comes from that
	return r, fault
}

const pathsTemplate = `{{ string . "prefix" }} {{ bar . }} hop {{ counters . }}, {{ string . "probes" }} {{ etime . }}`

// paths makes the bar one of a search.
func (b *bar) paths(prefix string) {
	if b != nil {
		b.SetTemplateString(pathsTemplate).Set("prefix", prefix).Set("probes", output.Count(0, "probe"))
	}
}

// probe shows the hop that is searched, and how many probes there have been.
func (b *bar) probe(p tracer.Probe) {
	if b == nil || p.State != tracer.Sent {
		return
	}
	b.sent++
	b.SetCurrent(int64(p.TTL)).Set("probes", output.Count(b.sent, "probe"))
}
