package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
)

// benchDocument is the part of the JSON output that these tests look at.
type benchDocument struct {
	Schema      string         `json:"schema"`
	Rounds      int            `json:"rounds"`
	Load        string         `json:"load"`
	Interrupted bool           `json:"interrupted"`
	Counters    map[string]int `json:"counters"`
	Hops        []struct {
		Probes     map[string]int `json:"probes"`
		Responders []struct {
			From    string        `json:"from"`
			Sources []benchSource `json:"sources"`
		} `json:"responders"`
	} `json:"hops"`
	Total struct {
		Sources  []benchSource `json:"sources"`
		Division struct {
			Spans []struct {
				Part string `json:"part"`
			} `json:"spans"`
		} `json:"division"`
	} `json:"total"`
}

type benchSource struct {
	Source string `json:"source"`
	RTT    struct {
		N   int   `json:"n"`
		P50 int64 `json:"p50_ns"`
		Max int64 `json:"max_ns"`
	} `json:"rtt"`
}

func (o outcome) bench(t *testing.T) (d benchDocument) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil || d.Schema != "ebpftrace.bench/1" {
		t.Fatalf("no bench document: %v\n%s\n%s", err, o.stdout, o.stderr)
	}
	return d
}

// bySource returns the sources by name.
func bySource(all []benchSource) map[string]benchSource {
	m := map[string]benchSource{}
	for _, s := range all {
		m[s.Source] = s
	}
	return m
}

// ordered fails unless each source that is further from the wire says more.
func ordered(t *testing.T, what string, all []benchSource, n int) {
	t.Helper()
	m, last := bySource(all), int64(1)
	for _, name := range []string{"kernel", "tcx", "user"} {
		s := m[name]
		if s.RTT.N < n*9/10 || s.RTT.N > n || s.RTT.P50 < last {
			t.Errorf("%s: %s says %d ns at the median of %d, want at least %d ns and %d", what, name, s.RTT.P50, s.RTT.N, last, n)
		}
		last = s.RTT.P50
	}
}

// The same probes are timed by every source, and the nearer to the wire one is,
// the less it says.
func TestBench(t *testing.T) {
	l := chain(t, 2)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			args := ebpftrace("bench "+way.flags, "--count", "50", "--interval", "5ms", "--json", "target.lab")
			got := within(t, l, args...)
			d := got.bench(t)
			if got.status != 0 || d.Rounds != 50 || len(d.Hops) != 3 || got.stderr != "" {
				t.Fatalf("status %d, %d rounds, %d hops\n%s", got.status, d.Rounds, len(d.Hops), got.stderr)
			}
			for i, hop := range d.Hops {
				from := address(l.Nodes()[i+1], strings.Contains(way.flags, "-6")).String()
				if len(hop.Responders) != 1 || hop.Responders[0].From != from {
					t.Fatalf("hop %d: %+v, want %s alone", i+1, hop.Responders, from)
				}
				ordered(t, from, hop.Responders[0].Sources, 50)
			}
			ordered(t, "all hops", d.Total.Sources, 150)
			if len(d.Total.Sources) != 6 || len(d.Total.Division.Spans) != 5 {
				t.Errorf("%d sources, %d parts; want 6 and 5", len(d.Total.Sources), len(d.Total.Division.Spans))
			}
		})
	}
}

// Text for people, and a page besides.
func TestBenchReport(t *testing.T) {
	page := filepath.Join(t.TempDir(), "out.html")
	if err := os.WriteFile(page, bytes.Repeat([]byte("old "), 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	got := within(t, chain(t, 1), "ebpftrace", "bench", "-c", "20", "--interval", "5ms", "--report", page, "target.lab")
	text, err := os.ReadFile(page)
	if got.status != 0 || err != nil {
		t.Fatalf("status %d, %v\n%s", got.status, err, got.stderr)
	}
	for _, want := range []string{"bench of target.lab (198.18.2.2)", " 1  r1.lab (198.18.1.2)  20 sent", "kernel", "tcx", "user", "where the time goes", "20 of 20 rounds"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("no %q in\n%s", want, got.stdout)
		}
	}
	for _, want := range []string{"target.lab (198.18.2.2)", "r1.lab", "<svg", "</html>\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if bytes.Contains(text, []byte("old ")) || !bytes.HasSuffix(text, []byte("</html>\n")) {
		t.Error("something of the old page is left")
	}
}

// With 3 % of a CPU for itself, the process waits its turn; the kernel doesn't.
func TestBenchUnderQuota(t *testing.T) {
	got := within(t, chain(t, 1), ebpftrace("bench -n -c 100 --interval 1ms --load quota=3% --json", "target.lab")...)
	if got.status == 3 {
		t.Skipf("needs control groups: %s", got.stderr)
	}
	d := got.bench(t)
	m := bySource(d.Total.Sources)
	if d.Load != "quota=3%" || m["user"].RTT.Max < 20e6 || m["kernel"].RTT.Max > m["user"].RTT.Max/4 {
		t.Errorf("load %q: user up to %d ns, kernel up to %d", d.Load, m["user"].RTT.Max, m["kernel"].RTT.Max)
	}
	if left, _ := filepath.Glob("/sys/fs/cgroup/*/ebpftrace-bench-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Interrupted, it shows what there is.
func TestBenchInterrupted(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got := within(t, chain(t, 1), "timeout", "--preserve-status", "-s", "INT", "2",
		self, "bench", "-n", "-c", "100000", "--interval", "50ms", "--json", "target.lab")
	if d := got.bench(t); got.status != 1 || !d.Interrupted || d.Rounds == 0 || len(d.Hops) != 2 {
		t.Errorf("status %d, interrupted %v, %d rounds, %d hops\n%s", got.status, d.Interrupted, d.Rounds, len(d.Hops), got.stderr)
	}
}

func TestBenchBadUsage(t *testing.T) {
	for args, want := range map[string]string{
		"bench":                              "no host",
		"bench -c 0 127.0.0.1":               "from 1 to",
		"bench --interval 0s 127.0.0.1":      "above 0",
		"bench --interval -1s 127.0.0.1":     "above 0",
		"bench --load lots 127.0.0.1":        "busy[=N]",
		"bench --report /no/dir/x 127.0.0.1": "no such file",
		"bench --timing user 127.0.0.1":      "unknown flag",
		"bench -q 5 127.0.0.1":               "unknown shorthand",
		"bench -4 -6 127.0.0.1":              "exclude each other",
	} {
		var stdout, stderr bytes.Buffer
		status := cli.Main(strings.Fields(args), &stdout, &stderr)
		if line := stderr.String(); status != cli.ExitUsage || stdout.Len() > 0 || !strings.Contains(line, want) || strings.Count(line, "\n") != 1 {
			t.Errorf("%s: status %d, %q; want one line with %q", args, status, line, want)
		}
	}
}
