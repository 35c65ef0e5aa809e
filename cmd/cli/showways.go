package cli

import (
	"errors"
	"io"
	"os"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
)

// checkShow finds what a recording has not.
func (o *options) checkShow(r *record.Recording) error {
	switch {
	case r.Search == nil && o.multipath.dot != "":
		return usage("--dot draws all paths, and this is a recording of one: make one with --multipath")
	case r.Search == nil:
		return nil
	case o.stamps:
		return usage("--stamps: a recording of --multipath is shown without single probes; leave it out")
	case o.format != "table" && o.format != "json":
		return usage("--format %s: a recording of --multipath is written as a table, --json or --dot", o.format)
	case (o.json || o.format == "json") && o.multipath.dot == standardOutput:
		return usage("--json and --dot exclude each other: choose one, or write the graph to a file with --dot=FILE")
	}
	return nil
}

// showSearch writes a search for all paths again.
func (o *options) showSearch(s *record.Search, stdout io.Writer) error {
	if o.numeric {
		s.Header.Names = nil
	}
	graph, err := o.multipath.file()
	if err != nil {
		return err
	}
	defer graph.Close()
	keep, err := o.keeper()
	if err != nil {
		return err
	}
	defer keep.Close()
	o.json = o.json || o.format == "json"
	var failed error
	for _, p := range o.papers(stdout, graph) {
		failed = errors.Join(failed, s.Play(p.format.New(p.to)))
	}
	if err := errors.Join(failed, keep.endSearch(s.Header, s.Result, s.Err)); err != nil {
		return asFailure(err)
	}
	return nil
}

// papers are what a search is written on: standard output, and the file for the graph
// if there is one.
func (o *options) papers(stdout io.Writer, graph *os.File) []paper {
	all := []paper{{o.multipathFormat(), stdout}}
	if graph != nil {
		format, _ := output.MultipathByName("dot") // it is registered
		all = append(all, paper{format, graph})
	}
	return all
}
