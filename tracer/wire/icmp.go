package wire

import (
	"encoding/binary"
	"math"
)

// errorHeaderLen is what precedes the quote in an ICMP error.
const errorHeaderLen = 8

// kind4 returns what an ICMP message is, 0 if it isn't an answer.
func kind4(typ, code uint8) Kind {
	switch {
	case typ == typeEchoReply4 && code == 0:
		return EchoReply
	case typ == 3 && code == 4:
		return PacketTooBig
	case typ == 3:
		return Unreachable
	case typ == 11 && code == 0:
		return TimeExceeded
	case typ == 12:
		return ParameterProblem
	}
	return 0
}

// kind6 returns what an ICMPv6 message is, 0 if it isn't an answer.
func kind6(typ, code uint8) Kind {
	switch {
	case typ == typeEchoReply6 && code == 0:
		return EchoReply
	case typ == 1:
		return Unreachable
	case typ == 2:
		return PacketTooBig
	case typ == 3 && code == 0:
		return TimeExceeded
	case typ == 4:
		return ParameterProblem
	}
	return 0
}

// parseICMP fills in what an ICMP message says, or an ICMPv6 one.
func (a *Answer) parseICMP(message []byte, v6 bool) error {
	what, kind := "ICMP message", kind4
	if v6 {
		what, kind = "ICMPv6 message", kind6
	}
	if err := need(what, message, errorHeaderLen); err != nil {
		return err
	}
	a.ICMP, a.Type, a.Code = true, message[0], message[1]
	a.Kind = kind(a.Type, a.Code)
	switch a.Kind {
	case 0:
		return malformed(what, "type %d code %d is no answer", a.Type, a.Code)
	case EchoReply:
		return nil
	}
	return a.parseICMPError(message, v6)
}

func (a *Answer) parseICMPError(message []byte, v6 bool) error {
	quote := message[errorHeaderLen:]
	if a.Kind == PacketTooBig {
		a.MTU = mtu(message, v6)
	}
	switch {
	case !v6:
		quote, a.Extensions = splitExtensions(message, int(message[5])*4)
	case a.Kind == TimeExceeded || a.Kind == Unreachable:
		// The others have no room for the length (RFC 4884, 4).
		quote, a.Extensions = splitExtensions(message, int(message[4])*8)
	}
	var err error
	a.Quote, err = ParseQuote(quote, v6)
	return err
}

// mtu returns the next hop's MTU in bytes (RFC 1191, 4; RFC 4443, 3.2).
func mtu(message []byte, v6 bool) int {
	if v6 {
		return int(min(binary.BigEndian.Uint32(message[4:]), math.MaxInt32))
	}
	return int(binary.BigEndian.Uint16(message[6:]))
}
