package cli

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/live"
	"github.com/ebpftrace/ebpftrace/cmd/output"
)

const completionLong = `Completion writes what makes a shell complete commands, flags and what they
take. make install and the package put it in place; by hand:`

const completionExample = `  ebpftrace completion bash >/usr/share/bash-completion/completions/ebpftrace
  ebpftrace completion zsh >/usr/share/zsh/vendor-completions/_ebpftrace
  ebpftrace completion fish >/usr/share/fish/vendor_completions.d/ebpftrace.fish`

// shells lists those that there are completions for.
var shells = []struct {
	name  string
	write func(*cobra.Command, io.Writer) error
}{
	{"bash", bashCompletion},
	{"zsh", func(c *cobra.Command, w io.Writer) error { return c.GenZshCompletion(w) }},
	{"fish", func(c *cobra.Command, w io.Writer) error { return c.GenFishCompletion(w, true) }},
}

func newCompletion(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "completion SHELL", DisableFlagsInUseLine: true,
		Short:             "Write completions for bash, zsh or fish",
		Long:              completionLong,
		Example:           completionExample,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: fixed(shellNames()...),
		SilenceErrors:     true,
		SilenceUsage:      true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("name a shell: ebpftrace completion %s", strings.Join(shellNames(), "|"))
			}
			for _, s := range shells {
				if s.name == args[0] {
					return asFailure(s.write(c.Root(), stdout))
				}
			}
			return usage("no completions for %q: use one of %s", args[0], strings.Join(shellNames(), "|"))
		},
	}
}

func shellNames() (names []string) {
	for _, s := range shells {
		names = append(names, s.name)
	}
	return names
}

// values are what flags may take, by flag. Those of files are not here: that is what
// shells complete by themselves.
var values = map[string]cobra.CompletionFunc{
	"attach":    fixed("auto", "tcx", "clsact"),
	"columns":   fixed(lowered(live.Columns())...),
	"dscp":      fixed(byNumber(dscps)...),
	"ecn":       fixed(byNumber(ecns)...),
	"format":    formats,
	"interface": interfaces,
	"load":      fixed("busy", "quota="),
	"scenario":  scenarios,
	"show":      scenarios,
	"timing":    fixed(strings.Split(timingNames(), "|")...),
}

// completes registers, for a command and those beneath, what flags may take. Flags that
// take numbers and the like have nothing to complete, and neither have hosts.
func completes(c *cobra.Command) error {
	var wrong error
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		find := values[f.Name]
		if find == nil && !takesFile(f) {
			find = cobra.NoFileCompletions
		}
		if find != nil {
			wrong = errors.Join(wrong, c.RegisterFlagCompletionFunc(f.Name, find))
		}
	})
	if wrong != nil {
		return wrong
	}
	if c.ValidArgsFunction == nil && !slices.Contains(ofFiles, c.Name()) {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range c.Commands() {
		if err := completes(sub); err != nil {
			return err
		}
	}
	return nil
}

// ofFiles are the commands whose arguments are files, which shells complete themselves.
var ofFiles = []string{"show", "diff"}

func takesFile(f *pflag.Flag) bool {
	return metavariables[f.Name] == "FILE" || strings.Contains(f.Value.Type(), "FILE")
}

// byNumber returns names in the order of what they stand for.
func byNumber(names map[string]int) []string {
	return slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(names[a]-names[b], strings.Compare(a, b))
	})
}

func lowered(words []string) (all []string) {
	for _, w := range words {
		all = append(all, strings.ToLower(w))
	}
	return all
}

func fixed(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

func formats(*cobra.Command, []string, string) (all []string, d cobra.ShellCompDirective) {
	for _, f := range output.Formats {
		all = append(all, cobra.CompletionWithDesc(f.Name, f.Summary))
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

func interfaces(c *cobra.Command, _ []string, _ string) (all []string, d cobra.ShellCompDirective) {
	found, _ := net.Interfaces() // none is an answer too
	for _, i := range found {
		all = append(all, i.Name)
	}
	if c.Flags().Lookup("targets") != nil { // where -i takes a file of them too
		return all, cobra.ShellCompDirectiveDefault
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// scenarios also come from files.
func scenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return allScenarios(), cobra.ShellCompDirectiveDefault
}
