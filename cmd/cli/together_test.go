package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
)

// traced is what these tests look at of each of several documents.
type traced struct {
	Target  string `json:"target"`
	Reached bool   `json:"reached"`
	Stop    string `json:"stop_reason"`
	Counted struct {
		Unmatched, Foreign int
	} `json:"counters"`
	Hops []struct {
		Probes []probeDocument `json:"probes"`
	} `json:"hops"`
}

func (o outcome) documents(t *testing.T) (all []traced) {
	t.Helper()
	for d := json.NewDecoder(strings.NewReader(o.stdout)); d.More(); {
		var one traced
		if err := d.Decode(&one); err != nil {
			t.Fatalf("%v in\n%s%s", err, o.stdout, o.stderr)
		}
		all = append(all, one)
	}
	return all
}

// Several targets are traced in one call, each by the kernel's clock, and come out in
// the order they were named in. One that is not found, and one that is not reached,
// stop none of the others.
func TestTogether(t *testing.T) {
	l := chain(t, 3)
	file := t.TempDir() + "/hosts"
	text := "# the way there\nr1.lab\nr2.lab # once more: target.lab\ntarget.lab\n" + l.Nodes()[1].V6.String() + "\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	got := within(t, l, "ebpftrace", "--json", "-n", "-m", "3", "r3.lab", "nobody.invalid", "target.lab", "--targets", file)
	want := []struct {
		target string
		hops   int
		stop   string
	}{{"r3.lab", 3, "reached"}, {"target.lab", 3, "max_ttl"}, {"r1.lab", 1, "reached"}, {"r2.lab", 2, "reached"}, {l.Nodes()[1].V6.String(), 1, "reached"}}
	all := got.documents(t)
	if len(all) != len(want) || got.status != cli.ExitUsage {
		t.Fatalf("%d documents, status %d; want %d, %d\n%s", len(all), got.status, len(want), cli.ExitUsage, got.stderr)
	}
	foreign := 0
	for i, w := range want {
		foreign += all[i].Counted.Foreign
		if n := all[i].Counted.Unmatched; n > 0 {
			t.Errorf("%s: %d answers to what was never sent, though others sent it", w.target, n)
		}
		if d := all[i]; d.Target != w.target || len(d.Hops) != w.hops || d.Stop != w.stop {
			t.Errorf("%s stopped with %s after %d hops, want %v", d.Target, d.Stop, len(d.Hops), w)
		}
		for hop, h := range all[i].Hops {
			checkHop(t, h.Probes, address(l.Nodes()[hop+1], strings.Contains(w.target, ":")))
		}
	}
	if foreign == 0 {
		t.Error("no trace saw answers to another")
	}
	if said := lines(got.stderr); len(said) != 2 || !strings.Contains(said[0], "1 left out") || !strings.Contains(said[1], `unknown host "nobody.invalid"`) {
		t.Errorf("stderr %q, want what was named twice, and what was not found", got.stderr)
	}
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// All that is to be reached is reached: status 0, else 1.
func TestTogetherStatus(t *testing.T) {
	l := chain(t, 2)
	for args, want := range map[string]int{"r1.lab r2.lab": 0, "-m 2 r1.lab target.lab": 1, "--format csv r1.lab r2.lab": 0} {
		got := within(t, l, ebpftrace("-n "+args)...)
		if got.status != want || got.stderr != "" || strings.Contains(got.stdout, "never sent") {
			t.Errorf("%s: status %d, want %d, and no word of each other's answers\n%s%s", args, got.status, want, got.stdout, got.stderr)
		}
	}
}

// More targets than are traced to at a time: none is lost, and clocks are opened to
// the last with the privileges that takes.
func TestTogetherMany(t *testing.T) {
	l := chain(t, 1)
	var hosts []string
	for i := range 20 {
		hosts = append(hosts, fmt.Sprintf("127.0.0.%d", i+1))
	}
	for _, way := range []string{"--attach auto", "--attach clsact"} {
		for name, w := range map[string]who{"root": root, "nobody": {somebody(t).file, 65534, allNeeded}} {
			p := w.command(append(strings.Fields(way+" --json -n -q 1"), hosts...)...).startAt(t, l)
			got := p.end(t)
			all := got.documents(t)
			if got.status != 0 || got.stderr != "" || len(all) != len(hosts) {
				t.Fatalf("%s %s: status %d, %d documents\n%s", name, way, got.status, len(all), got.stderr)
			}
			for i, d := range all {
				if d.Target != hosts[i] || !d.Reached || d.Hops[0].Probes[0].Source == "user" {
					t.Errorf("%s %s: document %d is %+v", name, way, i, d)
				}
			}
		}
	}
}

// As long as all clocks can be open at a time, the privileges go before the first
// probe; and an interruption ends all traces, each with what it knows.
func TestTogetherPrivileges(t *testing.T) {
	front := silence(t)
	few := make([]string, 7) // and one that waiting adds
	for i := range few {
		few[i] = fmt.Sprintf("203.0.113.%d", 100+i)
	}
	p := waiting(t, front, root, append([]string{"--timing", "socket"}, few...)...)
	if wrong := excess(held(t, p.Process.Pid), "0", true); wrong != "" {
		t.Error(wrong)
	}
	p.signal(t, os.Interrupt)
	got := p.end(t)
	if n := strings.Count(got.stdout, "interrupted"); got.status != 1 || n != 8 || got.stderr != "" {
		t.Errorf("status %d, %d interrupted, stderr %q", got.status, n, got.stderr)
	}
}

// While there are more to open, the process has what opening takes and no more.
func TestTogetherPrivilegesOfOpening(t *testing.T) {
	front := silence(t)
	many := make([]string, 20)
	for i := range many {
		many[i] = fmt.Sprintf("203.0.113.%d", 100+i)
	}
	p := waiting(t, front, root, many...)
	var want uint64
	for _, c := range append(slices.Clone(allNeeded), unix.CAP_SYS_RESOURCE) {
		if has, err := cap.GetProc().GetFlag(cap.Effective, cap.Value(c)); err == nil && has { // root's, here
			want |= 1 << c
		}
	}
	for _, field := range []string{"CapPrm", "CapEff"} {
		if got := held(t, p.Process.Pid)[field]; len(got) != 1 || got[0] != fmt.Sprintf("%x", want) {
			t.Errorf("%s is %v, want %x in all threads", field, got, want)
		}
	}
	p.signal(t, os.Interrupt)
	if got := p.end(t); got.status != 1 || !strings.Contains(got.stderr, "targets were not traced to") {
		t.Errorf("status %d, stderr %q; want what was left out", got.status, got.stderr)
	}
}
