package clsact

import (
	"errors"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/rlimit"
)

// What a program returns: go on with the next one (TC_ACT_UNSPEC), or let the
// packet pass (TC_ACT_OK), which ends the chain.
const (
	goOn     = -1
	endChain = 0
)

// counter is a program that counts the packets that it sees.
type counter struct {
	program *ebpf.Program
	seen    *ebpf.Map
}

func loadCounter(verdict int32) (c counter, err error) {
	if err := rlimit.RemoveMemlock(); err != nil {
		return c, err
	}
	if c.seen, err = ebpf.NewMap(&ebpf.MapSpec{Type: ebpf.Array, KeySize: 4, ValueSize: 8, MaxEntries: 1}); err != nil {
		return c, err
	}
	c.program, err = ebpf.NewProgram(&ebpf.ProgramSpec{Type: ebpf.SchedCLS, Instructions: asm.Instructions{
		asm.LoadMapValue(asm.R1, c.seen.FD(), 0),
		asm.Mov.Imm(asm.R2, 1),
		asm.StoreXAdd(asm.R1, asm.R2, asm.DWord),
		asm.Mov.Imm(asm.R0, verdict),
		asm.Return(),
	}})
	return c, err
}

func newCounter(t *testing.T, verdict int32) counter {
	t.Helper()
	c, err := loadCounter(verdict)
	must(t, err)
	t.Cleanup(func() { must(t, errors.Join(c.program.Close(), c.seen.Close())) })
	return c
}

// run is what a run attaches.
type run struct {
	*Attachment
	ingress, egress counter
}

// attach attaches counters to loopback. The caller closes the run.
func attach(t *testing.T) *run {
	t.Helper()
	r := &run{ingress: newCounter(t, goOn), egress: newCounter(t, goOn)}
	a, err := Attach(loopback, map[Hook]int{Ingress: r.ingress.program.FD(), Egress: r.egress.program.FD()})
	must(t, err)
	r.Attachment = a
	return r
}

// check has packets pass, and checks that the run sees them.
func (r *run) check(t *testing.T) {
	t.Helper()
	const packets = 3
	before := []uint64{r.ingress.count(t), r.egress.count(t)}
	pass(t, packets)
	for i, c := range []counter{r.ingress, r.egress} {
		if seen := c.count(t) - before[i]; seen != packets {
			t.Errorf("at %x a run saw %d packets of %d", uint32(hooks[i]), seen, packets)
		}
	}
}

func (c counter) count(t *testing.T) (n uint64) {
	t.Helper()
	must(t, c.seen.Lookup(uint32(0), &n))
	return n
}
