package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// links returns the interfaces of the lab's client.
func links(t *testing.T, l *lab.Lab) (all []netlink.Link) {
	t.Helper()
	err := l.Do(lab.Client, func() (err error) {
		all, err = netlink.LinkList()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hooked names what hangs on them: programs of tcx, disciplines with hooks, and
// filters.
func hooked(t *testing.T, l *lab.Lab) (names []string) {
	t.Helper()
	all := links(t, l)
	err := l.Do(lab.Client, func() (err error) {
		for _, device := range all {
			more, bad := hookedOn(device)
			names, err = append(names, more...), errors.Join(err, bad)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func hookedOn(device netlink.Link) (names []string, err error) {
	for _, at := range []ebpf.AttachType{ebpf.AttachTCXIngress, ebpf.AttachTCXEgress} {
		found, err := link.QueryPrograms(link.QueryOptions{Target: device.Attrs().Index, Attach: at})
		if errors.Is(err, unix.EINVAL) { // before Linux 6.6
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, p := range found.Programs {
			names = append(names, fmt.Sprintf("%v program %d", at, p.ID))
		}
	}
	disciplines, err := netlink.QdiscList(device)
	for _, q := range disciplines {
		if q.Attrs().Parent == netlink.HANDLE_CLSACT {
			names = append(names, "qdisc "+q.Type())
		}
	}
	for _, hook := range []uint32{netlink.HANDLE_MIN_INGRESS, netlink.HANDLE_MIN_EGRESS} {
		filters, bad := netlink.FilterList(device, hook)
		err = errors.Join(err, bad)
		for _, f := range filters {
			names = append(names, fmt.Sprintf("filter %v", f))
		}
	}
	return names, err
}

// pinned names what is in places where eBPF objects and network namespaces are
// given names, so that they outlive a process.
func pinned() (names []string) {
	for _, dir := range []string{"/sys/fs/bpf", "/run/netns", "/var/run/netns"} {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			names = append(names, dir+"/"+e.Name())
		}
	}
	return names
}

// processesOf names the processes of a user, guards among them.
func processesOf(uid uint32) (names []string) {
	for _, id := range processes(func(_ []string, dir string) bool { return owner(dir) == uid }) {
		names = append(names, fmt.Sprintf("process %d", id))
	}
	return names
}

// guardsOf returns the ids of a user's guards. Other children of the program there
// may be: Go forks one to learn what the kernel can do (os.checkPidfd).
func guardsOf(uid uint32) []int {
	return processes(func(_ []string, dir string) bool {
		line, _ := os.ReadFile(dir + "/cmdline")
		return owner(dir) == uid && bytes.Contains(line, []byte("\x00guard-clsact\x00"))
	})
}

// owner returns the user of a process, by /proc/PID, or one who is nobody.
func owner(dir string) uint32 {
	info, err := os.Stat(dir)
	if err != nil {
		return math.MaxUint32
	}
	return info.Sys().(*syscall.Stat_t).Uid
}

// sweeping is how long the kernel, or a guard, may take to clean up on a machine that
// has much else to do. Alone it takes tens of milliseconds.
const sweeping = 10 * time.Second

// remains returns what a process of w has left behind once it has been cleaned
// up after it. before is what it had put into the kernel, if that is known.
func remains(t *testing.T, l *lab.Lab, w who, before kernelObjects, pins []string) (left []string) {
	t.Helper()
	for end := time.Now().Add(sweeping); ; time.Sleep(10 * time.Millisecond) {
		left = slices.Concat(processesOf(w.uid), hooked(t, l), before.left(), loadedBy(w.uid).left(), strange(pinned(), pins))
		slices.Sort(left)
		left = slices.Compact(left) // maps are shared
		if len(left) == 0 || time.Now().After(end) {
			return left
		}
	}
}

// strange returns what is in all but not in known.
func strange(all, known []string) (rest []string) {
	for _, name := range all {
		if !slices.Contains(known, name) {
			rest = append(rest, name)
		}
	}
	return rest
}

func checkNothingLeft(t *testing.T, what string, left []string) {
	t.Helper()
	if len(left) > 0 {
		t.Errorf("%s leaves %s", what, strings.Join(left, ", "))
	}
}
