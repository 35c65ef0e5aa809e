package cli_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// usage is what one run of a program took, its children included.
type usage struct {
	wall, cpu time.Duration
	memory    int64 // largest resident set of one process, in bytes
}

// usages is what all runs of a program took.
type usages struct {
	mu  sync.Mutex
	all []usage
}

// median returns the medians of each.
func (u *usages) median() usage {
	return usage{
		wall:   middle(u.all, func(u usage) time.Duration { return u.wall }),
		cpu:    middle(u.all, func(u usage) time.Duration { return u.cpu }),
		memory: middle(u.all, func(u usage) int64 { return u.memory }),
	}
}

func middle[T int64 | time.Duration](all []usage, of func(usage) T) T {
	var values []T
	for _, u := range all {
		values = append(values, of(u))
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// add runs a program to the lab's target and adds what it took.
func (u *usages) add(b *testing.B, l *lab.Lab, argv []string) {
	target, _ := l.Node(lab.Target)
	one, err := measure(l, append(slices.Clone(argv), target.V4.String()))
	if err != nil {
		b.Errorf("%s: %v", argv[0], err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all = append(u.all, one)
}

// starter makes a child that awaits the end of its input before it becomes a program,
// and says which one.
const starter = `exec 3<&0; { read go <&3; exec "$@" 3<&- </dev/null >/dev/null; } & echo $!`

// measure runs a program in the lab's client, as the child of a shell that has
// ended, and takes it over as an orphan (see adoptOrphans). A child of this process
// would not do: getrusage(2)'s ru_maxrss outlives execve(2), and between clone(2) and
// that it is this process's memory, which exceeds the peers'. A shell that is still
// there when the program ends may wait for it in our place.
func measure(l *lab.Lab, argv []string) (usage, error) {
	in, start, err := os.Pipe()
	if err != nil {
		return usage{}, err
	}
	defer in.Close()
	defer start.Close()
	pid, err := orphan(l, in, argv)
	if err != nil {
		return usage{}, err
	}
	begin := time.Now() // the shell's own start is not the program's
	start.Close()
	state, err := adopt(pid)
	if err != nil {
		return usage{}, err
	}
	return usage{
		wall: time.Since(begin), cpu: state.UserTime() + state.SystemTime(),
		memory: state.SysUsage().(*syscall.Rusage).Maxrss << 10,
	}, nil
}

// orphan returns the process that awaits the end of in to become the program.
func orphan(l *lab.Lab, in *os.File, argv []string) (pid int, err error) {
	shell := exec.Command("/bin/sh", append([]string{"-c", starter, "sh"}, argv...)...)
	shell.Stdin, shell.Stderr = in, os.Stderr
	out, errOut := shell.StdoutPipe()
	if err := errors.Join(errOut, l.Do(lab.Client, shell.Start)); err != nil {
		return 0, err
	}
	_, errID := fmt.Fscanln(out, &pid)
	return pid, errors.Join(errID, shell.Wait())
}

// adopt waits for an orphan. A status of 1 says that the target was not reached.
func adopt(pid int) (*os.ProcessState, error) {
	p, err := os.FindProcess(pid)
	if err != nil {
		return nil, err
	}
	state, err := p.Wait()
	if err == nil && (!state.Exited() || state.ExitCode() > 1) {
		err = errors.New(state.String())
	}
	return state, err
}

// adoptOrphans makes this process the parent of its descendants whose own ends,
// until the benchmark does: then it reaps those that nobody waited for.
func adoptOrphans(b *testing.B) {
	b.Helper()
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
		for pid, err := 1, error(nil); pid > 0 && err == nil; {
			pid, err = unix.Wait4(-1, nil, unix.WNOHANG, nil)
		}
	})
}
