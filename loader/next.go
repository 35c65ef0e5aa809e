package loader

import (
	"errors"
	"os"
	"time"

	"github.com/ebpftrace/ebpftrace/bpf"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/stamp"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// An answer wakes nobody, since in the kernel that costs some 6 us, which would
// fall upon the next answer's stamp. So the ring has to be looked at. How soon
// moves no timestamp, only how soon a result is seen: from every millisecond
// while answers come, to every five when none has for a while. Measured on a
// virtual machine, that idles at 3 per cent of a CPU.
const (
	pollBusy = time.Millisecond
	pollIdle = 5 * time.Millisecond
)

// errEmpty says that the ring holds no answer now.
var errEmpty = errors.New("no answer is waiting")

// errBroken says that an answer was changed on its way: the programs come before
// the stack, which would have dropped it.
var errBroken = errors.New("checksum is wrong")

// Next implements [tracer.Source]. The error is os.ErrClosed after Close. That the
// interface was removed it does not notice; see socket.Watch.
func (s *Session) Next(deadline time.Time) (tracer.Answer, error) {
	for pause := pollBusy; ; pause = min(pause*2, pollIdle) {
		answer, err := s.poll()
		if err == errBroken && time.Now().Before(deadline) {
			continue
		}
		if err != errEmpty && err != errBroken {
			return answer, err
		}
		left := time.Until(deadline)
		if left <= 0 {
			return tracer.Answer{}, os.ErrDeadlineExceeded
		}
		time.Sleep(min(pause, left))
	}
}

// poll returns the answer that has waited longest, or errEmpty.
func (s *Session) poll() (tracer.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ring == nil {
		return tracer.Answer{}, errClosed
	}
	if s.ring.AvailableBytes() == 0 {
		return tracer.Answer{}, errEmpty
	}
	s.ring.SetDeadline(time.Unix(1, 0)) // long past: the reader must not wait itself
	err := s.ring.ReadInto(&s.record)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return tracer.Answer{}, errEmpty // left over from the read before
	}
	if err == nil {
		err = s.event.UnmarshalBinary(s.record.RawSample)
	}
	if err == nil && !wire.Intact(s.event.Snapshot()) {
		s.broken++
		err = errBroken
	}
	return answer(&s.event), err
}

// answer says in the tracer's terms what the event holds, and aliases it.
func answer(e *bpf.KernelEvent) tracer.Answer {
	flag := func(f bpf.KernelAnswerFlag) bool { return bpf.KernelAnswerFlag(e.Flags)&f != 0 }
	return tracer.Answer{
		Ident:        e.Ident,
		Stamps:       stamps(e),
		Packet:       e.Snapshot(),
		Length:       int(e.PacketLen),
		Duplicate:    flag(bpf.KernelAnswerFlagANSWER_DUPLICATE),
		Rewritten:    flag(bpf.KernelAnswerFlagANSWER_REWRITTEN),
		Unidentified: flag(bpf.KernelAnswerFlagANSWER_UNIDENTIFIED),
	}
}

func stamps(e *bpf.KernelEvent) stamp.Set {
	return stamp.Set{
		stamp.TCXEgress:   stamp.Mono(e.EgressNs),
		stamp.DriverStart: stamp.Mono(e.DriverNs),
		stamp.Receive:     stamp.Mono(e.ReceiveNs),
		stamp.TCXIngress:  stamp.Mono(e.IngressNs),
	}
}
