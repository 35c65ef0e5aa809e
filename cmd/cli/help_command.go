package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newHelp is cobra's help command, but that what is no command is an error: the page of
// another one does not help.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", DisableFlagsInUseLine: true,
		Short: "Say more of a command",
		Long:  "Help writes the help page of a command, as COMMAND --help does.",
		Args:  cobra.ArbitraryArgs, SilenceErrors: true, SilenceUsage: true,
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) (all []string, _ cobra.ShellCompDirective) {
			if len(args) == 0 {
				for _, sub := range visible(c.Root()) {
					all = append(all, cobra.CompletionWithDesc(sub.Name(), sub.Short))
				}
			}
			return all, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			of, err := helped(c.Root(), args)
			if err != nil {
				return err
			}
			of.InitDefaultHelpFlag()
			return of.Help()
		},
	}
}

// helped finds the command to write the page of.
func helped(root *cobra.Command, args []string) (*cobra.Command, error) {
	switch len(args) {
	case 0:
		return root, nil
	case 1:
	default:
		return nil, usage("help is of one command at a time: ebpftrace help %s", args[0])
	}
	var names []string
	for _, sub := range root.Commands() {
		if sub.Name() == args[0] {
			return sub, nil
		}
	}
	for _, sub := range visible(root) {
		names = append(names, sub.Name())
	}
	advice := "`ebpftrace --help` lists them"
	if meant := similar(args[0], names); meant != "" {
		advice = fmt.Sprintf("did you mean %s?", meant)
	}
	return nil, usage("no command %q: %s", args[0], advice)
}
