package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/internal/goldentest"
)

// commands returns a command and all beneath it, but for hidden ones.
func commands(c *cobra.Command) (all []*cobra.Command) {
	if c.Hidden {
		return nil
	}
	all = append(all, c)
	for _, sub := range c.Commands() {
		all = append(all, commands(sub)...)
	}
	return all
}

// run runs the command line in this process.
func run(args ...string) (status int, stdout, stderr string) {
	var out, diag bytes.Buffer
	status = Main(args, &out, &diag)
	return status, out.String(), diag.String()
}

// The help page of every command is as it was, and the same by --help.
func TestHelpPages(t *testing.T) {
	root := newRoot(new(bytes.Buffer), new(bytes.Buffer))
	root.InitDefaultHelpCmd()
	for _, c := range commands(root) {
		path := strings.Fields(c.CommandPath())
		t.Run(strings.Join(path, " "), func(t *testing.T) {
			status, page, stderr := run(append([]string{"help"}, path[1:]...)...)
			if status != 0 || stderr != "" {
				t.Fatalf("status %d, stderr %q", status, stderr)
			}
			goldentest.Compare(t, filepath.Join("testdata", "help", strings.Join(path, "-")+".txt"), []byte(page))
			if _, byFlag, _ := run(append(path[1:], "--help")...); byFlag != page && c.Name() != "help" {
				t.Errorf("--help says\n%s\nwant\n%s", byFlag, page)
			}
			for line := range strings.Lines(page) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > helpWidth {
					t.Errorf("a line of %d characters: %q", n, line)
				}
			}
		})
	}
}

// Help shows every flag, once.
func TestHelpShowsEveryFlag(t *testing.T) {
	for _, c := range commands(newRoot(new(bytes.Buffer), new(bytes.Buffer))) {
		c.InitDefaultHelpFlag()
		shown := map[string]int{}
		for _, g := range grouped(c.LocalFlags()) {
			for _, f := range g.flags {
				shown[f.Name]++
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if shown[f.Name] != 1 && !f.Hidden {
				t.Errorf("%s --%s is in %d groups of help_groups.go, want one", c.CommandPath(), f.Name, shown[f.Name])
			}
		})
	}
}

// Who mistypes is told what may be meant.
func TestMistyped(t *testing.T) {
	for args, want := range map[string]string{
		"--quieries 3 h":          "unknown flag: --quieries: did you mean --queries?",
		"--timeing kernel h":      "did you mean --timing?",
		"--max-hop 3 h":           "did you mean --max-hops?",
		"-json h":                 "did you mean --json?",
		"-Q 3 h":                  "did you mean -q?",
		"-l 5 h":                  "did you mean --flow-label?",
		"-M icmp h":               "did you mean -I, -T or -U?",
		"lab -e":                  "`ebpftrace lab --help` lists them",
		"bench --cuont 3 h":       "did you mean --count?",
		"--xyzzy h":               "unknown flag: --xyzzy: `ebpftrace --help` lists them",
		"lab --xyzzy":             "`ebpftrace lab --help` lists them",
		"version":                 "or did you mean `ebpftrace --version`?",
		"docter":                  "did you mean `ebpftrace doctor`?",
		"bnech":                   "did you mean `ebpftrace bench`?",
		"not-a-host.invalid":      "check the name, or give an address\n",
		"trace docter":            "check the name, or give an address\n",
		"completion tcsh":         "use one of bash|zsh|fish",
		"completion":              "name a shell",
		"-format json h":          `"-f, --first" flag: give a whole number from 1 to 255: or did you mean --format?`,
		"-mtu h":                  "or did you mean --mtu?",
		"help docter":             "no command \"docter\": did you mean doctor?",
		"help xyzzy-and-more":     "no command \"xyzzy-and-more\": `ebpftrace --help` lists them",
		"help lab bench":          "help is of one command at a time",
		"--targets /no/such/file": "targets: open /no/such/file",
		"-i /no/such/file":        "targets: open /no/such/file",
	} {
		status, stdout, stderr := run(strings.Fields(args)...)
		if status != ExitUsage || stdout != "" || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q%q; want one line with %q", args, status, stdout, stderr, want)
		}
	}
}
