package lab_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

func TestRunStatus(t *testing.T) {
	l := newChain(t, 1)
	for _, tt := range []struct {
		script string
		status int
	}{
		{"true", 0},
		{"exit 42", 42},
		{"exit 125", 125},
		{"kill -TERM $$", 128 + 15},
		{"kill -KILL $$", 128 + 9},
	} {
		if status, _ := output(t, l, "sh", "-c", tt.script); status != tt.status {
			t.Errorf("%s: status %d, want %d", tt.script, status, tt.status)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	l := newChain(t, 1)
	run := func(node string, argv ...string) error {
		_, err := l.Run(t.Context(), node, lab.Command{Argv: argv})
		return err
	}
	if err := run(lab.Client); err == nil {
		t.Error("an empty command ran")
	}
	if err := run(lab.Client, "no-such-program"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("a missing program: %v", err)
	}
	if err := run("r2", "true"); err == nil || !strings.Contains(err.Error(), `"r2"`) {
		t.Errorf("a missing node: %v", err)
	}
}

// A command's surroundings are those of its caller but for the network.
func TestRunSurroundings(t *testing.T) {
	t.Setenv("LAB_TEST", "as it was")
	l := newChain(t, 1)
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	_, err = l.Run(t.Context(), "r1", lab.Command{
		Argv:   []string{"sh", "-c", `echo "$LAB_TEST"; pwd; cat; readlink /proc/$$/fd/3 | grep socket`},
		Stdin:  strings.NewReader("through\n"),
		Stdout: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "as it was\n" + dir + "\nthrough\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// What ends a run kills the command and what it left behind, wherever that
// went.
func TestRunEnds(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(*lab.Lab, context.CancelFunc)
		want error
	}{
		{"context", func(_ *lab.Lab, cancel context.CancelFunc) { cancel() }, context.Canceled},
		{"close", func(l *lab.Lab, _ context.CancelFunc) { l.Close() }, lab.ErrClosed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newChain(t, 1)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(200*time.Millisecond, func() { tt.end(l, cancel) })
			status, err := l.Run(ctx, lab.Client, lab.Command{Argv: []string{"sh", "-c", orphans}})
			if status != 128+9 || !errors.Is(err, tt.want) {
				t.Errorf("status %d, error %v, want %d and %v", status, err, 128+9, tt.want)
			}
		})
	}
}

// orphans is a script whose processes leave its session and its parent.
const orphans = `setsid sh -c 'sleep 1000 & sleep 1000' & sh -c 'sleep 1000 &'; echo ready; sleep 1000`

// A command that ends leaves no process behind; output to a pipe, which the
// orphans hold open too, would otherwise keep Run waiting.
func TestRunKillsOrphans(t *testing.T) {
	l := newChain(t, 1)
	start := time.Now()
	status, out := output(t, l, "sh", "-c", strings.TrimSuffix(orphans, "; sleep 1000")+"; exit 3")
	if status != 3 || out != "ready\n" {
		t.Errorf("status %d, output %q", status, out)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// A command does not outlive the stage, if that is killed.
func TestRunStageKilled(t *testing.T) {
	l := newChain(t, 1)
	status, out := output(t, l, "sh", "-c", `kill -KILL $PPID; for i in $(seq 100000); do :; done; echo still here`)
	if status != 128+9 || out != "" {
		t.Errorf("status %d, output %q", status, out)
	}
}

// countSignals is a script that tells each SIGINT and ends at SIGTERM.
const countSignals = `trap 'echo int' INT; trap 'echo term; exit 7' TERM; echo ready; while :; do sleep 0.01; done`

// Signals to the process that runs a lab reach the command, each once.
func TestRunPassesSignals(t *testing.T) {
	needRoot(t)
	h := startHolder(t, t.TempDir(), "sh", "-c", countSignals)
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGINT, syscall.SIGTERM} {
		time.Sleep(50 * time.Millisecond) // so that signals do not merge
		if err := h.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	if status, out := h.rest(t); status != 7 || out != "int\nterm\n" {
		t.Errorf("status %d, output %q", status, out)
	}
}
