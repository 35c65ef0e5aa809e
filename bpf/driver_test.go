package bpf

import (
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// attachDriver attaches the driver's program to k's maps, for packets of the
// socket with that cookie.
func attachDriver(tb testing.TB, k *kernel, cookie uint64) *ebpf.Program {
	tb.Helper()
	spec, err := LoadDriver()
	must(tb, err)
	var specs DriverSpecs
	must(tb, spec.Assign(&specs))
	specs.Probes.MaxEntries, specs.Armed.MaxEntries = testSlots, testSlots
	must(tb, specs.Cfg.Set(KernelConfig{Cookie: cookie, SlotMask: testSlots - 1}))
	var driver DriverPrograms
	must(tb, spec.LoadAndAssign(&driver, &ebpf.CollectionOptions{MapReplacements: map[string]*ebpf.Map{
		DriverMapProbes: k.Probes, DriverMapArmed: k.Armed, DriverMapCounters: k.Counters,
	}}))
	tb.Cleanup(func() { driver.Close() })
	attachTracing(tb, driver.StampDriver)
	return driver.StampDriver
}

func attachTracing(tb testing.TB, prog *ebpf.Program) {
	tb.Helper()
	l, err := link.AttachTracing(link.TracingOptions{Program: prog})
	must(tb, err)
	tb.Cleanup(func() { l.Close() })
}

func (k *kernel) slot(tb testing.TB) (p KernelProbe) {
	tb.Helper()
	must(tb, k.Probes.Lookup(uint32(testIdent%testSlots), &p))
	return p
}

// Real packets leave here; that they passed egress, and what they were, is told
// to the maps beforehand.
func TestDriverStamp(t *testing.T) {
	o := newOutlet(t)
	udp := ipv4.probe(protoUDP, shape{ident: testIdent})
	optioned := ipv4.probe(protoUDP, shape{ident: testIdent, options: 8})
	for _, tt := range []struct {
		name         string
		sent, leaves []byte // past egress, and past the driver
		cookie       uint64
		change       func(*kernel)
		stamped      bool
		dropped      uint64
	}{
		{"udp", udp, udp, o.cookie, nil, true, 0},
		{"options", optioned, optioned, o.cookie, nil, true, 0},
		{"another socket's", udp, udp, o.cookie + 1, nil, false, 0},
		{"another probe in the slot", ipv4.probe(protoUDP, shape{ident: testIdent + testSlots}), udp, o.cookie, nil, false, 0},
		{"another protocol", udp, with(udp, 9), o.cookie, nil, false, 0},
		{"another length", udp, with(udp, 25), o.cookie, nil, false, 0},
		{"answered", udp, udp, o.cookie, func(k *kernel) { k.receive(t, ipv4.errorAbout(11, shape{}, udp)) }, false, 0},
		{"stamped later at egress", udp, udp, o.cookie, func(k *kernel) { k.shiftEgress(t, time.Hour) }, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := loadKernel(t, protoUDP)
			attachDriver(t, k, tt.cookie)
			k.send(t, tt.sent)
			if tt.change != nil {
				tt.change(k)
			}
			o.transmit(t, tt.leaves)
			got := k.slot(t)
			if (got.DriverNs != 0) != tt.stamped || tt.stamped && got.DriverNs < got.EgressNs {
				t.Errorf("slot holds %+v", got)
			}
			if n := k.counted(t)[KernelCounterCOUNTER_IMPOSSIBLE]; n != tt.dropped {
				t.Errorf("%d stamps dropped, want %d", n, tt.dropped)
			}
		})
	}
}

func (k *kernel) shiftEgress(tb testing.TB, by time.Duration) {
	tb.Helper()
	slot := k.slot(tb)
	slot.EgressNs += uint64(by)
	must(tb, k.Probes.Put(uint32(testIdent%testSlots), &slot))
}

// Stacked devices hand the same packet over once each.
func TestLastHandoffCountsUntilAnswered(t *testing.T) {
	o := newOutlet(t)
	k := loadKernel(t, protoUDP)
	attachDriver(t, k, o.cookie)
	probe := ipv4.probe(protoUDP, shape{ident: testIdent})
	k.send(t, probe)
	o.transmit(t, probe)
	first := k.slot(t).DriverNs
	o.transmit(t, probe)
	last := k.slot(t).DriverNs
	if first == 0 || last <= first {
		t.Errorf("stamped at %d, then at %d", first, last)
	}
	for _, flags := range []KernelAnswerFlag{0, KernelAnswerFlagANSWER_DUPLICATE} {
		e := k.receive(t, ipv4.errorAbout(11, shape{}, probe))
		if e == nil || e.DriverNs != last || KernelAnswerFlag(e.Flags) != flags {
			t.Errorf("event is %+v, want the stamp %d", e, last)
		}
		o.transmit(t, probe)
	}
	k.send(t, probe)
	if got := k.slot(t).DriverNs; got != 0 {
		t.Errorf("a new probe in the slot has the stamp %d of the old", got)
	}
}

// A tag in the packet moves nothing that the program looks at.
func TestDriverStampBehindVLANTag(t *testing.T) {
	o := newOutlet(t)
	o.tag(t)
	k := loadKernel(t, protoUDP)
	attachDriver(t, k, o.cookie)
	probe := ipv4.probe(protoUDP, shape{ident: testIdent})
	for _, change := range []func(testing.TB){func(testing.TB) {}, o.writeTags} {
		change(t)
		k.send(t, probe)
		o.transmit(t, probe)
		if got := k.slot(t); got.DriverNs == 0 {
			t.Errorf("slot holds %+v", got)
		}
	}
}
