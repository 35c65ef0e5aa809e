package guest

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// output is where commands write.
type output struct {
	stdout, stderr *os.File
	release        string // of the kernel, for results of tests
}

// execute runs the command and returns its exit status as a shell has it.
func (o output) execute(c Command) (status int, err error) {
	if c.Tests != "" {
		o.stderr = o.stdout
	}
	began := time.Now()
	status, err = o.start(c)
	if err == nil && c.Tests != "" {
		err = o.tell(c.Tests, status, time.Since(began))
	}
	return status, errors.Join(err, killAll())
}

func (o output) start(c Command) (status int, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	command, err := os.StartProcess(c.Argv[0], c.Argv, &os.ProcAttr{
		Dir: c.Dir, Env: c.Env, Files: []*os.File{null, o.stdout, o.stderr},
	})
	if err != nil {
		return 0, err
	}
	return reap(command.Pid)
}

// tell writes the line of go test about a package.
func (o output) tell(tested string, status int, took time.Duration) error {
	verdict := "ok  "
	if status != 0 {
		verdict = fmt.Sprintf("exit status %d\nFAIL", status)
	}
	_, err := fmt.Fprintf(o.stdout, "%s\t%s\t%.3fs\tLinux %s\n", verdict, tested, took.Seconds(), o.release)
	return err
}

// reap waits for orphans, whose parent the first process is, and for the
// command.
func reap(command int) (status int, err error) {
	for {
		var s syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &s, 0, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, os.NewSyscallError("wait4", err)
		case pid == command && s.Signaled():
			return 128 + int(s.Signal()), nil
		case pid == command:
			return s.ExitStatus(), nil
		}
	}
}

// killAll ends every other process. Those that cannot be waited for are children
// of none that lives.
func killAll() error {
	if err := unix.Kill(-1, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
		return os.NewSyscallError("kill", err)
	}
	for {
		_, err := unix.Wait4(-1, nil, 0, nil)
		switch {
		case errors.Is(err, unix.ECHILD):
			return nil
		case err != nil && !errors.Is(err, unix.EINTR):
			return os.NewSyscallError("wait4", err)
		}
	}
}
