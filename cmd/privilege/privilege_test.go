package privilege_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/cmd/privilege"
)

const asChild = "EBPFTRACE_TEST_DROP"

// TestMain lets the test binary run itself as a process that drops, and then as
// what that one becomes by execve.
func TestMain(m *testing.M) {
	switch os.Getenv(asChild) {
	case "":
		os.Exit(m.Run())
	case "drops":
		drop()
		show("dropped")
		os.Setenv(asChild, "became")
		fmt.Println(syscall.Exec("/proc/self/exe", os.Args, os.Environ()))
	case "became":
		show("became")
	}
}

// drop does so with threads that exist already, and others that come later.
func drop() {
	hold(5)
	if err := privilege.Drop(cap.NET_ADMIN); err != nil {
		fmt.Println(err)
	}
	hold(5)
}

func hold(threads int) {
	for range threads {
		held := make(chan struct{})
		go func() {
			runtime.LockOSThread()
			close(held)
			select {}
		}()
		<-held
	}
}

var fields = regexp.MustCompile(`(?m)^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):\s*0*(\S+)$`)

// show prints what the kernel says of each thread.
func show(when string) {
	threads, _ := filepath.Glob("/proc/self/task/*/status")
	for _, path := range threads {
		status, err := os.ReadFile(path)
		if err != nil {
			continue // a thread that has ended
		}
		line := when
		for _, m := range fields.FindAllSubmatch(status, -1) {
			line += fmt.Sprintf(" %s=%s", m[1], m[2])
		}
		fmt.Println(line)
	}
}

// All threads hold what was to be kept and nothing else, and what the process
// becomes by execve holds nothing.
func TestDrop(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to have something to drop")
	}
	root := run(t, syscall.SysProcAttr{})
	check(t, root, "dropped CapInh=0 CapPrm=1000 CapEff=1000 CapBnd=0 CapAmb=0 NoNewPrivs=1", 12)
	check(t, root, "became CapInh=0 CapPrm=0 CapEff=0 CapBnd=0 CapAmb=0 NoNewPrivs=1", 1)
	some := run(t, syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: 65534, Gid: 65534},
		AmbientCaps: []uintptr{unix.CAP_NET_ADMIN, unix.CAP_NET_RAW, unix.CAP_BPF},
	})
	bounds := fmt.Sprintf("%x", bounding(t)) // nobody may not empty it
	check(t, some, "dropped CapInh=0 CapPrm=1000 CapEff=1000 CapBnd="+bounds+" CapAmb=0 NoNewPrivs=1", 12)
	check(t, some, "became CapInh=0 CapPrm=0 CapEff=0 CapBnd="+bounds+" CapAmb=0 NoNewPrivs=1", 1)
}

func bounding(t *testing.T) (set uint64) {
	t.Helper()
	for c := range cap.MaxBits() {
		has, err := cap.GetBound(c)
		if err != nil {
			t.Fatal(err)
		}
		if has {
			set |= 1 << c
		}
	}
	return set
}

// run returns what a child that drops prints.
func run(t *testing.T, attr syscall.SysProcAttr) []string {
	t.Helper()
	cmd := exec.Command(publicCopy(t))
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", []string{asChild + "=drops"}, &attr
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// publicCopy copies the test binary to where nobody may run it.
func publicCopy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; d != os.TempDir(); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "drops"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}

// check expects at least so many threads of one kind, and all of them alike.
func check(t *testing.T, lines []string, want string, threads int) {
	t.Helper()
	kind, _, _ := strings.Cut(want, " ")
	for _, line := range lines {
		if strings.HasPrefix(line, kind+" ") {
			if line != want {
				t.Errorf("a thread holds %q, want %q", line, want)
			}
			threads--
		}
	}
	if threads > 0 {
		t.Errorf("%d threads too few of %q in %q", threads, kind, lines)
	}
}
