package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// stageName is the argument by which an executable knows that it is the stage.
const stageName = "lab-enter"

// stageFailed is the stage's own exit status; Run reads the reason elsewhere.
const stageFailed = 125

// controlFD is where the stage finds the control socket.
const controlFD = 3

// Enter returns at once unless args, which is os.Args, is that of the stage
// that [Lab.Run] starts: then it prepares the surroundings of the command, runs
// it and exits. Call it before anything else, above all before anything reads
// files, changes signals or writes to the standard output.
func Enter(args []string) {
	if len(args) != 2 || args[1] != stageName {
		return
	}
	status, err := runStage(os.NewFile(controlFD, "control"))
	if err != nil {
		os.Exit(stageFailed)
	}
	os.Exit(status)
}

// stage is the process between a lab and its command. It stays, so that it can
// kill what the command leaves behind.
type stage struct {
	plan
	// command is waited for by its id, like all other children. Signals to
	// it find the right process or none.
	command *os.Process
}

// runStage returns the command's exit status. The error went to control too.
func runStage(control *os.File) (status int, err error) {
	syscall.CloseOnExec(controlFD)
	// The command's parent-death signal comes when this thread ends.
	runtime.LockOSThread()
	defer func() {
		if err != nil {
			fmt.Fprint(control, err)
		}
	}()
	// The signals of a terminal are the command's; the lab sends the others.
	catch(unix.SIGINT, unix.SIGTERM, unix.SIGQUIT, unix.SIGHUP)
	in := json.NewDecoder(control)
	s := new(stage)
	if err := in.Decode(&s.plan); err != nil {
		return 0, fmt.Errorf("read the plan of the %s stage, which only a lab starts: %w", stageName, err)
	}
	if err := s.start(); err != nil {
		return 0, err
	}
	go s.listen(in)
	return s.reap(), nil
}

// start replaces the files that names come from and starts the command, whose
// orphans are going to be this process's children.
func (s *stage) start() error {
	if err := bindNames(s.Hosts); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("become a subreaper: %w", err)
	}
	var err error
	s.command, err = os.StartProcess(s.Path, s.Argv, &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL},
	})
	return err
}

// listen passes each signal that the lab sends on once, and kills the command
// when the lab is gone; reap sees to the rest.
func (s *stage) listen(in *json.Decoder) {
	passed := make(map[syscall.Signal]bool)
	var sig syscall.Signal
	for in.Decode(&sig) == nil {
		if !passed[sig] {
			s.pass(sig)
		}
		passed[sig] = true
	}
	s.command.Kill()
}

// pass sends a signal to the command. Its process group is this process's: if
// that is a terminal's foreground, the group is not ours to signal, and the
// terminal has done so for its keys.
func (s *stage) pass(sig syscall.Signal) {
	switch {
	case !s.Terminal:
		unix.Kill(0, sig)
	case sig == unix.SIGTERM:
		s.command.Signal(sig)
	}
}
