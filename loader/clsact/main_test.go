package clsact

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine/machinetest"
)

// childEnv makes the test binary another process, which attaches to loopback: once
// and for good, or again and again.
const childEnv = "EBPFTRACE_TEST_CLSACT"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "":
		os.Exit(m.Run())
	case "stay":
		attachFor(time.Minute)
	case "again":
		attachFor(0)
	}
}

// attachFor attaches programs and removes them after some time, until it is
// killed. It says so in a line when they are attached for the first time.
func attachFor(some time.Duration) {
	programs := map[Hook]int{}
	for _, hook := range hooks {
		c, err := loadCounter(goOn)
		if err != nil {
			panic(err)
		}
		programs[hook] = c.program.FD()
	}
	for i, start := 0, time.Now(); time.Since(start) < time.Minute; i++ {
		a, err := Attach(loopback, programs)
		if err != nil {
			panic(err)
		}
		if i == 0 {
			fmt.Println("ready")
		}
		time.Sleep(some)
		if err := a.Close(); err != nil {
			panic(err)
		}
	}
}

// start starts the test binary as a child, and returns when it says that it is
// ready. The child stays in the namespace of this thread.
func start(t *testing.T, child string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{childEnv + "=" + child}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // lest it outlive the test
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { kill(cmd) })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("child %s: %q, %v", child, line, err)
	}
	return cmd
}

func kill(cmd *exec.Cmd) {
	cmd.Process.Kill()
	cmd.Wait()
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("%+v", err)
	}
}

// startAndWait starts a child that attaches and detaches all the time, and returns
// at a random moment of that.
func startAndWait(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := start(t, "again")
	time.Sleep(rand.N(5 * time.Millisecond))
	return cmd
}

// rounds is how often to do what takes a second each time in an emulated machine.
func rounds() int {
	if machinetest.Emulated() {
		return 8
	}
	return 60
}
