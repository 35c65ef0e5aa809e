package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"
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
