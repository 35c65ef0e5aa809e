package live

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer/rounds"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

func report(t *testing.T, r *Report) string {
	t.Helper()
	var w bytes.Buffer
	if err := r.Write(&w); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// The report has all columns but the history, every change, and what ended it.
func TestReport(t *testing.T) {
	r := &Report{Header: way("udp", 33434).Header, Record: &rounds.Record{}, Interval: time.Second}
	for n := range 10 {
		second := at{"192.0.2.2", 2 * time.Millisecond}
		if n >= 5 {
			second.from = "192.0.2.8"
		}
		r.Record.Add(round(n, at{"192.0.2.1", 500 * time.Microsecond}, second, at{"2001:db8::7", 3 * time.Millisecond}))
	}
	r.Record.Tally.Stray = 2
	got := report(t, r)
	for _, want := range []string{
		"ebpftrace to www.example.net (2001:db8::7), udp port 33434, timed by kernel (eBPF by tcx)\n",
		"from fe80::1 on eth0, 10 rounds, one every 1s; times in ms\n",
		"\n12:00:05 hop 2: 192.0.2.2 → 192.0.2.8\n",
		"\nreached in 3 hops, 9.00 s\n2 answers to no probe still kept\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	lines := strings.Split(got, "\n")
	if f := strings.Join(strings.Fields(lines[2]), " "); f != "# Host Loss Sent Last Best p50 p99 Worst Jitter" {
		t.Errorf("heading %q", f)
	}
	if f := strings.Join(strings.Fields(lines[3]), " "); f != "1 gw.example (192.0.2.1) 0.0% 10 0.50 0.50 0.50 0.50 0.50 0.00" {
		t.Errorf("hop 1: %q", f)
	}
	if strings.ContainsAny(got, "\x1b") {
		t.Error("an escape sequence came through")
	}
}

// What went wrong, and that there was nothing, is told.
func TestReportOfNothing(t *testing.T) {
	r := &Report{Header: way("tcp", 80).Header, Record: &rounds.Record{}, Interrupted: true, Err: errors.New("gone\x1b[2J")}
	if got := report(t, r); !strings.Contains(got, "not reached, 0 ns, interrupted: gone\uFFFD[2J\n") {
		t.Error(got)
	}
}

// Verdicts have a column where somebody says some, on the screen and in the report.
func TestVerdicts(t *testing.T) {
	m, _ := testModel(140, 24)
	usual(m, 1)
	if strings.Contains(text(m), "Verdict") {
		t.Error(text(m))
	}
	m.cfg.Verdicts = func(r *rounds.Record) map[int]Verdict {
		return map[int]Verdict{r.Hops()[3].TTL: {"limits its \x1banswers", "hop 4: it withholds\x1b answers"}}
	}
	usual(m, 20)
	if head := lineWith(t, m, "Verdict"); !strings.Contains(head, "History") {
		t.Errorf("%q", head)
	}
	if line := lineWith(t, m, "limits its \uFFFDanswers"); !strings.Contains(line, "50.0%") && !strings.Contains(line, "47.6%") {
		t.Errorf("%q", line)
	}
	press(m, "up", "up", "d")
	if got := text(m); !strings.Contains(got, "\nhop 4: it withholds\uFFFD answers") {
		t.Errorf("no reason in the detail:\n%s", got)
	}
	r := &Report{Header: m.header(), Record: m.record(), Verdicts: map[int]Verdict{5: {"loses packets", "hop 5 loses packets: 4 of 9"}}}
	if got := report(t, r); !strings.Contains(got, "loses packets\n") || !strings.Contains(got, "\nhop 5 loses packets: 4 of 9\n") {
		t.Error(got)
	}
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		typical, time time.Duration
		want          string
	}{
		{300 * time.Microsecond, 84_249, "84.2"}, {300 * time.Microsecond, 12_345_678, "12346"},
		{time.Millisecond, 84_249, "0.08"}, {time.Millisecond, 12_345_678, "12.35"}, {time.Second, 12_345_678_901, "12346"},
	} {
		if got := fit(tt.typical).text(tt.time); got != tt.want {
			t.Errorf("%v in a table of about %v: %s, want %s", tt.time, tt.typical, got, tt.want)
		}
	}
}

// Bars hold every sample once, in order, from the shortest to the longest.
func TestBins(t *testing.T) {
	var d stats.Distribution
	for i := range 1000 {
		d.Add(time.Duration(1+i*i) * time.Microsecond)
	}
	for n := 1; n <= 10; n++ {
		sum, before := int64(0), time.Duration(0)
		all := bins(&d, n)
		for _, b := range all {
			if sum += b.count; b.to <= before {
				t.Errorf("%d bars: %v after %v", n, b.to, before)
			}
			before = b.to
		}
		if len(all) != n || sum != 1000 || before != d.Max() {
			t.Errorf("%d bars: %d hold %d up to %v", n, len(all), sum, before)
		}
	}
	var same stats.Distribution
	same.Add(time.Millisecond)
	same.Add(time.Millisecond)
	if all := bins(&same, 8); len(all) != 1 || all[0].count != 2 {
		t.Errorf("of one time: %v", all)
	}
}
