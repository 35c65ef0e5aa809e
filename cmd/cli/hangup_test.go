package cli_test

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/internal/ptytest"
)

// SIGINT, SIGTERM and a terminal that is closed end a trace with what is known,
// status 1 and nothing attached.
func TestEndsCleanly(t *testing.T) {
	front := silence(t)
	w := somebody(t)
	for _, attach := range attachments(t) {
		for _, how := range []string{"SIGINT", "SIGTERM", "SIGHUP", "a closed terminal", "a closed terminal that it writes to"} {
			t.Run(attach+" "+how, func(t *testing.T) {
				master, terminal := ptytest.Open(t)
				p := w.command("--attach", attach, "-n", "-w", "30", front.Nodes()[1].V4.String())
				p.onTerminal(terminal, strings.HasSuffix(how, "writes to"))
				before := front.Counters().In
				p.startAt(t, front.Lab)
				await(t, "a probe", func() bool { return front.Counters().In > before })
				had := loadedBy(w.uid)
				terminal.Close()
				p.endBy(t, how, master)
				got := p.end(t)
				if got.status != 1 || p.Stdout == &p.stdout && !strings.Contains(got.stdout, "interrupted") {
					t.Errorf("status %d, want 1 and what is known\n%s%s", got.status, got.stdout, got.stderr)
				}
				if now := hooked(t, front.Lab); len(now) > 0 {
					t.Errorf("when it has ended, there is %v", now)
				}
				checkNothingLeft(t, how, remains(t, front.Lab, w, had, pinned()))
			})
		}
	}
}

// onTerminal has the process lead a session on the terminal.
func (p *process) onTerminal(terminal *os.File, writes bool) {
	p.Stdin, p.Stderr = terminal, terminal
	p.SysProcAttr.Setsid, p.SysProcAttr.Setctty = true, true // of descriptor 0
	if writes {
		p.Stdout = terminal
	}
}

func (p *process) endBy(t *testing.T, how string, master *os.File) {
	t.Helper()
	signals := map[string]syscall.Signal{"SIGINT": unix.SIGINT, "SIGTERM": unix.SIGTERM, "SIGHUP": unix.SIGHUP}
	if s, ok := signals[how]; ok {
		p.signal(t, s)
		return
	}
	if err := master.Close(); err != nil {
		t.Fatal(err)
	}
}
