package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The whole proof, in small: under each condition every time of ours and of a
// peer's is matched with packets, brackets are what they must be, and a time by
// a clock in user space is above its bracket if it is outside. How many of ours
// are inside is for the program itself to prove, with more samples.
func TestProve(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to make network namespaces")
	}
	for _, program := range []string{"tcpdump", "traceroute"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	o, err := parseOptions(strings.Fields("-n 12 -tools ebpftrace,traceroute -timings kernel -protocols udp -families 4"), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	o.ebpftrace = os.Getenv("EBPFTRACE") // one that is built already, or ""
	var log strings.Builder
	r, err := prove(t.Context(), o, &log)
	if err != nil {
		t.Fatal(err)
	}
	if want := 4 * 2; len(r.Rows) != want {
		t.Fatalf("%d rows, want %d: %s", len(r.Rows), want, &log)
	}
	for _, row := range r.Rows {
		t.Run(strings.ReplaceAll(fmt.Sprint(row.Condition, row.Tool, row.Protocol, row.Family), " ", ""), func(t *testing.T) { checkRow(t, row) })
	}
}

func checkRow(t *testing.T, r row) {
	if r.Error != "" || r.Samples < 12 || r.Unmatched > 0 {
		t.Fatalf("%+v", r)
	}
	if r.Width <= 0 || r.Width > ms {
		t.Errorf("median width of the brackets %v", r.Width)
	}
	if !r.ours && r.Miss != nil && (r.Miss.P50 < 0 || r.Miss.Max < 0) {
		t.Errorf("user clocks below the bracket: %+v", r.Miss)
	}
	if r.Condition == "quota" && r.ours && r.Throttled == 0 {
		t.Error("the quota never made us wait")
	}
}

// Nothing stays of a quota.
func TestQuotaLeavesNothing(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to make control groups")
	}
	q, err := newQuota()
	if err != nil {
		t.Skip(err)
	}
	argv := q.wrap([]string{"cat", "/proc/self/cgroup"})
	out, err := exec.Command(argv[0], argv[1:]...).Output()
	if name := q.dir[strings.LastIndex(q.dir, "/"):]; err != nil || !strings.Contains(string(out), name) {
		t.Errorf("%v, the command was in:\n%s", err, out)
	}
	if _, err := q.throttled(); err != nil {
		t.Error(err)
	}
	q.close()
	if _, err := os.Stat(q.dir); !os.IsNotExist(err) {
		t.Errorf("the group is still there: %v", err)
	}
}
