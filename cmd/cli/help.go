package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is how wide help is written, whatever the terminal: it is read in mails
// and on pages too.
const helpWidth = 80

// writeHelp writes the help page of a command.
func writeHelp(w io.Writer, c *cobra.Command) {
	fmt.Fprintf(w, "%s\n\nUsage:\n", description(c))
	for _, line := range usages(c) {
		fmt.Fprintf(w, "  %s\n", line)
	}
	if c.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	writeCommands(w, c)
	for _, g := range grouped(c.LocalFlags()) {
		fmt.Fprintf(w, "\n%s:\n%s", g.title, strings.Join(g.usages, ""))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n`%s help COMMAND` says more of a command.\n", c.CommandPath())
	}
}

// description is the long description, or the short one as a sentence.
func description(c *cobra.Command) string {
	if c.Long != "" {
		return strings.TrimSpace(c.Long)
	}
	return c.Short + "."
}

// usages are the ways to call a command, without the program's name twice.
func usages(c *cobra.Command) (lines []string) {
	if c.Runnable() {
		lines = append(lines, c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		lines = append(lines, c.CommandPath()+" COMMAND")
	}
	return lines
}

func writeCommands(w io.Writer, c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	fmt.Fprint(w, "\nCommands:\n")
	for _, sub := range visible(c) {
		fmt.Fprintf(w, "  %-12s %s\n", sub.Name(), sub.Short)
	}
}

// visible returns the subcommands to show, by name.
func visible(c *cobra.Command) (all []*cobra.Command) {
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			all = append(all, sub)
		}
	}
	return all
}
