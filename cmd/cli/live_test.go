package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// watch starts the live view in a terminal, and returns what the line was that
// started it.
func (x *tmux) watch(l *lab.Lab, flags string) string {
	x.t.Helper()
	target, _ := l.Node(lab.Target)
	to := target.V4.String()
	if strings.Contains(flags, "-6") {
		to = target.V6.String()
	}
	line := fmt.Sprintf("$SELF live -n -i 0.1 %s %s; echo status $?", flags, to)
	x.line("clear")
	x.await("an empty screen", func(s string) bool { return s == "$" })
	x.line(line)
	return line
}

var roundNumber = regexp.MustCompile(`round (\d+)`)

// rounds is the number of rounds that the screen tells; -1: none.
func rounds(screen string) int {
	m := roundNumber.FindStringSubmatch(screen)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// Keys do what the help says, in the sizes that the terminal is given.
func TestLive(t *testing.T) {
	l := chain(t, 2)
	x := openTmux(t, l, "100x30")
	x.watch(l, "")
	screen := x.shows("ebpftrace live", "udp port 33434", "reached in 3 hops")
	for i, n := range l.Nodes()[1:] {
		row := fmt.Sprintf("%3d  %s ", i+1, n.V4)
		if !strings.Contains(screen, row) || !strings.Contains(screen, "by "+best(t)) {
			t.Errorf("no %q, timed by the kernel, in\n%s", row, screen)
		}
	}
	x.keys("Up", "d")
	x.shows("› 3", "hop 3  198.18.3.2", "where the time goes", "send call", "network")
	x.keys("d", "Escape") // what follows at once would be taken for Alt
	x.await("no hop chosen", func(s string) bool { return !strings.Contains(s, "›") })
	x.keys("?")
	x.shows("pause and go on", "measure with TCP SYNs")
	x.keys("?", "o", "Down", "Space", "o")
	x.await("a table without the column", func(s string) bool { return strings.Contains(s, "Loss") && !strings.Contains(s, "Sent") })
	x.keys("i")
	x.shows("  icmp ", "reached in 3 hops")
	x.keys("t")
	x.shows("tcp port 80", "reached in 3 hops")
	x.keys("u")
	x.await("more rounds by UDP", func(s string) bool { return strings.Contains(s, "udp port 33434") && rounds(s) > 5 })
	x.resizes()
	x.pauses()
	if wrong := excess(held(t, x.program()), "0", true); wrong != "" && newer(t, 6, 6) {
		t.Error(wrong)
	}
	x.keys("q")
	x.shows("status 0")
	if now := hooked(t, l); len(now) > 0 {
		t.Errorf("when it has ended, there is %v", now)
	}
}

// resizes fails the test unless each size is filled, and no more.
func (x *tmux) resizes() {
	x.t.Helper()
	for _, size := range []string{"40x12", "120x40", "50x15", "80x24"} {
		columns, rows, _ := strings.Cut(size, "x")
		x.run("resize-window", "-x", columns, "-y", rows)
		wide, _ := strconv.Atoi(columns)
		high, _ := strconv.Atoi(rows)
		x.await("a screen of "+size, func(s string) bool {
			lines := strings.Split(s, "\n")
			title := []rune(lines[0])
			return len(lines) == high && len(title) == wide && rounds(lines[0]) > 0 &&
				strings.HasPrefix(lines[len(lines)-1], "? help") && strings.Contains(s, "  3  198.18.3.2")
		})
	}
}

// pauses fails the test unless there are no rounds while it is paused, and a reset
// begins anew.
func (x *tmux) pauses() {
	x.t.Helper()
	x.keys("Space")
	before := rounds(x.shows("PAUSED"))
	time.Sleep(time.Second) // for rounds that must not be
	x.keys("Down", "Up")
	if now := rounds(x.shows("PAUSED")); now != before {
		x.t.Errorf("paused after %d rounds, and then there were %d", before, now)
	}
	x.keys("r")
	x.shows("round 0 ")
	x.keys("p")
	x.await("a few rounds", func(s string) bool { return rounds(s) > 0 && !strings.Contains(s, "PAUSED") })
}

// However it ends, the terminal is as it was: what was on the screen, modes, settings.
func TestLiveEnds(t *testing.T) {
	l := chain(t, 1)
	for _, tt := range []struct{ how, term, flags string }{
		{"q", "screen", "--attach clsact"}, {"C-c", "tmux-256color", "-T"}, {"C-c", "xterm", "--timing user"},
		{"TERM", "screen", ""}, {"HUP", "xterm-256color", "-I"}, {"INT", "vt100", "--attach clsact"}, {"QUIT", "screen", ""}, {"USR1", "xterm", "-I"},
	} {
		t.Run(tt.how+" "+tt.term, func(t *testing.T) {
			x := openTmux(t, l, "80x24")
			x.line("export TERM=" + tt.term + "; clear; echo still here")
			x.await("a prompt", func(s string) bool { return strings.HasPrefix(s, "still here\n$") })
			before := x.state()
			x.line("echo $$; $SELF live -n -i 0.1 " + tt.flags + " 198.18.2.2; echo status $?")
			x.shows("reached in 2 hops")
			if during := x.state(); during == before || !strings.Contains(during, "alternate 1") {
				t.Fatalf("the view changes nothing: %s", during)
			}
			status := "status 1"
			if len(tt.how) == 1 || tt.how == "C-c" {
				status = "status 0"
				x.keys(tt.how)
			} else {
				x.signal(tt.how)
			}
			want := regexp.MustCompile(`^still here\n\$ echo \$\$; .*\n\d+\n` + status + `\n\$$`)
			x.await("what was there, and the status", want.MatchString)
			if state := x.state(); state != before {
				t.Errorf("terminal is\n%s, was\n%s", state, before)
			}
			if now := hooked(t, l); len(now) > 0 {
				t.Errorf("when it has ended, there is %v", now)
			}
		})
	}
}

// program is the process that the shell waits for.
func (x *tmux) program() int {
	x.t.Helper()
	shell, err := strconv.Atoi(strings.TrimSpace(x.run("display-message", "-p", "#{pane_pid}")))
	all := children(shell)
	if err != nil || len(all) != 1 {
		x.t.Fatalf("%v; the shell's children are %v", err, all)
	}
	return all[0]
}

// signal sends the program a signal.
func (x *tmux) signal(name string) {
	x.t.Helper()
	if err := unix.Kill(x.program(), unix.SignalNum("SIG"+name)); err != nil {
		x.t.Fatal(err)
	}
}

// With NO_COLOR there is none.
func TestLiveColours(t *testing.T) {
	l := chain(t, 1)
	colour := regexp.MustCompile("\x1b\\[[0-9;]*(3[0-7]|9[0-7])[;m]")
	for _, env := range []string{"", "NO_COLOR=1"} {
		x := openTmux(t, l, "100x24")
		x.line("export TERM=tmux-256color " + env)
		x.watch(l, "")
		x.shows("reached in 2 hops")
		if coloured := colour.MatchString(x.screen("-e")); coloured != (env == "") {
			t.Errorf("%q: colours: %v\n%q", env, coloured, x.screen("-e"))
		}
	}
}

// A report takes no terminal, and can be had in any format.
func TestLiveReport(t *testing.T) {
	l := chain(t, 2)
	for _, way := range ways {
		got := within(t, l, ebpftrace("live -r -c 5 -i 0.05 "+way.flags, "target.lab")...)
		lines := strings.Split(got.stdout, "\n")
		if got.status != 0 || got.stderr != "" || len(lines) != 8 || !strings.HasPrefix(lines[6], "reached in 3 hops") {
			t.Fatalf("%s: status %d\n%s%s", way.name, got.status, got.stdout, got.stderr)
		}
		if f := strings.Fields(lines[3]); f[0] != "1" || f[1] != "r1.lab" || f[3] != "0.0%" || f[4] != "5" || len(f) != 11 {
			t.Errorf("%s: %q", way.name, lines[3])
		}
	}
	got := within(t, l, ebpftrace("live -r -c 4 -i 0.05 --json", "target.lab")...)
	if d := got.document(t); got.status != 0 || !d.Reached || len(d.Hops) != 3 || len(d.Hops[2].Probes) != 4 {
		t.Errorf("status %d: %.500s", got.status, got.stdout)
	}
	got = within(t, l, ebpftrace("live -r -i 0.02 --format mtr", "target.lab")...)
	if got.status != 0 || !strings.Contains(got.stdout, `"tests": 10`) {
		t.Errorf("status %d: %.500s", got.status, got.stdout)
	}
	got = within(t, l, ebpftrace("live -r -c 2 -i 0.02 -o loss,p99", "target.lab")...)
	if !strings.Contains(got.stdout, "Loss   p99\n") {
		t.Errorf("%s", got.stdout)
	}
}

// What was watched is left in a page, with a row for each hop.
func TestLivePage(t *testing.T) {
	l := chain(t, 1)
	page := filepath.Join(t.TempDir(), "page.html")
	got := within(t, l, ebpftrace("live -r -n -4 -c 3 -i 0.05 --report "+page, "target.lab")...)
	text, err := os.ReadFile(page)
	if err != nil || got.status != 0 {
		t.Fatalf("status %d, %v\n%s", got.status, err, got.stderr)
	}
	for _, n := range l.Nodes()[1:] {
		if !strings.Contains(string(text), n.V4.String()) {
			t.Errorf("no hop %v on the page", n.V4)
		}
	}
}

func TestLiveBadUsage(t *testing.T) {
	for args, want := range map[string]string{
		"live":                                "no host",
		"live 127.0.0.1":                      "use -r for a report",
		"live -r -c 0 127.0.0.1":              "from 1 to",
		"live -r -i 0 127.0.0.1":              "as in 0.5 or 500ms",
		"live -r -i soon 127.0.0.1":           "as in 0.5 or 500ms",
		"live -r -o loss,luck 127.0.0.1":      "no column",
		"live --format csv 127.0.0.1":         "add -r",
		"live -r -q 5 127.0.0.1":              "unknown shorthand",
		"live -r -i 86400 127.0.0.1":          "to 1h0m0s",
		"live -r --format nonsense 127.0.0.1": "unknown output format",
	} {
		var stdout, stderr bytes.Buffer
		status := cli.Main(strings.Fields(args), &stdout, &stderr)
		if line := stderr.String(); status != cli.ExitUsage || stdout.Len() > 0 || !strings.Contains(line, want) || strings.Count(line, "\n") != 1 {
			t.Errorf("%s: status %d, %q; want one line with %q", args, status, line, want)
		}
	}
}
