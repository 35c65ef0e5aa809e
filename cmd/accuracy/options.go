package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// options is what the command line asks for.
type options struct {
	ebpftrace           string
	conditions          []condition
	tools, timings      []string // none: all
	protocols, families []string
	must                []string // timings that the targets are for
	samples, peers      int
	markdown, json      bool
	check               bool
	keep                string // directory for evidence, or ""
}

// quickSamples is enough to see that everything works, and not to prove more.
const quickSamples = 100

// parseOptions reads the command line. It writes what is wrong, or the help,
// to errs, and fails then.
func parseOptions(args []string, errs io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	f.SetOutput(errs)
	f.StringVar(&o.ebpftrace, "ebpftrace", "", "the `program` to prove; built from this module if empty")
	conditions := f.String("conditions", "idle,quota,busy,delay", "conditions, in order")
	tools := f.String("tools", "", "tools: ebpftrace,"+strings.Join(toolNames(), ",")+" (all)")
	timings := f.String("timings", "", "choices of ebpftrace --timing (all it has but auto)")
	protocols := f.String("protocols", "udp,icmp,tcp", "protocols")
	families := f.String("families", "4,6", "IP versions")
	must := f.String("must", "kernel", "timings that -check holds to the targets")
	f.IntVar(&o.samples, "n", 1000, "round-trip times a row of ours")
	f.IntVar(&o.peers, "peers", 300, "round-trip times a row of other tools, which are slower; at most -n")
	quick := f.Bool("quick", false, fmt.Sprintf("%d round-trip times a row", quickSamples))
	f.BoolVar(&o.markdown, "markdown", false, "write tables in Markdown, with the machine they are from")
	f.BoolVar(&o.json, "json", false, "write one JSON document")
	f.BoolVar(&o.check, "check", false, "exit with status 1 unless our rows meet the targets")
	f.StringVar(&o.keep, "keep", "", "keep captures and outputs of each row in this `directory`")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		o.samples = quickSamples
	}
	o.peers = min(o.peers, o.samples)
	o.tools, o.timings, o.must = list(*tools), list(*timings), list(*must)
	o.protocols, o.families = list(*protocols), list(*families)
	err := errors.Join(o.choose(list(*conditions)), o.valid(f.Args()))
	if err != nil {
		fmt.Fprintln(errs, err)
	}
	return o, err
}

// choose sets the conditions of those names.
func (o *options) choose(names []string) error {
	for _, name := range names {
		i := slices.IndexFunc(conditions, func(c condition) bool { return c.name == name })
		if i < 0 {
			return fmt.Errorf("condition %q: there are idle, quota, busy and delay", name)
		}
		o.conditions = append(o.conditions, conditions[i])
	}
	return nil
}

func (o *options) valid(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("argument %q: there are only flags", rest[0])
	case o.markdown && o.json:
		return errors.New("-markdown and -json exclude each other")
	case o.samples < 1 || o.peers < 1:
		return errors.New("-n and -peers: give at least 1")
	}
	return errors.Join(subset("protocol", o.protocols, "udp", "icmp", "tcp"),
		subset("family", o.families, "4", "6"),
		subset("tool", o.tools, append(toolNames(), ourName)...))
}

// subset fails unless each value is allowed.
func subset(what string, values []string, allowed ...string) error {
	for _, v := range values {
		if !slices.Contains(allowed, v) {
			return fmt.Errorf("%s %q: choose from %s", what, v, strings.Join(allowed, ", "))
		}
	}
	return nil
}

// list splits at commas; nothing is no element.
func list(s string) []string {
	return slices.DeleteFunc(strings.Split(s, ","), func(e string) bool { return e == "" })
}

// ourName is the tool under proof on the command line, whatever its timing.
const ourName = "ebpftrace"

// toolNames are the names of the peers.
func toolNames() (names []string) {
	for _, t := range peers {
		names = append(names, t.name)
	}
	return names
}
