package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// Each shell reads its completions without complaint.
func TestCompletionsParse(t *testing.T) {
	for _, shell := range shellNames() {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Skipf("needs %s, of Debian", shell)
			}
			file := completionFile(t, shell)
			if out, err := exec.Command(shell, "-n", file).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s -n: %v\n%s", shell, err, out)
			}
		})
	}
}

func completionFile(t *testing.T, shell string) string {
	t.Helper()
	status, text, stderr := run("completion", shell)
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	file := filepath.Join(t.TempDir(), "completion")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What the shells ask for, they get: one word a line, what it means behind a tab.
func TestCompletes(t *testing.T) {
	for args, want := range map[string][]string{
		"--timing ":             {"auto", "kernel", "tcx", "socket", "user"},
		"trace --timing ":       {"auto", "kernel", "tcx", "socket", "user"},
		"bench --attach ":       {"auto", "tcx", "clsact"},
		"bench --load ":         {"busy", "quota="},
		"--format ":             formatList(),
		"lab --scenario ":       allScenarios(),
		"completion ":           shellNames(),
		"--ecn ":                {"not-ect", "ect1", "ect0", "ce"},
		"help ":                 {"bench", "completion", "diff", "doctor", "help", "lab", "live", "show", "trace"},
		"help lab ":             {},
		"live -o ":              {"as", "loss", "sent", "last", "best", "p50", "p99", "worst", "jitter", "history", "verdict"},
		"do":                    {"doctor"},
		"--qu":                  {"--queries"},
		"example.org --stamps ": {},
		"doctor ":               {},
	} {
		status, out, _ := run(append([]string{"__complete"}, strings.Split(args, " ")...)...)
		if status != 0 {
			t.Errorf("%q: status %d", args, status)
		}
		if got := completed(out); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", args, got, want)
		}
	}
}

// Where files are taken, and nowhere else, shells complete them as they do by themselves.
func TestCompletesFiles(t *testing.T) {
	for args, want := range map[string]string{ // cobra.ShellCompDirective
		"trace -i ": ":0\n", "bench -i ": ":4\n", "--save ": ":0\n", "--asn-db ": ":0\n", "--targets ": ":0\n", "show ": ":0\n",
		"diff a ": ":0\n", "lab --scenario ": ":0\n", "-q ": ":4\n", "-s ": ":4\n", "--sport ": ":4\n", "": ":4\n", "live ": ":4\n",
	} {
		if _, out, _ := run(append([]string{"__complete"}, strings.Split(args, " ")...)...); !strings.HasSuffix(out, want) {
			t.Errorf("%q: %q, want %q at the end", args, out, want)
		}
	}
}

func TestCompletesInterfaces(t *testing.T) {
	if _, out, _ := run("__complete", "-i", ""); !slices.Contains(completed(out), "lo") {
		t.Errorf("%q, want lo among them", out)
	}
}

func formatList() (names []string) {
	for _, f := range output.Formats {
		names = append(names, f.Name)
	}
	return names
}

// completed are the completions, without what they mean and cobra's directive.
func completed(out string) (all []string) {
	for line := range strings.Lines(out) {
		word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !strings.HasPrefix(word, ":") {
			all = append(all, word)
		}
	}
	return all
}

// In bash the whole of it works, from what is typed to what comes, with the package
// bash-completion and without.
func TestCompletesInBash(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash")
	}
	const alone = `source "$1"; ebpftrace() { "$SELF" "$@"; }
COMP_WORDS=(ebpftrace --timing so); COMP_CWORD=2; COMP_LINE="ebpftrace --timing so"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
__start_ebpftrace; echo "${COMPREPLY[*]}"`
	const packaged = `_get_comp_words_by_ref() { cur=so words=(ebpftrace --timing so) cword=2; COMP_WORDS=(); }
`
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range []string{alone, packaged + alone} {
		bash := exec.Command("bash", "-c", script, "bash", completionFile(t, "bash"))
		bash.Env = append(os.Environ(), "SELF="+self)
		out, err := bash.CombinedOutput()
		said := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(out)), "\n"), func(l string) bool {
			return strings.Contains(l, "compopt") // no line is edited
		})
		if err != nil || !slices.Equal(said, []string{"socket"}) {
			t.Errorf("%v: %q, want socket", err, out)
		}
	}
}
