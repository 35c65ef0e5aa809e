package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// checkSimulated finds what contradicts a simulated network, or means nothing without,
// and a scenario that there is not.
func (o *labOptions) checkSimulated() error {
	switch {
	case o.scenario == "" && o.seed != 0:
		return usage("--seed %d is of a simulated network: add --scenario, or leave it out", o.seed)
	case o.scenario != "" && o.routers != 0:
		return usage("--routers %d: a scenario has its own; leave out one of --routers and --scenario", o.routers)
	case o.scenario == "" || strings.Contains(o.scenario, "/") || strings.HasSuffix(o.scenario, ".toml"):
		return nil // a file says itself what is wrong with it
	case slices.Contains(allScenarios(), o.scenario):
		return nil
	}
	if _, err := os.Stat(o.scenario); err == nil {
		return nil
	}
	advice := ""
	if meant := similar(o.scenario, allScenarios()); meant != "" {
		advice = fmt.Sprintf("did you mean %s? ", meant)
	}
	return usage("no scenario %q: %s`ebpftrace lab --list` lists those that come along; a TOML file's path does as well", o.scenario, advice)
}

// allScenarios names those of all kinds.
func allScenarios() []string {
	return slices.Concat(sim.Names(), sim.LossNames(), sim.MTUNames(), sim.MultipathNames())
}

func listScenarios(w io.Writer) error {
	for _, name := range allScenarios() {
		s, err := sim.Load(name)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%-23s %s\n", name, strings.TrimSpace(s.Description)); err != nil {
			return asFailure(err)
		}
	}
	return nil
}

func showScenario(w io.Writer, name string) error {
	text, err := sim.Source(name)
	if err != nil {
		return asUsage(err)
	}
	if _, err := w.Write(text); err != nil {
		return asFailure(err)
	}
	return nil
}
