package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// formatted returns the format that was asked for.
func (o *options) formatted() (output.Format, error) {
	name := o.format
	if o.json {
		if name != "table" && name != "json" {
			return output.Format{}, usage("--json and --format %s exclude each other: choose one", name)
		}
		name = "json"
	}
	f, err := output.ByName(name)
	if err != nil {
		return f, usage("--format: %w", err)
	}
	return f, nil
}

// checkFormat finds what there is no format for.
func (o *options) checkFormat() error {
	f, err := o.formatted()
	if err != nil {
		return err
	}
	o.json = f.Name == "json"
	if f.Name != "table" && !o.json && (o.mtu || o.multipath.on) {
		return usage("--format %s: --mtu and --multipath write a table, --json or, of all paths, --dot", f.Name)
	}
	return nil
}

// formatNames lists the formats for help, a line each.
func formatNames() string {
	var all []string
	for _, f := range output.Formats {
		all = append(all, fmt.Sprintf("%-10s %s", f.Name, f.Summary))
	}
	return strings.Join(all, "\n")
}

// aside writes what a bare format has no place for, to standard error.
func aside(w io.Writer, f output.Format, notes []string, t *tracer.Trace) {
	if !f.Bare {
		return
	}
	if t != nil {
		notes = slices.Concat(notes, output.Queued(t), output.Remarks(t.Counters, t.Tally))
	}
	for _, line := range notes {
		fmt.Fprintf(w, "ebpftrace: %s\n", line)
	}
}
