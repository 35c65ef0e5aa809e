package middlebox

import (
	"encoding/binary"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// The kinds of TCP options that are looked at (RFC 9293, 3.1).
const (
	optionEnd  = 0
	optionNone = 1
	optionMSS  = 2
)

// tcpOptions is what the options of a TCP header say.
type tcpOptions struct {
	mss  uint16 // in bytes; 0: no such option
	rest []byte // all others but padding, as they are
	end  int    // offset of the payload
}

// options reads the options of a TCP header; ok is false if it is not there
// whole. An option that is broken takes all that follows with it.
func options(segment []byte) (o tcpOptions, ok bool) {
	h, payload, err := wire.ParseTCP(segment)
	if err != nil {
		return o, false
	}
	o.end = len(segment) - len(payload)
	for b := h.Options; len(b) > 0 && b[0] != optionEnd; {
		n := optionLen(b)
		switch {
		case b[0] == optionMSS && n == 4:
			o.mss = binary.BigEndian.Uint16(b[2:])
		case b[0] != optionNone:
			o.rest = append(o.rest, b[:n]...)
		}
		b = b[n:]
	}
	return o, true
}

// optionLen returns the length of the option that b starts with, all of b if it
// is broken: at least 1 and at most len(b).
func optionLen(b []byte) int {
	if b[0] == optionNone {
		return 1
	}
	if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
		return len(b)
	}
	return int(b[1])
}
