package lab_test

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal returns both ends of a new terminal: what is written to keys is
// typed.
func openTerminal(t *testing.T) (keys, terminal *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keys.Close() })
	if err := unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	return keys, terminal
}

// inForeground is a script that complains unless it may use the terminal: the
// fields of its stat are its process group and the terminal's.
const inForeground = `read -r _ _ _ _ own _ _ terminal _ </proc/$$/stat; [ $own = $terminal ] || echo in the background; `

// On a terminal, which the command may use, Ctrl-C reaches the command once, from the terminal alone, and
// ends neither the lab nor the stage. SIGTERM to the lab still goes to it.
func TestRunOnTerminal(t *testing.T) {
	needRoot(t)
	keys, terminal := openTerminal(t)
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
