package lab_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// holdName is the first argument of the test executable as a process that holds
// a lab and runs the command that follows, for tests that do it harm.
const holdName = "lab-hold"

// holdLab is that process. Its exit status is the command's.
func holdLab(args []string) {
	if len(args) < 3 || args[1] != holdName {
		return
	}
	l, err := lab.Chain(context.Background(), lab.Options{Routers: 2})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, n := range l.Nodes() {
		if err := l.Do(n.Name, printNamespace); err != nil {
			fmt.Println(err)
		}
	}
	status, err := l.Run(context.Background(), lab.Client, lab.Command{Argv: args[2:], Stdout: os.Stdout})
	if err != nil {
		fmt.Println(err)
	}
	os.Exit(status)
}

// printNamespace tells the name of the thread's namespace, as in net:[1234].
func printNamespace() error {
	name, err := os.Readlink("/proc/thread-self/ns/net")
	fmt.Println(name)
	return err
}

// holder is a process that holds a lab.
type holder struct {
	*exec.Cmd
	output     *bufio.Reader
	namespaces map[string]bool
}

// startHolder starts a holder, in a session of its own and with its temporary
// files in tmp. It returns when the command has written "ready".
func startHolder(t *testing.T, tmp string, argv ...string) *holder {
	t.Helper()
	return startHolderOn(t, nil, tmp, argv...)
}

// startHolderOn is startHolder on a terminal, unless that is nil.
func startHolderOn(t *testing.T, terminal *os.File, tmp string, argv ...string) *holder {
	t.Helper()
	h := &holder{namespaces: map[string]bool{}}
	h.Cmd = exec.Command("/proc/self/exe", append([]string{holdName}, argv...)...)
	h.Env = append(os.Environ(), "TMPDIR="+tmp)
	h.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	h.Stderr = os.Stderr
	if terminal != nil {
		h.Stdin = terminal
		h.SysProcAttr.Setctty = true // of descriptor 0
	}
	pipe, err := h.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Process.Kill(); h.Wait() })
	h.output = bufio.NewReader(pipe)
	h.awaitReady(t)
	return h
}

func (h *holder) awaitReady(t *testing.T) {
	t.Helper()
	for range 100 {
		line, err := h.output.ReadString('\n')
		if err != nil {
			t.Fatalf("the holder ended early: %v", err)
		}
		switch line = strings.TrimSpace(line); {
		case line == "ready":
			return
		case strings.HasPrefix(line, "net:"):
			h.namespaces[line] = true
		default:
			t.Fatalf("the holder says %q", line)
		}
	}
	t.Fatal("the holder never became ready")
}

// rest returns what the command wrote since, and the holder's exit status.
func (h *holder) rest(t *testing.T) (status int, out string) {
	t.Helper()
	b, err := io.ReadAll(h.output)
	if err != nil {
		t.Fatal(err)
	}
	h.Wait()
	return h.ProcessState.ExitCode(), string(b)
}
