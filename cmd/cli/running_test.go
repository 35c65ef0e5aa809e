package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// allNeeded are the capabilities that the nearest stamps take.
var allNeeded = []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW, unix.CAP_PERFMON}

// who runs a program: the file, and a user with capabilities, or root.
type who struct {
	file string
	uid  uint32
	caps []uintptr
}

// root runs this test binary as the program.
var root = who{file: "/proc/self/exe"}

// users counts those that somebody has returned.
var users atomic.Uint32

// somebody returns a user with all capabilities needed whom nobody else is: what
// he has loaded is told from what other tests have, on the same machine.
func somebody(t *testing.T) who {
	t.Helper()
	file := t.TempDir() + "/ebpftrace"
	copyExecutable(t, file)
	return who{file, 1<<20 + uint32(os.Getpid())<<8 + users.Add(1), allNeeded}
}

// process is the program while it runs.
type process struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
}

// command returns the program at the lab's client, where names don't resolve.
func (w who) command(args ...string) *process {
	p := &process{Cmd: exec.Command(w.file, args...)}
	p.Dir, p.Env = "/", []string{asProgram + "=1"}
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	p.SysProcAttr = &syscall.SysProcAttr{}
	if w.uid != 0 {
		p.SysProcAttr.Credential = &syscall.Credential{Uid: w.uid, Gid: w.uid}
		p.SysProcAttr.AmbientCaps = w.caps
	}
	return p
}

// startAt starts it; it does not outlive the test.
func (p *process) startAt(t *testing.T, l *lab.Lab) *process {
	t.Helper()
	if err := l.Do(lab.Client, p.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			p.Process.Kill()
			p.Wait()
		}
	})
	return p
}

// patience is how long tests wait for what has to come, on a machine that may
// have much else to do.
const patience = 30 * time.Second

// end waits for the process and returns what it left. One that does not end in
// time is killed, with a dump of its goroutines.
func (p *process) end(t *testing.T) outcome {
	t.Helper()
	late := time.AfterFunc(patience, func() {
		p.Process.Signal(unix.SIGQUIT)
		time.Sleep(time.Second)
		p.Process.Kill()
	})
	err := p.Wait()
	if !late.Stop() {
		t.Errorf("%s did not end within %v:\n%.3000s", strings.Join(p.Args[1:], " "), patience, p.stderr.String())
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{p.ProcessState.ExitCode(), p.stdout.String(), p.stderr.String()}
}

// signal sends it a signal.
func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// await fails the test unless the condition soon holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("within %v there was not %s", patience, what)
		}
	}
}
