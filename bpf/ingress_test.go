package bpf

import (
	"bytes"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"
)

// what becomes of an answer: an event with these flags, or a counter alone.
type outcome struct {
	flags   KernelAnswerFlag
	counter KernelCounter // COUNTER_ANSWERS: an event; COUNTERS: not even counted
}

var (
	matched      = outcome{0, KernelCounterCOUNTER_ANSWERS}
	duplicate    = outcome{KernelAnswerFlagANSWER_DUPLICATE, KernelCounterCOUNTER_ANSWERS}
	rewritten    = outcome{KernelAnswerFlagANSWER_REWRITTEN, KernelCounterCOUNTER_ANSWERS}
	unidentified = outcome{KernelAnswerFlagANSWER_UNIDENTIFIED, KernelCounterCOUNTER_ANSWERS}
	unmatched    = outcome{counter: KernelCounterCOUNTER_UNMATCHED}
	foreign      = outcome{counter: KernelCounterCOUNTER_FOREIGN}
	malformed    = outcome{counter: KernelCounterCOUNTER_MALFORMED}
	ignored      = outcome{counter: KernelCounterCOUNTERS}
)

// check lets the answer in and compares what comes of it.
func (k *kernel) check(t *testing.T, answer []byte, want outcome) {
	t.Helper()
	before := k.counted(t)
	event := k.receive(t, answer)
	after := k.counted(t)
	if want.counter != KernelCounterCOUNTERS {
		before[want.counter]++
	}
	if want.flags&KernelAnswerFlagANSWER_DUPLICATE != 0 {
		before[KernelCounterCOUNTER_DUPLICATES]++
	}
	if before != after {
		t.Errorf("counters are %v, want %v", after, before)
	}
	if (event != nil) != (want.counter == KernelCounterCOUNTER_ANSWERS) {
		t.Fatalf("got event %+v", event)
	}
	if event != nil {
		checkEvent(t, event, answer, want)
	}
}

func checkEvent(t *testing.T, e *KernelEvent, answer []byte, want outcome) {
	t.Helper()
	snapshot := answer[:min(len(answer), 1280)]
	if KernelAnswerFlag(e.Flags) != want.flags {
		t.Errorf("flags are %#x, want %#x", e.Flags, want.flags)
	}
	if e.Ident != testIdent || e.Ifindex == 0 {
		t.Errorf("identifier %#x, interface %d", e.Ident, e.Ifindex)
	}
	if e.EgressNs == 0 || e.IngressNs <= e.EgressNs {
		t.Errorf("left at %d, answered at %d", e.EgressNs, e.IngressNs)
	}
	if int(e.PacketLen) != len(answer) || !bytes.Equal(e.Snapshot(), snapshot) {
		t.Errorf("%d bytes %x, want %d bytes %x", e.PacketLen, e.Snapshot(), len(answer), snapshot)
	}
}

// sent returns programs that have seen one probe leave, and the probe.
func sent(t *testing.T, f family, protocol uint8, s shape) (*kernel, []byte) {
	t.Helper()
	k := loadKernel(t, protocol)
	probe := f.probe(protocol, s)
	k.send(t, probe)
	return k, probe
}

func TestShorterThanItClaims(t *testing.T) {
	k, probe := sent(t, ipv4, protoUDP, shape{ident: testIdent})
	answer := ipv4.errorAbout(11, shape{}, append(probe, 1, 2, 3))
	k.check(t, answer[:len(answer)-1], malformed)
	k.check(t, answer, matched)
}

func TestFullRingOverflows(t *testing.T) {
	page := uint32(4096)
	k := loadKernel(t, protoUDP, func(s *KernelSpecs) { s.Events.MaxEntries = page })
	probe := ipv4.probe(protoUDP, shape{ident: testIdent})
	k.send(t, probe)
	answer := ipv4.errorAbout(11, shape{}, append(probe, make([]byte, 1300)...))
	for range 4 { // three events of 1312 bytes fit into the page
		k.run(t, k.StampAnswer, ethernet(answer))
	}
	c := k.counted(t)
	if c[KernelCounterCOUNTER_OVERFLOW] == 0 || c[KernelCounterCOUNTER_OVERFLOW]+c[KernelCounterCOUNTER_ANSWERS] != 4 {
		t.Errorf("counters are %v", c)
	}
}

// Waking a reader takes longer than all the rest, and would delay the next stamp.
func TestEventWakesNobody(t *testing.T) {
	k, probe := sent(t, ipv4, protoUDP, shape{ident: testIdent})
	const patience = 300 * time.Millisecond
	start := time.Now()
	k.ring.SetDeadline(start.Add(patience))
	woken := make(chan time.Duration)
	go func() {
		k.ring.Read()
		woken <- time.Since(start)
	}()
	time.Sleep(patience / 3)
	k.run(t, k.StampAnswer, ethernet(ipv4.errorAbout(11, shape{}, probe)))
	if took := <-woken; took < patience*9/10 {
		t.Errorf("the reader was woken after %v", took)
	}
}

func TestForeignPacketIsIgnored(t *testing.T) {
	fragment := ipv4.errorAbout(11, shape{}, ipv4.probe(protoUDP, shape{ident: testIdent}))
	fragment[7] = 1
	k, probe := sent(t, ipv4, protoUDP, shape{ident: testIdent})
	for _, tt := range []struct {
		name   string
		packet []byte
	}{
		{"echo request", ipv4.reply(1, icmp(8, testPort, testIdent))},
		{"echo reply, and we don't ping", ipv4.reply(1, icmp(0, testPort, testIdent))},
		{"redirect", ipv4.errorAbout(5, shape{}, probe)},
		{"source quench", ipv4.errorAbout(4, shape{}, probe)},
		{"neighbour solicitation", ipv6.reply(58, icmp(135, 0, 0, make([]byte, 16)...))},
		{"ICMPv6 over IPv4", ipv4.reply(58, icmp(3, 0, 0, probe...))},
		{"TCP to our port", ipv4.reply(protoTCP, tcp(layers.TCP{SrcPort: targetPort, DstPort: testPort, SYN: true, ACK: true}))},
		{"UDP to another port", ipv4.reply(protoUDP, udp(targetPort, testPort+1, 0, []byte{0x12, 0x34}))},
		{"SCTP", ipv4.reply(132, make([]byte, 32))},
		{"later fragment", fragment},
		{"cut in the transport header", fragment[:27]},
	} {
		t.Run(tt.name, func(t *testing.T) { k.check(t, tt.packet, ignored) })
	}
	before := k.counted(t)
	k.run(t, k.StampAnswer, frame(layers.EthernetTypeARP, make([]byte, 46)))
	if after := k.counted(t); after != before {
		t.Errorf("after an ARP packet, counters are %v, before %v", after, before)
	}
}
