package lab_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/internal/ptytest"
)

// inForeground is a script that complains unless it may use the terminal: the
// fields of its stat are its process group and the terminal's.
const inForeground = `read -r _ _ _ _ own _ _ terminal _ </proc/$$/stat; [ $own = $terminal ] || echo in the background; `

// On a terminal, which the command may use, Ctrl-C reaches the command once, from the terminal alone, and
// ends neither the lab nor the stage. SIGTERM to the lab still goes to it.
func TestRunOnTerminal(t *testing.T) {
	needRoot(t)
	keys, terminal := ptytest.Open(t)
	h := startHolderOn(t, terminal, t.TempDir(), "sh", "-c", inForeground+countSignals)
	if _, err := keys.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // so that signals do not merge
	if err := h.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status, out := h.rest(t); status != 7 || out != "int\nterm\n" {
		t.Errorf("status %d, output %q", status, out)
	}
}
