package guest

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// execute runs the command and returns its exit status as a shell has it. What
// the command leaves behind dies with the machine.
func execute(p Plan, stdout, stderr *os.File) (status int, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	command, err := os.StartProcess(p.Argv[0], p.Argv, &os.ProcAttr{
		Dir: p.Dir, Env: p.Env, Files: []*os.File{null, stdout, stderr},
	})
	if err != nil {
		return 0, err
	}
	return reap(command.Pid)
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
