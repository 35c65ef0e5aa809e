package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/ebpftrace/ebpftrace/cmd/diff"
	"github.com/ebpftrace/ebpftrace/cmd/output"
)

const diffLong = `Diff says what changed from one trace to another: hops added, removed or with
other addresses, round-trip times, losses, and whether the target was reached.
It takes files of --save and documents of --json.

A line is marked + if the hop is in B alone, - if in A alone, ~ if other
addresses answered, ? if it answered in one of them only. Shifts are named if
chance would give one on all hops together in 5 % of comparisons at most (rank
sum test, Fisher's test); with three probes a hop none can be: take more, by
-q 10. Of all paths (--multipath), the interfaces and links are told that are in
one file alone.

Exit status: 0 the path is the same, 1 it is not, 2 bad usage.`

const diffExample = `  ebpftrace diff monday.pcapng tuesday.pcapng
  ebpftrace diff --json before.json after.json`

func newDiff(stdout io.Writer) *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:           "diff [flags] A B",
		Short:         "Say what changed between two traces",
		Long:          diffLong,
		Example:       diffExample,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("give two files, written by --save or --json, as in: ebpftrace diff before.pcapng after.pcapng")
			}
			return compare(args[0], args[1], asJSON, stdout)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write one JSON document")
	return c
}

// comparison is what two files of a kind are found to differ by.
type comparison interface {
	WriteText(io.Writer) error
	WriteJSON(io.Writer) error
}

// compare compares two files.
func compare(fileA, fileB string, asJSON bool, stdout io.Writer) error {
	r, same, err := compared(fileA, fileB)
	if err != nil {
		return err
	}
	write := r.WriteText
	if asJSON {
		write = r.WriteJSON
	}
	if err := write(stdout); err != nil {
		return asUsage(err) // 1 would say that the path differs
	}
	if !same {
		return &exitError{status: ExitNotReached}
	}
	return nil
}

func compared(fileA, fileB string) (r comparison, same bool, err error) {
	a, waysA, err := load(fileA)
	if err != nil {
		return nil, false, err
	}
	b, waysB, err := load(fileB)
	switch {
	case err != nil:
		return nil, false, err
	case a != nil && b != nil:
		r := diff.Compare(fileA, a, fileB, b)
		return r, r.SamePath, nil
	case waysA != nil && waysB != nil:
		r := diff.CompareWays(fileA, waysA, fileB, waysB)
		return r, r.SamePaths, nil
	case waysA != nil:
		fileA, fileB = fileB, fileA
	}
	return nil, false, usage("%s holds one path, %s all paths (--multipath): give two of a kind", output.Safe(fileA), output.Safe(fileB))
}

func load(name string) (*diff.Trace, *diff.Ways, error) {
	f, err := openInput(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	t, ways, err := diff.LoadAny(f)
	if err != nil {
		return nil, nil, usage("%s %w", output.Safe(name), err)
	}
	return t, ways, nil
}
