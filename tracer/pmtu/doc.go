// Package pmtu finds the path MTU hop by hop, and what takes it down.
//
// It sends packets that must not be fragmented, the first as long as the outgoing
// interface takes, to all hops. Where they no longer get through, there is a drop: a
// router says so (RFC 1191, 4; RFC 4443, 3.2), or packets of that length vanish
// while short ones are answered. What a message claims is tried, and one byte more;
// where that does not settle it, a search does (RFC 4821 does likewise), over the
// plateaus of RFC 1191, 7.1 and the usual lengths of tunnels first. Packets as long
// as got through then go on to the hops behind.
//
// What a length is said to do rests on answers to packets of that length, in the
// same run, and never on what the kernel has cached of the path's MTU.
package pmtu
