package doctor

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/cilium/ebpf/rlimit"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/loader"
)

const (
	examineEnv = "EBPFTRACE_TEST_EXAMINE" // in a child: examine, for this target or interface
	leaveEnv   = "EBPFTRACE_TEST_LEAVE"   // in a child: attach to this interface, and wait to be killed
)

// TestMain lets the test binary run itself as a process of its own, with other
// rights and in another network namespace.
func TestMain(m *testing.M) {
	lab.Enter(os.Args)
	switch {
	case os.Getenv(examineEnv) != "":
		exit(examineChild(os.Getenv(examineEnv)))
	case os.Getenv(leaveEnv) != "":
		exit(leaveChild(os.Getenv(leaveEnv)))
	}
	_ = rlimit.RemoveMemlock() // before Linux 5.11, for programs that tests load
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func examineChild(to string) error {
	o := Options{Interface: to}
	if target, err := netip.ParseAddr(to); err == nil {
		o = Options{Target: target}
	} else if to == "-" {
		o = Options{}
	}
	// An emulated machine may be slow, which is not what is tested.
	h := host{Options: o, patience: patience{time.Minute, 2 * time.Minute}, root: os.DirFS("/")}
	return judge(gather(context.Background(), h, looks)).WriteJSON(os.Stdout)
}

func leaveChild(name string) error {
	device, err := net.InterfaceByName(name)
	if err != nil {
		return err
	}
	s, err := loader.Open(loader.Options{
		Interface: device.Index, Hooks: loader.Clsact, Cookie: math.MaxUint64, Protocol: unix.IPPROTO_UDP, Port: 1, Secret: 1,
	})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Println("attached")
	_, err = os.Stdin.Read(make([]byte, 1))
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%+v", err)
	}
}

func needsRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes network namespaces and attaches eBPF programs")
	}
}

func chain(t *testing.T) *lab.Lab {
	t.Helper()
	needsRoot(t)
	l, err := lab.Chain(t.Context(), lab.Options{Routers: 1})
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	return l
}
