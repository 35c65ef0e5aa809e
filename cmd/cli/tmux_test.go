package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// tmux is a terminal whose screen can be read, with a shell at the lab's client. Names
// do not resolve there.
type tmux struct {
	t      *testing.T
	socket string
}

// openTmux opens one of that size.
func openTmux(t *testing.T, l *lab.Lab, size string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("needs tmux, of Debian's package of that name, to look at the screen")
	}
	x := &tmux{t, filepath.Join(t.TempDir(), "tmux")}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	columns, rows, _ := strings.Cut(size, "x")
	start := x.command("-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows,
		"-e", "SELF="+self, "-e", "LANG=C.UTF-8", "-e", "LC_ALL=", "exec sh -i")
	if err := l.Do(lab.Client, start.Run); err != nil {
		t.Fatalf("tmux: %v", err)
	}
	t.Cleanup(func() { x.command("kill-server").Run() })
	x.await("a prompt", func(screen string) bool { return screen != "" })
	x.line("PS1='$ '; clear")
	x.await("an empty screen", func(screen string) bool { return screen == "$" })
	return x
}

func (x *tmux) command(args ...string) *exec.Cmd {
	c := exec.Command("tmux", append([]string{"-u", "-S", x.socket}, args...)...)
	c.Env = append(os.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "ENV=")
	return c
}

// run runs a tmux command and returns what it says.
func (x *tmux) run(args ...string) string {
	x.t.Helper()
	out, err := x.command(args...).CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// screen is what is on the screen, without blanks at the end of lines and below.
func (x *tmux) screen(flags ...string) string {
	x.t.Helper()
	lines := strings.Split(x.run(append([]string{"capture-pane", "-p"}, flags...)...), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// keys presses keys, by tmux's names for them.
func (x *tmux) keys(keys ...string) {
	x.t.Helper()
	x.run(append([]string{"send-keys"}, keys...)...)
}

// line types a line.
func (x *tmux) line(text string) {
	x.t.Helper()
	x.run("send-keys", "-l", text)
	x.keys("Enter")
}

// await waits for a screen, and returns it.
func (x *tmux) await(what string, holds func(screen string) bool) (screen string) {
	x.t.Helper()
	came := false
	defer func() {
		if !came {
			x.t.Logf("the screen:\n%s", screen)
		}
	}()
	await(x.t, what, func() bool {
		screen = x.screen()
		came = holds(screen)
		return came
	})
	return screen
}

// shows waits for a text.
func (x *tmux) shows(texts ...string) (screen string) {
	x.t.Helper()
	return x.await("on the screen "+strings.Join(texts, ", "), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// state is what of the terminal is not on the screen: its modes, and its settings as
// stty(1) tells them.
func (x *tmux) state() string {
	x.t.Helper()
	pane := strings.TrimSpace(x.run("display-message", "-p", "#{pane_tty}"))
	stty, err := exec.Command("stty", "-F", pane, "-a").CombinedOutput()
	if err != nil {
		x.t.Fatalf("stty: %v: %s", err, stty)
	}
	return x.run("display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag} keypad #{keypad_flag} "+
		"cursor keys #{keypad_cursor_flag} mouse #{mouse_any_flag} wrap #{wrap_flag} insert #{insert_flag} origin #{origin_flag}") + string(stty)
}
