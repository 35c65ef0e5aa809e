package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// multipathOptions is what the command line says of the search for all paths.
type multipathOptions struct {
	on           bool
	confidence   float64 // 0: the default
	full         bool
	destinations int
	maxProbes    int
	dot          string // file, "-" for standard output
}

func (m *multipathOptions) flags(f *pflag.FlagSet) {
	f.BoolVar(&m.on, "multipath", false, "find all paths that flows can take (MDA-Lite)")
	f.Var(confidenceFlag{&m.confidence}, "confidence", "multipath: probability of finding all, in per cent or\nbelow 1 (95)")
	f.BoolVar(&m.full, "mda", false, "multipath: MDA everywhere, which takes nothing for\ngranted and needs more probes")
	f.Var(bounded{&m.destinations, 1, 253}, "destinations", "multipath: trace to so many neighbours of the target too,\nto see balancing per destination")
	f.Var(bounded{&m.maxProbes, 1, 60_000}, "max-probes", "multipath: most probes sent (20000)")
	f.Var(fileFlag{&m.dot}, "dot", "multipath: draw the graph for Graphviz, to a file as in\n--dot=FILE, or in place of the text")
	f.Lookup("dot").NoOptDefVal = standardOutput
}

const standardOutput = "-"

// checkMultipath finds what contradicts itself.
func (o *options) checkMultipath() error {
	m := o.multipath
	switch w := o.config.Wait; {
	case !m.on:
		return m.alone()
	case o.config.Queries != 0:
		return usage("-q %d: --multipath sends what its confidence takes; leave -q out, or use --confidence or --max-probes", o.config.Queries)
	case w.Here != 0 || w.Near != 0:
		return usage("-w: --multipath takes the longest wait alone, as in -w 2")
	case o.stamps:
		return usage("--stamps: --multipath shows no single probes; leave one of the two out")
	case o.boxes.diff || o.boxes.back:
		return usage("--diff and --back: --multipath shows no single answers; repeat a flow with them (--flow)")
	case o.loss:
		return usage("--loss: --multipath asks for no more than which ways there are; repeat a flow with it (--flow)")
	case o.json && m.dot == standardOutput:
		return usage("--json and --dot exclude each other: choose one, or write the graph to a file with --dot=FILE")
	case o.repeat.given:
		return usage("--flow %d repeats one flow, --multipath varies them: leave one of the two out", o.repeat.number)
	}
	return nil
}

// alone refuses what means nothing without --multipath.
func (m multipathOptions) alone() error {
	for _, f := range []struct {
		given bool
		name  string
	}{
		{m.confidence != 0, "--confidence"},
		{m.full, "--mda"},
		{m.destinations != 0, "--destinations"},
		{m.maxProbes != 0, "--max-probes"},
		{m.dot != "", "--dot"},
	} {
		if f.given {
			return usage("%s is about --multipath: give that too, or leave it out", f.name)
		}
	}
	return nil
}

// search returns what to run with the plan's flow.
func (o *options) search(p *plan) multipath.Config {
	return multipath.Config{
		Flow: p.config.Flow, Protocol: p.config.Protocol,
		Confidence: o.multipath.confidence, Full: o.multipath.full,
		Destinations: o.multipath.destinations, MaxProbes: o.multipath.maxProbes,
		FirstTTL: o.config.FirstTTL, MaxTTL: o.config.MaxTTL, GapLimit: o.config.GapLimit,
		Window: o.config.Window, Pace: o.config.Pace, Wait: o.config.Wait.Max,
	}.WithDefaults()
}

// again is the command line that repeats a flow of the family that the plan's begins,
// but for its number. What it leaves out is what no balancer looks at.
func (o *options) again(p *plan) []string {
	f := p.config.Flow
	words := []string{"ebpftrace"}
	for _, w := range []struct {
		given bool
		word  string
	}{
		{f.IPv6(), "-6"}, {o.icmp, "-I"}, {o.tcp, "-T"}, {o.udp, "-U"},
		{o.port != 0, fmt.Sprintf("-p %d", o.port)},
		{o.interfaceTo != "", "-i " + o.interfaceTo},
		{o.source != "", "-s " + o.source},
		{f.TrafficClass != 0, fmt.Sprintf("-t %d", f.TrafficClass)},
		{true, fmt.Sprintf("--sport %d", f.SourcePort)},
		{f.IPv6(), fmt.Sprintf("--flow-label %#x", f.FlowLabel)},
	} {
		if w.given {
			words = append(words, w.word)
		}
	}
	return append(words, p.target.String())
}

// fileFlag takes the name of a file.
type fileFlag struct{ name *string }

func (f fileFlag) String() string { return "" }
func (f fileFlag) Type() string   { return "FILE" }

func (f fileFlag) Set(s string) error {
	if s == "" {
		return fmt.Errorf("give a file's name, as in --dot=paths.dot")
	}
	*f.name = s
	return nil
}

// confidenceFlag takes a probability, in per cent or as a number below 1.
type confidenceFlag struct{ p *float64 }

func (c confidenceFlag) String() string { return "" }
func (c confidenceFlag) Type() string   { return "P" }

func (c confidenceFlag) Set(s string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil || !(n > 0 && n < 100) || n == 1 || math.IsNaN(n) {
		return fmt.Errorf("give per cent above 1 and below 100, as 95, or a probability below 1, as 0.95")
	}
	if n > 1 || strings.HasSuffix(s, "%") {
		n /= 100
	}
	*c.p = n
	return nil
}
