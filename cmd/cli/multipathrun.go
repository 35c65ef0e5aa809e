package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// search is a search for all paths, and where what it finds is told.
type search struct {
	config  multipath.Config
	header  output.MultipathHeader
	bar     *bar
	outputs []paper
}

// paper is what is written on, in a format.
type paper struct {
	format output.MultipathFormat
	to     io.Writer
}

// findPaths does what --multipath asks for, with an open clock. The error carries
// the exit status.
func (o *options) findPaths(ctx context.Context, p *plan, c *clock, stdout, stderr io.Writer) error {
	graph, err := o.multipath.file() // to fail after minutes would be a pity
	if err != nil {
		return err
	}
	defer graph.Close()
	if err := c.confine(); err != nil {
		return err
	}
	s := &search{config: o.search(p), header: o.multipathHeader(ctx, p, c)}
	if err := s.limit(c); err != nil {
		return err
	}
	s.bar, stdout = newBar(stdout, stderr, o.host, p.config.MaxTTL)
	s.bar.paths("tracing all ways to " + o.host)
	defer s.bar.finish()
	s.outputs = []paper{{o.multipathFormat(), stdout}}
	if graph != nil {
		format, _ := output.MultipathByName("dot") // it is registered
		s.outputs = append(s.outputs, paper{format, graph})
	}
	return s.run(ctx, p, c)
}

// limit keeps TCP to the source ports at which answers are taken.
func (s *search) limit(c *clock) error {
	if _, tcp := s.config.Protocol.(probe.TCP); !tcp {
		return nil
	}
	s.config.MaxFlows = min(s.config.MaxFlows, c.ports)
	if c.ports < 2 {
		return usage("--sport %d: TCP's flows take the ports from there on, which are not to be had; choose another", c.port)
	}
	return nil
}

// file opens the file for --dot, nil if there is none.
func (m multipathOptions) file() (*os.File, error) {
	if m.dot == "" || m.dot == standardOutput {
		return nil, nil
	}
	f, err := os.Create(m.dot)
	if err != nil {
		return nil, &exitError{ExitUsage, err}
	}
	return f, nil
}

func (o *options) multipathFormat() output.MultipathFormat {
	name := "text"
	switch {
	case o.json:
		name = "json"
	case o.multipath.dot == standardOutput:
		name = "dot"
	}
	f, _ := output.MultipathByName(name) // all are registered
	return f
}

func (o *options) multipathHeader(ctx context.Context, p *plan, c *clock) output.MultipathHeader {
	f := p.config.Flow
	h := output.MultipathHeader{
		Header: o.header(ctx, p, c), Confidence: o.search(p).Confidence,
		Again: output.Again{SourcePort: f.SourcePort, Command: o.again(f)},
	}
	if f.IPv6() {
		h.Again.FlowLabel = &f.FlowLabel
	}
	return h
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
	if err := errors.Join(err, s.end(ctx, writers, r, err)); err != nil {
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
