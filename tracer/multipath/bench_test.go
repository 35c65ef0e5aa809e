package multipath

import (
	"testing"
	"time"
)

// BenchmarkGraph counts the probes that a whole graph takes, by MDA and MDA-Lite,
// beside what the theory of plain MDA says for the same graph, and how much this
// process computes for each. The networks have no delay, so nothing is waited for.
func BenchmarkGraph(b *testing.B) {
	for _, name := range []string{"diamond_2", "diamond_4", "diamond_16", "diamond_64", "diamond_nested", "diamond_meshed"} {
		b.Run(name+"/MDA", func(b *testing.B) { benchmarkGraph(b, name, true) })
		b.Run(name+"/MDA-Lite", func(b *testing.B) { benchmarkGraph(b, name, false) })
	}
}

func benchmarkGraph(b *testing.B, name string, full bool) {
	s := load(b, name)
	for i := range s.Nodes {
		s.Nodes[i].Delay.Duration = 0
	}
	var probes, theory, complete float64
	all, links := ways(), truth(s, 30)
	for seed := uint64(0); b.Loop(); seed++ {
		tr := trace(b, s, all[int(seed)%len(all)], seed, Config{Full: full, Pace: time.Nanosecond})
		probes += float64(tr.Spent)
		theory += tr.Theory
		if len(missed(links, tr.found(true))) == 0 {
			complete++
		}
	}
	b.ReportMetric(probes/float64(b.N), "probes/graph")
	b.ReportMetric(theory/float64(b.N), "theory/graph")
	b.ReportMetric(100*complete/float64(b.N), "%complete")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/probes, "ns/probe")
}
