package lab_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

func TestMain(m *testing.M) {
	lab.Enter(os.Args)
	holdLab(os.Args)
	lookUp(os.Args)
	// The race detector would have each stage that we start sleep for a second
	// when it exits.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	os.Exit(m.Run())
}

// needRoot skips the test unless it may make namespaces.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root to make network namespaces")
	}
}

// newChain returns a chain that is closed with the test.
func newChain(t *testing.T, routers int) *lab.Lab {
	t.Helper()
	needRoot(t)
	start := time.Now()
	l, err := lab.Chain(t.Context(), lab.Options{Routers: routers})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("chain of %d routers came up in %v", routers, time.Since(start))
	t.Cleanup(func() { l.Close() })
	return l
}

// output runs the command in the client and returns its status and output.
func output(t *testing.T, l *lab.Lab, argv ...string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	status, err := l.Run(t.Context(), lab.Client, lab.Command{Argv: argv, Stdout: &out, Stderr: &errs})
	if err != nil {
		t.Fatalf("run %s: %v", strings.Join(argv, " "), err)
	}
	if errs.Len() > 0 {
		t.Logf("%s wrote: %s", argv[0], errs.String())
	}
	return status, out.String()
}

// namespacesOf returns the names of the lab's namespaces, as in net:[1234].
func namespacesOf(t *testing.T, l *lab.Lab) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	for _, n := range l.Nodes() {
		err := l.Do(n.Name, func() error {
			name, err := os.Readlink("/proc/thread-self/ns/net")
			names[name] = true
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// A closed lab holds nothing and does nothing.
func TestClosed(t *testing.T) {
	l := newChain(t, 1)
	spaces := namespacesOf(t, l)
	if held := holdersOf(t, spaces); len(spaces) != 3 || len(held) < 3 {
		t.Fatalf("namespaces %v, held by %v", spaces, held)
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	held := holdersOf(t, spaces)
	for start := time.Now(); len(held) > 0 && time.Since(start) < 2*time.Second; held = holdersOf(t, spaces) {
		time.Sleep(10 * time.Millisecond) // a child has them from fork to execve
	}
	if len(held) > 0 {
		t.Errorf("namespaces are held by %v", held)
	}
	if err := l.Do(lab.Client, func() error { return nil }); !errors.Is(err, lab.ErrClosed) {
		t.Errorf("Do on a closed lab: %v", err)
	}
	if _, err := l.Run(t.Context(), lab.Client, lab.Command{Argv: []string{"true"}}); !errors.Is(err, lab.ErrClosed) {
		t.Errorf("Run on a closed lab: %v", err)
	}
}
