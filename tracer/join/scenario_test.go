package join_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/sim"
)

// habits are what a random node may do to the quotes and answers that it sends.
var habits = []string{
	"",
	"duplicate = 2",
	`quote = "rfc792"`,
	`quote = "short"`,
	`quote = "wrong_ports"`,
	`quote = "wrong_ident"`,
	"answer_loss = 0.3",
	`late = "300ms"`,
	"spoof = { v4 = '198.18.66.6', v6 = '2001:db8:66::6' }",
	"mpls = [{ label = 16001, tc = 0, ttl = 1 }]",
	"nat = { v4 = '203.0.113.200', v6 = '2001:db8:200::1', restore = [] }",
	"nat = { v4 = '203.0.113.200', v6 = '2001:db8:200::1', restore = ['addresses', 'ports'] }",
	"nat = { v4 = '203.0.113.200', v6 = '2001:db8:200::1', restore = ['ports'] }",
}

// services are what a target may answer.
var services = []string{
	`udp = "reply"`, `udp = "echo"`, `udp = "port_unreachable"`, `tcp = "synack"`, `tcp = "reset"`,
}

// randomScenario is a chain of five nodes that behave each in a way of its own.
func randomScenario(t *testing.T, seed uint64) *sim.Scenario {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 2))
	var b strings.Builder
	b.WriteString("entry = 'n1'\ntarget = 'n5'\n")
	for i := 1; i <= 5; i++ {
		fmt.Fprintf(&b, "[[node]]\nname = 'n%d'\nv4 = '198.18.%d.1'\nv6 = '2001:db8:%d::1'\n", i, i, i)
		fmt.Fprintf(&b, "delay = '%dms'\njitter = '1ms'\n%s\n", i, habits[random.IntN(len(habits))])
		if i < 5 {
			fmt.Fprintf(&b, "next = ['n%d']\n", i+1)
		} else {
			b.WriteString(services[random.IntN(len(services))] + "\n")
		}
	}
	s, err := sim.Parse([]byte(b.String()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return s
}
