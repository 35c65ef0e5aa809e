package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func newMan(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Write the man page", Hidden: true, Args: cobra.NoArgs, SilenceErrors: true, SilenceUsage: true,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(stdout, manPage(c.Root()))
			return asFailure(err)
		},
	}
}

// manPage returns ebpftrace(1), in man(7), of what help says too.
func manPage(root *cobra.Command) string {
	m := &roff{}
	_, date, _ := strings.Cut(revision, " of ")
	m.line(`.TH EBPFTRACE 1 "%s" "ebpftrace %s" "User Commands"`, date, escaped(version))
	m.section("NAME")
	m.line(`ebpftrace \- %s`, escaped(strings.ToLower(root.Short[:1])+root.Short[1:]))
	m.section("SYNOPSIS")
	m.synopsis(root)
	for _, c := range visible(root) {
		m.line(".br")
		m.synopsis(c)
	}
	m.section("DESCRIPTION")
	m.text(long)
	m.section("OPTIONS")
	m.options(root)
	m.section("COMMANDS")
	for _, c := range visible(root) {
		m.command(c)
	}
	m.ending(root)
	return m.String()
}

// command writes what the page says of a subcommand. Trace has the flags above.
func (m *roff) command(c *cobra.Command) {
	m.line(".SS %s", escaped(c.Name()))
	m.text(description(c))
	if c.Name() != "trace" {
		m.options(c)
	}
	if c.HasExample() {
		m.verbatim(c.Example)
	}
}

func (m *roff) ending(root *cobra.Command) {
	m.section("EXIT STATUS")
	m.text(strings.TrimPrefix(exits, "Exit status: "))
	m.section("ENVIRONMENT")
	m.text(defaultsHelp)
	m.section("FILES")
	for _, f := range []struct{ name, what string }{
		{"~/.config/ebpftrace/config", "flags of the user; in $XDG_CONFIG_HOME if that is set. Under sudo(8), root's."},
		{systemFile, "flags of everybody"},
	} {
		m.line(".TP\n.I %s", escaped(f.name))
		m.text(f.what)
	}
	m.section("EXAMPLES")
	m.verbatim(root.Example)
	m.section("SEE ALSO")
	m.line(".BR traceroute (8),\n.BR mtr (8),\n.BR capabilities (7)")
}

// options writes the flags of a command, by group.
func (m *roff) options(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	for _, g := range grouped(c.LocalFlags()) {
		m.paragraph()
		m.line("%s:", escaped(g.title))
		for _, f := range g.flags {
			shown := described(f)
			m.line(".TP\n%s", flagHead(shown.Shorthand, shown.Name, kind(shown), shown.NoOptDefVal != ""))
			m.text(shown.Usage)
			m.choices(choices(f))
		}
	}
}

func (m *roff) synopsis(c *cobra.Command) {
	name, rest, _ := strings.Cut(c.UseLine(), " ")
	m.line(".B %s\n%s", escaped(name), escaped(rest))
}

func flagHead(letter, name, takes string, optional bool) string {
	head := fmt.Sprintf(`\fB\-\-%s\fR`, escaped(name))
	if letter != "" {
		head = fmt.Sprintf(`\fB\-%s\fR, %s`, letter, head)
	}
	switch {
	case takes != "" && optional:
		head += fmt.Sprintf(`[=\fI%s\fR]`, escaped(takes))
	case takes != "":
		head += fmt.Sprintf(` \fI%s\fR`, escaped(takes))
	}
	return head
}
