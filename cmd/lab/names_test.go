package lab_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// lookupName is the first argument of the test executable as a process that
// resolves the names and addresses that follow, with Go's resolver.
const lookupName = "lab-lookup"

func lookUp(args []string) {
	if len(args) < 3 || args[1] != lookupName {
		return
	}
	r := net.Resolver{PreferGo: true}
	for _, what := range args[2:] {
		var found []string
		var err error
		if net.ParseIP(what) != nil {
			found, err = r.LookupAddr(context.Background(), what)
		} else {
			found, err = r.LookupHost(context.Background(), what)
		}
		slices.Sort(found)
		fmt.Println(what, found, err)
	}
	os.Exit(0)
}

// Names and addresses of all nodes resolve by Go's resolver.
func TestNamesGo(t *testing.T) {
	l := newChain(t, 2)
	argv := []string{"/proc/self/exe", lookupName}
	var want strings.Builder
	for _, n := range l.Nodes() {
		v4, v6, name := n.V4.String(), n.V6.String(), n.Name+".lab"
		argv = append(argv, name, v4, v6)
		fmt.Fprintf(&want, "%s [%s %s] <nil>\n%s [%s.] <nil>\n%s [%s.] <nil>\n", name, v4, v6, v4, name, v6, name)
	}
	if _, got := output(t, l, argv...); got != want.String() {
		t.Errorf("got\n%swant\n%s", got, want.String())
	}
}

// They do by the C library's, too.
func TestNamesLibc(t *testing.T) {
	l := newChain(t, 2)
	for _, n := range l.Nodes() {
		name := n.Name + ".lab"
		for _, tt := range []struct{ database, key, want string }{
			{"ahostsv4", name, n.V4.String()},
			{"ahostsv6", name, n.V6.String()},
			{"hosts", n.V4.String(), name},
			{"hosts", n.V6.String(), name},
		} {
			status, got := output(t, l, "getent", tt.database, tt.key)
			if status != 0 || !slices.Contains(strings.Fields(got), tt.want) {
				t.Errorf("getent %s %s: status %d, %q, want %s", tt.database, tt.key, status, got, tt.want)
			}
		}
	}
}

// Other names fail at once, and the machine's own files are as they were.
func TestNamesUnknown(t *testing.T) {
	l := newChain(t, 1)
	before := readHosts(t)
	start := time.Now()
	if _, got := output(t, l, "/proc/self/exe", lookupName, "elsewhere.example", "192.0.2.7"); strings.Contains(got, "<nil>") {
		t.Errorf("Go found %s", got)
	}
	if status, got := output(t, l, "getent", "hosts", "elsewhere.example"); status == 0 {
		t.Errorf("the C library found %s", got)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	_, got := output(t, l, "cat", "/etc/hosts")
	if after := readHosts(t); after != before || got == before || !strings.Contains(got, "r1.lab") {
		t.Errorf("/etc/hosts was %q, is %q, and in the lab %q", before, after, got)
	}
	if status, _ := output(t, l, "mountpoint", "-q", os.TempDir()); status == 0 && !isMountPoint(os.TempDir()) {
		t.Errorf("a mount on %s stays in the way of the command", os.TempDir())
	}
}

func readHosts(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("/etc/hosts")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func isMountPoint(path string) bool {
	mounts, _ := os.ReadFile("/proc/self/mounts")
	return strings.Contains(string(mounts), " "+path+" ")
}
