package probe

import (
	"math/rand/v2"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// DrawFlowLabel returns a random flow label other than 0. It is to be drawn anew for
// each run, as is the secret, so that nobody off the path can guess them.
func DrawFlowLabel() uint32 { return 1 + rand.Uint32N(wire.MaxFlowLabel) }

// DrawSecret returns a random secret for a flow; see Flow.Secret.
func DrawSecret() uint16 { return uint16(1 + rand.N(0xfffd)) }
