package cli

import (
	"context"
	"io"
	"os"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

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
	p.keep.record(c)
	s := &search{config: o.search(p), header: p.keep.startSearch(o.multipathHeader(ctx, p, c)), keep: p.keep}
	if err := s.limit(c); err != nil {
		return err
	}
	s.bar, stdout = newBar(stdout, stderr, o.host, p.config.MaxTTL)
	s.bar.paths("tracing all ways to " + o.host)
	defer s.bar.finish()
	s.outputs = o.papers(stdout, graph)
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
		Again: output.Again{SourcePort: f.SourcePort, Command: o.again(p)},
	}
	if f.IPv6() {
		h.Again.FlowLabel = &f.FlowLabel
	}
	return h
}
