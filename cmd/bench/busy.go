package bench

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// busy is a number of processes that each keep a CPU busy, at the same priority
// as this one. They are processes and not goroutines, since it is the kernel's
// scheduler that is to be short of CPUs, and not Go's.
type busy int

func (b busy) String() string { return fmt.Sprintf("busy=%d", int(b)) }

// Start implements Load. The processes die with this one, SIGKILL included.
func (b busy) Start() (func() error, error) {
	var loops []*exec.Cmd
	stop := func() error {
		var errs []error
		for _, loop := range loops {
			errs = append(errs, loop.Process.Kill())
			loop.Wait() // says only that it was killed
		}
		return errors.Join(errs...)
	}
	for range int(b) {
		loop := exec.Command("/bin/sh", "-c", "while :; do :; done")
		loop.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := loop.Start(); err != nil {
			return nil, errors.Join(fmt.Errorf("start a busy loop: %w", err), stop())
		}
		loops = append(loops, loop)
	}
	return stop, nil
}
