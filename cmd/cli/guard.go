package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/cmd/privilege"
	"github.com/ebpftrace/ebpftrace/loader/clsact"
)

// guard is a process beside this one, which removes clsact filters if this one
// dies without doing so: by a panic in any goroutine, or by SIGKILL. Links of tcx
// need none.
type guard struct {
	process *exec.Cmd
	alive   io.WriteCloser
}

const guardName = "guard-clsact"

// startGuard has the filters of some interfaces guarded until it is closed, or
// this process has died.
func startGuard(indices []int) (*guard, error) {
	args := []string{guardName, strconv.Itoa(os.Getpid())}
	for _, index := range indices {
		args = append(args, strconv.Itoa(index))
	}
	g := &guard{process: exec.Command("/proc/self/exe", args...)}
	g.process.SysProcAttr = &unix.SysProcAttr{Setsid: true} // away from the terminal's signals
	var err error
	if g.alive, err = g.process.StdinPipe(); err != nil {
		return nil, err
	}
	return g, g.process.Start()
}

// relieved is what the guard is told when there is nothing to remove.
var relieved = []byte{1}

// Close relieves the guard: the filters have been removed.
func (g *guard) Close() error {
	_, err := g.alive.Write(relieved)
	return errors.Join(err, g.alive.Close(), g.process.Wait())
}

// newGuard returns the command that the guard runs.
func newGuard() *cobra.Command {
	return &cobra.Command{
		Use: guardName, Hidden: true, Args: cobra.MinimumNArgs(2), SilenceErrors: true, SilenceUsage: true,
		RunE: func(c *cobra.Command, args []string) error {
			signal.Ignore(unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT)
			if err := privilege.Drop(cap.NET_ADMIN); err != nil {
				return err
			}
			if n, _ := c.InOrStdin().Read(make([]byte, 1)); n > 0 {
				return nil
			}
			return sweepAfter(args[0], args[1:])
		},
	}
}

// mourning is how long a process may take to end, its files and all.
const mourning = 5 * time.Second

// sweepAfter removes what the parent left, once it is dead and so no longer holds
// the names of its filters (kernel: exit_files comes before exit_notify).
func sweepAfter(parent string, indices []string) (err error) {
	for start := time.Now(); strconv.Itoa(os.Getppid()) == parent && time.Since(start) < mourning; {
		time.Sleep(time.Millisecond)
	}
	for _, text := range indices {
		index, bad := strconv.Atoi(text)
		if bad != nil {
			return fmt.Errorf("interface index %q: give a number", text)
		}
		err = errors.Join(err, clsact.Sweep(index))
	}
	return err
}
