package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// Routers that do what kernels don't, over a device without MAC header: messages with
// short quotes, or that lie, or that nothing comes behind.
func TestMTUScenarios(t *testing.T) {
	needsRoot(t)
	for _, name := range []string{"mtu_short_quote", "mtu_old_router", "mtu_absurd", "mtu_silent_target", "mtu_hole_and_messages"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everyPassage(t, name, findScenarioMTU)
		})
	}
}

func findScenarioMTU(t *testing.T, s passage) {
	t.Helper()
	got := within(t, s.Lab, ebpftrace(s.flags, "--mtu", "--json", "-n", "target.lab")...)
	var d mtuDocument
	if err := json.Unmarshal([]byte(got.stdout), &d); err != nil {
		t.Errorf("%s: %v\n%s%s", s.flags, err, got.stdout, got.stderr)
		return
	}
	if d.Reached != s.Truth.Reached || len(d.Drops) != len(s.Truth.MTU) {
		t.Errorf("%s: reached %v, drops %+v, want %+v", s.flags, d.Reached, d.Drops, s.Truth.MTU)
		return
	}
	for i, want := range s.Truth.MTU {
		got := d.Drops[i]
		if got.After != want.Hop || got.MTU != want.MTU || got.Fails != want.MTU+1 || got.BlackHole == want.Message {
			t.Errorf("%s: drop %+v, want %+v", s.flags, got, want)
		}
		if want.Claim != "" && got.Claim != want.Claim {
			t.Errorf("%s: claim %s, want %s", s.flags, got.Claim, want.Claim)
		}
	}
	if strings.Contains(got.stderr, "\n") {
		t.Errorf("%s: %s", s.flags, got.stderr)
	}
}
