package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
)

const showLong = `Show writes a trace again that was kept with --save, or the rounds of a live
run, in any format. What the file holds beside, Wireshark and tcpdump show: it
is a pcapng capture.

Exit status: 0 it was shown, 1 it could not be written, 2 the file is no whole
recording.`

const showExample = `  sudo ebpftrace --save run.pcapng example.org
  ebpftrace show run.pcapng                      as it was
  ebpftrace show --stamps run.pcapng             with the division of delays
  ebpftrace show --format json run.pcapng
  ebpftrace show --report run.html run.pcapng    as a page with plots as well
  ebpftrace show --dot paths.pcapng              all paths, for Graphviz
  ebpftrace show --protocol icmp live.pcapng     of a live run, that by ICMP`

// showOptions is what the command line of `ebpftrace show` says.
type showOptions struct {
	options
	protocol string // of the rounds to show; empty: by which there are most
}

func newShow(stdout, stderr io.Writer) *cobra.Command {
	o := &showOptions{}
	c := &cobra.Command{
		Use:           "show [flags] FILE",
		Short:         "Show a trace that was kept with --save",
		Long:          showLong,
		Example:       showExample,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("give one file, written by --save, as in: ebpftrace show run.pcapng")
			}
			return o.show(args[0], stdout, stderr)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.format, "format", "table", "how to write the trace:\n"+formatNames())
	f.BoolVar(&o.json, "json", false, "write one JSON document: --format json")
	f.BoolVar(&o.stamps, "stamps", false, "show how each probe's delay divides")
	f.BoolVarP(&o.numeric, "numeric", "n", false, "don't show names")
	f.Var(fileFlag{&o.multipath.dot}, "dot", "of a recording of --multipath: draw the graph for\nGraphviz, to a file as in --dot=FILE, or in place of the text")
	f.Lookup("dot").NoOptDefVal = standardOutput
	f.StringVar(&o.protocol, "protocol", "", "of a live run: show the rounds by udp, icmp or tcp\n(default: by that with the most rounds)")
	f.StringVar(&o.report, "report", "", "write a page with plots to `FILE` (HTML) as well")
	return c
}

// show does what the command line asks for.
func (o *showOptions) show(name string, stdout, stderr io.Writer) error {
	f, err := o.formatted()
	if err != nil {
		return err
	}
	r, err := readRecording(name)
	if err != nil {
		return err
	}
	if same(name, o.report) {
		return usage("--report and the recording are the same file, %s: give the page another name", name)
	}
	if err := o.checkShow(r); err != nil {
		return err
	}
	if r.Search != nil {
		if err := o.checkProtocol(name, r.Search.Header.Protocol); err != nil {
			return err
		}
		return o.showSearch(r.Search, stdout)
	}
	w, err := o.chooseWay(name, r)
	if err != nil {
		return err
	}
	r.Header.Stamps = r.Header.Stamps || o.stamps
	if o.numeric {
		r.Header.Names = nil
	}
	o.leaveOut(stderr)
	keep, err := o.keeper()
	if err != nil {
		return err
	}
	defer keep.Close()
	keep.start(r.Header)
	aside(stderr, f, r.Header.Notes, r.Trace)
	if err := errors.Join(replay(r, w, f, stdout), keep.end(r.Trace, r.Err)); err != nil {
		return asFailure(err)
	}
	return nil
}

// readRecording reads a file of --save.
func readRecording(name string) (*record.Recording, error) {
	f, err := openInput(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := record.Read(f)
	if err != nil {
		return nil, usage("%s %w", output.Safe(name), err)
	}
	if r.LeftOut > 0 {
		h := &r.Header
		if r.Search != nil {
			h = &r.Search.Header.Header
		}
		h.Notes = append(h.Notes, leftOut(r.LeftOut))
	}
	return r, nil
}

// leftOut says what a recording has not.
func leftOut(n int) string {
	return fmt.Sprintf("the recording lacks %s, for which it had no room", output.Count(n, "further answer"))
}
