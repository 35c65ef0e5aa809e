package socket

import "github.com/ebpftrace/ebpftrace/tracer/stamp"

// Send implements [tracer.Sender]: it is [Raw.Send], and keeps the probe for
// the answer to come. Nobody else may send by the same socket meanwhile: with
// Timestamps, the kernel's count of its packets tells whose a stamp is.
func (l *Listener) Send(packet []byte) (stamp.Mono, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	resync := l.beforeSend()
	at, err := l.options.Raw.Send(packet)
	if err != nil {
		l.departures.lose()
		return at, err
	}
	// An answer may be there already, but is joined only after this.
	ident, ok := l.joiner.Sent(packet)
	if !ok {
		l.departures.lose() // no probe, but counted
		return at, nil
	}
	l.departures.add(departure{ident: ident, sent: at})
	l.afterSend(resync)
	return at, nil
}

// beforeSend empties the error queue, which would fill up under silent targets.
// After a failure it asks for a stamp that the kernel takes inside of sendto(2)
// (SOF_TIMESTAMPING_TX_SCHED), and says so: that one tells the count.
func (l *Listener) beforeSend() (resync bool) {
	if !l.options.Timestamps {
		return false
	}
	l.collect(false)
	return l.departures.lost && l.options.Raw.stampSends(txSched) == nil
}

func (l *Listener) afterSend(resync bool) {
	if !l.options.Timestamps {
		return
	}
	l.departures.last.offset = readOffset()
	if !resync {
		l.departures.count()
		return
	}
	l.collect(true)
	l.options.Raw.stampSends(0) // if not, each probe has a stamp more
}

// collect reads the stamps that were reported. learn says that one which is not
// the driver's is of the probe sent just now.
func (l *Listener) collect(learn bool) {
	for {
		s, ok := l.options.Raw.sendStamp()
		switch {
		case !ok:
			return
		case !s.sched:
			l.departures.stamp(s)
		case learn:
			l.departures.learn(s.key)
		}
	}
}
