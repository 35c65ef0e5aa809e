package socket

import (
	"os"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// The ICMP types that answer probes (RFC 792, RFC 4443).
var (
	answers4 = []uint8{3, 11, 12}
	answers6 = []uint8{1, 2, 3, 4}
)

const (
	echoReply4 = 0
	echoReply6 = 129
)

// filter keeps from the socket what cannot be an answer, so that nothing else
// wakes this process.
func (r *receiver) filter(o ListenOptions) error {
	switch {
	case r.protocol == unix.IPPROTO_ICMP:
		return r.filterICMP(o.Protocol == r.protocol)
	case r.protocol == unix.IPPROTO_ICMPV6:
		return r.filterICMPv6(o.Protocol == r.protocol)
	}
	return r.filterPort(o.SourcePort, max(o.SourcePorts, 1))
}

// filterICMP sets ICMP_FILTER (raw(7)), in which a 1 blocks a type.
func (r *receiver) filterICMP(echo bool) error {
	pass := uint32(0)
	for _, kind := range answers4 {
		pass |= 1 << kind
	}
	if echo {
		pass |= 1 << echoReply4
	}
	err := unix.SetsockoptInt(r.fd, unix.SOL_RAW, unix.ICMP_FILTER, int(int32(^pass)))
	return os.NewSyscallError("setsockopt ICMP_FILTER", err)
}

// filterICMPv6 sets ICMP6_FILTER (RFC 3542, 3.2), likewise.
func (r *receiver) filterICMPv6(echo bool) error {
	var f unix.ICMPv6Filter
	for i := range f.Data {
		f.Data[i] = ^uint32(0)
	}
	pass := answers6
	if echo {
		pass = append([]uint8{echoReply6}, pass...)
	}
	for _, kind := range pass {
		f.Data[kind/32] &^= 1 << (kind % 32)
	}
	err := unix.SetsockoptICMPv6Filter(r.fd, unix.IPPROTO_ICMPV6, unix.ICMPV6_FILTER, &f)
	return os.NewSyscallError("setsockopt ICMP6_FILTER", err)
}

// filterPort attaches a socket filter that passes so many destination ports. What came
// in before it was attached is for the joiner to turn away.
func (r *receiver) filterPort(port uint16, ports int) error {
	raw, err := bpf.Assemble(portFilter(r.ipv6, port, ports))
	if err != nil {
		return err
	}
	program := make([]unix.SockFilter, len(raw))
	for i, in := range raw {
		program[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	err = unix.SetsockoptSockFprog(r.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
	return os.NewSyscallError("setsockopt SO_ATTACH_FILTER", err)
}

// portFilter looks at the destination port of UDP or TCP: how far it is behind port. Raw sockets filter
// IPv4 packets from the IP header on, IPv6 ones from the transport header on.
func portFilter(ipv6 bool, port uint16, ports int) []bpf.Instruction {
	program := []bpf.Instruction{
		bpf.LoadMemShift{Off: 0}, // X = length of the IPv4 header
		bpf.LoadIndirect{Off: 2, Size: 2},
		bpf.ALUOpConstant{Op: bpf.ALUOpSub, Val: uint32(port)},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: uint32(ports), SkipFalse: 1},
		bpf.RetConstant{Val: 0x40000},
		bpf.RetConstant{Val: 0},
	}
	if ipv6 {
		program = append([]bpf.Instruction{bpf.LoadAbsolute{Off: 2, Size: 2}}, program[2:]...)
	}
	return program
}
