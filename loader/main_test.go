package loader

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// childEnv makes the test binary another process: it names a child, an interface
// and hooks.
const childEnv = "EBPFTRACE_TEST_CHILD"

// children are what the test binary can be. Each returns what it has to say.
var children = map[string]func(Options) (string, error){
	"open": openOnce, "trace": traceOnce, "stay": stay, "again": openAgain,
}

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) == "" {
		os.Exit(m.Run())
	}
	var name string
	var o Options
	if _, err := fmt.Sscan(os.Getenv(childEnv), &name, &o.Interface, &o.Hooks); err != nil {
		panic(err)
	}
	said, err := children[name](o)
	if err != nil {
		said += err.Error()
	}
	fmt.Print(said)
}

// child returns the test binary as that child, for the near end. It stays in the
// namespace of the thread that starts it.
func (n *network) child(binary, name string) *exec.Cmd {
	cmd := exec.Command(binary)
	cmd.Env = []string{fmt.Sprintf("%s=%s %d %s", childEnv, name, n.index, n.hooks)}
	return cmd
}

// victim is a child that lives until it is killed.
type victim struct{ *exec.Cmd }

// start starts a victim, and returns when it says that it is ready.
func (n *network) start(t *testing.T, name string) victim {
	t.Helper()
	cmd := n.child("/proc/self/exe", name)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // lest it outlive the test
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	v := victim{cmd}
	t.Cleanup(func() { v.kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("child %s: %q, %v", name, line, err)
	}
	return v
}

// kill sends SIGKILL and waits for the end. What the kernel frees later it frees
// without the process.
func (v victim) kill() {
	v.Process.Kill()
	v.Wait()
}

// ready is what a victim says when it is.
func ready() { fmt.Println("ready") }

// oneLine checks that an error is one line that says all of it.
func oneLine(t *testing.T, err error, says ...string) {
	t.Helper()
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line, got %v", err)
		return
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("%q does not say %q", err, s)
		}
	}
}
