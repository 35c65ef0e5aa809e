package loader

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

const (
	openEnv  = "EBPFTRACE_TEST_OPEN"  // in a child: the interface to open
	traceEnv = "EBPFTRACE_TEST_TRACE" // in a child: the interface to trace through
	nobody   = 65534
)

// TestMain lets the test binary run itself as a process with fewer rights.
func TestMain(m *testing.M) {
	if index, err := strconv.Atoi(os.Getenv(openEnv)); err == nil {
		if _, err = Open(Options{Interface: index}); err != nil {
			fmt.Print(err)
		}
		return
	}
	if index, err := strconv.Atoi(os.Getenv(traceEnv)); err == nil {
		said, err := traceOnce(index)
		fmt.Print(said, err)
		return
	}
	os.Exit(m.Run())
}

func TestCapabilities(t *testing.T) {
	n := newNetwork(t)
	binary := publicCopy(t)
	advice := ", which this process lacks: run it with sudo, or once " +
		"`sudo setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep " + binary + "`"
	for _, tt := range []struct {
		name string
		have []uintptr
		want string
	}{
		{"none", nil, "tracing with kernel timestamps needs CAP_BPF and CAP_NET_ADMIN" + advice},
		{"CAP_BPF", []uintptr{unix.CAP_BPF}, "tracing with kernel timestamps needs CAP_NET_ADMIN" + advice},
		{"CAP_NET_ADMIN", []uintptr{unix.CAP_NET_ADMIN}, "tracing with kernel timestamps needs CAP_BPF" + advice},
		{"both", []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN}, ""},
		{"CAP_SYS_ADMIN", []uintptr{unix.CAP_SYS_ADMIN}, ""},
	} {
		if got := openAs(t, binary, openEnv, n, tt.have); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// openAs runs a child as nobody with some capabilities, and returns what it says.
// The child stays in the namespace of the thread that starts it.
func openAs(t *testing.T, binary, env string, n *network, have []uintptr) string {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Env = []string{env + "=" + strconv.Itoa(n.index)}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: nobody, Gid: nobody},
		AmbientCaps: have,
	}
	out, err := cmd.CombinedOutput()
	must(t, err)
	return string(out)
}

// publicCopy copies the test binary to where nobody may run it.
func publicCopy(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ebpftrace-loader")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o755))
	from, err := os.Open("/proc/self/exe")
	must(t, err)
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "loader.test"), os.O_CREATE|os.O_WRONLY, 0o755)
	must(t, err)
	_, err = io.Copy(to, from)
	must(t, errors.Join(err, to.Close()))
	return to.Name()
}

func TestCapabilityErrorIsPermission(t *testing.T) {
	if !errors.Is(&CapabilityError{}, os.ErrPermission) {
		t.Error("it is not")
	}
}

func TestUnsupported(t *testing.T) {
	err := unsupported("tcx", "6.6", fmt.Errorf("attach: %w", ebpf.ErrNotSupported))
	if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "tcx: Linux 6.6") {
		t.Errorf("got %v", err)
	}
	if other := errors.New("other"); unsupported("tcx", "6.6", other) != other {
		t.Error("another error was changed")
	}
}

func TestDeniedDropsMemlockHint(t *testing.T) {
	err := denied("load", fmt.Errorf("map create: %w (MEMLOCK may be too low)", unix.EPERM))
	if !errors.Is(err, os.ErrPermission) || strings.Contains(err.Error(), "MEMLOCK") {
		t.Errorf("got %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]Options{
		"no interface":              {},
		"slots not a power of two":  {Interface: 1, Slots: 3},
		"more slots than idents":    {Interface: 1, Slots: 1 << 17},
		"ring not a power of two":   {Interface: 1, RingBytes: 5000},
		"ring smaller than a page":  {Interface: 1, RingBytes: 1024},
		"negative interface number": {Interface: -1},
	} {
		if s, err := Open(o); err == nil {
			s.Close()
			t.Errorf("%s: opened", name)
		}
	}
}
