package cli_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
	"github.com/ebpftrace/ebpftrace/tracer/sim"
	"github.com/ebpftrace/ebpftrace/tracer/sim/simtest"
)

// passage is a way to probe a simulated network, which is behind a device of the lab.
type passage struct {
	*lab.Lab
	*sim.Scenario
	protocol, flags string
	ipv6            bool
}

// everyPassage runs a test for all protocols that the truth of a scenario holds for,
// over both families: all at once, for they wait for silence most of the time.
func everyPassage(t *testing.T, scenario string, test func(t *testing.T, p passage)) {
	t.Helper()
	s := simtest.Load(t, scenario)
	var all sync.WaitGroup
	for _, way := range ways {
		if !s.Truth.Holds(way.protocol) {
			continue
		}
		all.Go(func() {
			front, err := lab.Simulated(t.Context(), s, 1)
			if err != nil {
				t.Error(err)
				return
			}
			defer front.Close()
			test(t, passage{front.Lab, s, way.protocol, way.flags, strings.Contains(way.flags, "-6")})
		})
	}
	all.Wait()
}
