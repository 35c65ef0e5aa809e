package doctor

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

func textOf(t *testing.T, r *Report, width int) string {
	t.Helper()
	var w bytes.Buffer
	if err := r.WriteText(&w, width); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// Whatever the outcome, lines fit, names and statuses stand in their columns, and
// no word is lost.
func TestTextFits(t *testing.T) {
	for _, tt := range outcomes {
		f := healthy()
		tt.change(f)
		r := judge(f)
		for _, width := range []int{80, 110} {
			got := textOf(t, r, width)
			for l := range strings.Lines(got) {
				if n := utf8.RuneCountInString(l) - 1; n > width && len(strings.Fields(l)) > 2 && !strings.ContainsAny(l, `'"`) {
					t.Errorf("%s: %d characters in a line of %d: %q", tt.name, n, width, l)
				}
			}
			unwrapped := strings.Join(strings.Fields(strings.ReplaceAll(got, " \\\n", "\n")), " ")
			for _, c := range r.Results {
				want := strings.Join(strings.Fields(string(c.Status)+" "+strings.ReplaceAll(c.Name, "_", " ")+" "+c.Found), " ")
				if !strings.Contains(unwrapped, want) {
					t.Errorf("%s: no %q in\n%s", tt.name, want, got)
				}
			}
		}
	}
}

// A command that was wrapped is still the same command to a shell.
func TestMendCanBePasted(t *testing.T) {
	for _, command := range []string{
		"sudo setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep /usr/local/bin/ebpftrace",
		"sudo tc filter del dev eth0 ingress protocol all chain 0 pref 1 handle 0x2a bpf && sudo tc filter del dev eth0 egress protocol all chain 0 pref 1 handle 0x2b bpf",
		`sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"`,
		`sudo setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep '/a  very long path with spaces/in which there is/ebpftrace'`,
	} {
		r := &Report{Results: []Result{{Name: "x", Status: Missing, Found: "f", Mend: command}}}
		_, pasted, ok := strings.Cut(textOf(t, r, 80), "mend")
		if !ok {
			t.Fatal("no mend")
		}
		if got, want := parsed(t, pasted), parsed(t, command); got != want {
			t.Errorf("a shell takes %q for %q", got, want)
		}
	}
}

// parsed returns the words that a shell makes of commands.
func parsed(t *testing.T, command string) string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `sudo() { for w; do printf '<%s>' "$w"; done; }; `+strings.TrimSpace(command)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What others choose the names of can't speak to the terminal.
func TestTextIsSafe(t *testing.T) {
	f := healthy()
	device(func(d *Device) { d.Name, d.XDP = "e\x1b[2J", &Program{1, "x\x1b]0;"} })(f)
	r := judge(f)
	var w bytes.Buffer
	if err := r.WriteJSON(&w); err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{textOf(t, r, 80), w.String()} {
		if strings.ContainsAny(got, "\x1b\x07") || strings.Contains(got, `\u001b`) {
			t.Errorf("an escape sequence came through:\n%s", got)
		}
	}
}
