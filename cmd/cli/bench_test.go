package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// leaveAfter is how long the next program's turn waits for the one before. What
// takes longer sleeps nearly all the time: it goes on beside the others and
// takes no CPU from them, and comparing takes no longer than it has to.
const leaveAfter = 250 * time.Millisecond

// contender is a program to compare.
type contender struct {
	name string
	argv []string // without the target
}

// contenders returns this program and the peers that are installed. They get
// the same settings: UDP, 3 probes a hop, at most 30 hops, no names. All else
// is as each has it by default:
//
//	ebpftrace   32 in flight, one a millisecond, waits a second at most here,
//	            ends after 8 silent hops
//	traceroute  16 in flight, waits 3 times the hop's RTT, 10 times the next
//	            hop's, 5 seconds where both are unknown
//	mtr         a round a second, waits 5 seconds after the last
func contenders(b *testing.B) []contender {
	all := []contender{{"ebpftrace", []string{buildProgram(b), "-n", "-q", "3", "-m", "30"}}}
	for _, peer := range []contender{
		{"traceroute", []string{"traceroute", "-n", "-q", "3", "-m", "30"}},
		{"mtr", []string{"mtr", "-n", "-u", "-r", "-c", "3", "-m", "30"}},
	} {
		if _, err := exec.LookPath(peer.name); err != nil {
			b.Logf("not compared with %s, which is not installed", peer.name)
			continue
		}
		all = append(all, peer)
	}
	return all
}

// buildProgram builds the program as users have it: the test binary, which also
// acts as it, is larger and would be measured with all that is in it.
func buildProgram(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "ebpftrace")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "../ebpftrace")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// BenchmarkTrace takes wall time, CPU time and memory of whole traces, process
// start included, beside the peers', in turns. It reports medians, and how many
// times those of each peer ours are.
func BenchmarkTrace(b *testing.B) {
	needsRoot(b)
	adoptOrphans(b)
	programs := contenders(b)
	for _, path := range benchPaths {
		b.Run(path.name, func(b *testing.B) {
			l, err := path.start(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			got := make([]usages, len(programs))
			var running sync.WaitGroup
			for b.Loop() {
				for i, p := range programs {
					turn(&running, func() { got[i].add(b, l, p.argv) })
				}
			}
			running.Wait()
			compare(b, programs, got)
		})
	}
}

// turn runs f and waits for it, but no longer than leaveAfter.
func turn(running *sync.WaitGroup, f func()) {
	done := make(chan struct{})
	running.Go(func() {
		defer close(done)
		f()
	})
	select {
	case <-done:
	case <-time.After(leaveAfter):
	}
}

func compare(b *testing.B, programs []contender, got []usages) {
	ours := got[0].median()
	for i, p := range programs {
		u := got[i].median()
		b.ReportMetric(u.wall.Seconds()*1e3, p.name+"-ms")
		b.ReportMetric(u.cpu.Seconds()*1e3, p.name+"-cpu-ms")
		b.ReportMetric(float64(u.memory)/(1<<20), p.name+"-MiB")
		if i > 0 {
			b.ReportMetric(float64(ours.wall)/float64(u.wall), "x-"+p.name+"-time")
			b.ReportMetric(float64(ours.cpu)/float64(u.cpu), "x-"+p.name+"-cpu")
			b.ReportMetric(float64(ours.memory)/float64(u.memory), "x-"+p.name+"-memory")
		}
	}
	b.ReportMetric(0, "ns/op") // that of all programs together says nothing
}
