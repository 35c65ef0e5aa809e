package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Command is a program to run inside a lab.
type Command struct {
	// Argv holds the program, looked up in PATH, and its arguments.
	Argv []string
	// Stdin, Stdout and Stderr are /dev/null if nil, and passed as they are
	// if they are files.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run runs the command in the node's network namespace, where the names of the
// nodes resolve and all others fail fast; its environment, directory and files
// are otherwise those of this process. It waits for the command and returns its
// exit status, 128 and the signal's number if a signal ended it. Processes that
// the command leaves behind are killed. If ctx ends or the lab is closed first,
// they all are.
//
// Meanwhile SIGINT, SIGTERM and SIGQUIT do not end this process but go to the
// command, each once. Where both are in the foreground of a terminal, whose
// keys signal them both, SIGINT and SIGQUIT are left to the terminal. So ctx
// should not be one that these signals end, as signal.NotifyContext returns:
// the command would be killed where it was to be interrupted.
//
// The error says that there was no command: see [Enter] for what Run needs. It
// is exec.ErrNotFound if there is no such program, and the context's error if
// that ended it.
func (l *Lab) Run(ctx context.Context, node string, c Command) (status int, err error) {
	if len(c.Argv) == 0 {
		return 0, errors.New("lab: no command to run")
	}
	path, err := exec.LookPath(c.Argv[0])
	if err != nil {
		return 0, fmt.Errorf("lab: %w", err)
	}
	if err := l.begin(); err != nil {
		return 0, err
	}
	defer l.running.Done()
	ctx, cancel := l.both(ctx)
	defer cancel(nil)
	p := plan{Path: path, Argv: c.Argv, Hosts: hosts(l.nodes), Terminal: inForeground()}
	status, err = l.stage(ctx, node, c, p)
	return status, errors.Join(context.Cause(ctx), err)
}

// both returns a context that ends with ctx, or with the lab and ErrClosed.
func (l *Lab) both(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.ctx, func() { cancel(ErrClosed) })
	return ctx, func(cause error) {
		stop()
		cancel(cause)
	}
}

// stage starts the stage, hands it the plan, and waits.
func (l *Lab) stage(ctx context.Context, node string, c Command, p plan) (int, error) {
	control, theirs, err := controlPair()
	if err != nil {
		return 0, fmt.Errorf("lab: control socket: %w", err)
	}
	defer control.Close()
	defer theirs.Close()
	signals, stop := catch(unix.SIGINT, unix.SIGTERM, unix.SIGQUIT)
	defer stop()
	cmd := stageCommand(c, theirs, !p.Terminal)
	if err := l.Do(node, cmd.Start); err != nil {
		return 0, fmt.Errorf("lab: start the %s stage: %w", stageName, err)
	}
	theirs.Close()
	// The stage kills the command when the socket ends, however it ends.
	defer context.AfterFunc(ctx, func() { control.CloseWrite() })()
	go instruct(control, p, signals)
	return finish(cmd, control)
}

// stageCommand is this executable as the stage, in a mount namespace of its
// own, which Go makes private.
func stageCommand(c Command, control *os.File, group bool) *exec.Cmd {
	return &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{os.Args[0], stageName},
		Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, ExtraFiles: []*os.File{control},
		SysProcAttr: &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Setpgid: group},
	}
}

// finish waits for the stage and returns the command's status, or why there was
// no command.
func finish(cmd *exec.Cmd, control io.Reader) (int, error) {
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return 0, fmt.Errorf("lab: wait for the command: %w", err)
	}
	if failure, _ := io.ReadAll(control); len(failure) > 0 {
		return 0, fmt.Errorf("lab: %s", failure)
	}
	return statusOf(cmd.ProcessState.Sys().(syscall.WaitStatus)), nil
}

// statusOf returns the exit status as a shell has it.
func statusOf(s syscall.WaitStatus) int {
	if s.Signaled() {
		return 128 + int(s.Signal())
	}
	return s.ExitStatus()
}
