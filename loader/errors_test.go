package loader

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

const nobody = 65534

// openOnce is a child that opens a session, and ends without closing it.
func openOnce(o Options) (string, error) {
	_, err := Open(o)
	return "", err
}

func TestCapabilities(t *testing.T) {
	eachHooks(t, checkCapabilities)
}

func checkCapabilities(t *testing.T, n *network) {
	binary := publicCopy(t)
	advice := ", which this process lacks: run it with sudo, or once " +
		"`sudo setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep " + binary + "`"
	lacks := func(what string) string { return "tracing with kernel timestamps needs " + what + advice }
	admin := map[Hooks]string{TCX: "", Clsact: "attach to interface " + strconv.Itoa(n.index) + " by clsact: " + lacks("CAP_NET_ADMIN")}
	for _, tt := range []struct {
		name string
		have []uintptr
		want string
	}{
		{"none", nil, lacks("CAP_BPF and CAP_NET_ADMIN")},
		{"CAP_BPF", []uintptr{unix.CAP_BPF}, lacks("CAP_NET_ADMIN")},
		{"CAP_NET_ADMIN", []uintptr{unix.CAP_NET_ADMIN}, lacks("CAP_BPF")},
		{"both", []uintptr{unix.CAP_BPF, unix.CAP_NET_ADMIN}, ""},
		{"CAP_SYS_ADMIN", []uintptr{unix.CAP_SYS_ADMIN}, admin[n.hooks]},
	} {
		if got := n.runAs(t, binary, "open", tt.have); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// runAs runs a child as nobody with some capabilities, and returns what it says.
func (n *network) runAs(t *testing.T, binary, name string, have []uintptr) string {
	t.Helper()
	cmd := n.child(binary, name)
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
		"hooks that nobody knows":   {Interface: 1, Hooks: "xdp"},
	} {
		s, err := Open(o)
		if oneLine(t, err); err == nil {
			s.Close()
			t.Errorf("%s: opened", name)
		}
	}
}
