package cli_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// How often each killer kills.
const (
	killsTCX    = 25
	killsClsact = 10
	killsLab    = 6
)

// SIGKILL at any moment leaves no program, map, link, filter, discipline, pin or
// process.
func TestKilled(t *testing.T) {
	needsTCX(t)
	eachKiller(t, []string{"--attach", "tcx", "-z", "0.01"}, func(k *killings) {
		for i := 0; i < killsTCX && !k.Failed(); i++ {
			checkNothingLeft(k.T, "SIGKILL", k.remains(k.kill().kernelObjects))
		}
	})
}

// With clsact filters a guard cleans up; if there was none yet, the next run does.
func TestKilledWithClsact(t *testing.T) {
	sum := eachKiller(t, []string{"--attach", "clsact", "-z", "0.01"}, func(k *killings) {
		for i := 0; i < killsClsact && !k.Failed(); i++ {
			if d := k.kill(); !d.guarded && len(hooked(k.T, k.lab)) > 0 {
				k.startNext(d.kernelObjects)
			} else {
				checkNothingLeft(k.T, fmt.Sprintf("SIGKILL (with a guard: %v)", d.guarded), k.remains(d.kernelObjects))
			}
		}
	})
	if sum.guarded == 0 {
		t.Error("there was no guard")
	}
}

// startNext runs a tracer to its end, after which nothing is left.
func (k *killings) startNext(had kernelObjects) {
	k.Helper()
	if got := k.who.command(k.flags...).startAt(k.T, k.lab).end(k.T); got.status != 0 || got.stderr != "" {
		k.Errorf("the next run: status %d\n%s", got.status, got.stderr)
	}
	checkNothingLeft(k.T, "the next run", k.remains(had))
}

// Where the guard is killed too, and first, filters and discipline stay until the
// next run.
func TestKilledWithGuard(t *testing.T) {
	k := newKillings(t, "--attach", "clsact")
	p := k.who.command(append(k.flags, "-z", "0.2")...).startAt(t, k.lab)
	await(t, "a guard", func() bool { return len(guardsOf(k.who.uid)) > 0 })
	had := loadedBy(k.who.uid)
	for _, guard := range guardsOf(k.who.uid) {
		unix.Kill(guard, unix.SIGKILL)
	}
	p.Process.Kill()
	p.end(t)
	left := strings.Join(hooked(t, k.lab), ", ")
	if strings.Count(left, "filter") < 2 || !strings.Contains(left, "qdisc clsact") {
		t.Errorf("what stays is %q, so this tests nothing", left)
	}
	k.startNext(had)
}

// SIGKILL of a lab, with a tracer in it, leaves no process, so no namespace, and no
// pin, mount or interface.
func TestKilledLab(t *testing.T) {
	outer := chain(t, 1) // its client is where the lab to be killed would leave interfaces
	known := append(pinned(), mounts(t)...)
	const mark = "EBPFTRACE_TEST_KILLED_LAB=1"
	marked := func(_ []string, dir string) bool {
		environment, _ := os.ReadFile(dir + "/environ")
		return strings.Contains(string(environment), mark)
	}
	for range killsLab {
		p := root.command("lab", "--routers", "2")
		p.Env = append(p.Env, mark)
		p.startAt(t, outer)
		time.Sleep(rand.N(400 * time.Millisecond))
		p.Process.Kill()
		p.end(t)
		await(t, "an end of all its processes", func() bool { return len(processes(marked)) == 0 })
		checkNothingLeft(t, "a killed lab", strange(append(pinned(), mounts(t)...), known))
		if n := len(links(t, outer)); n != 2 {
			t.Errorf("there are %d interfaces, want lo and eth0", n)
		}
	}
}

func mounts(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "\n")
}
