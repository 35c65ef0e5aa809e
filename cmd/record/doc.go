// Package record keeps what a run saw in one file, and gives it back.
//
// The file is a capture that Wireshark and tcpdump open: pcapng, raw IP packets
// (LINKTYPE_RAW), each probe as it was sent and each answer as it was received, as
// far as the source of answers kept it. Their times are the stamps that the run
// took, nearest to the wire first, so that the two packets of a sample lie exactly
// its round-trip time apart. Stamps are of CLOCK_MONOTONIC: to all of them the same
// offset is added, the median over the probes of the wall clock at sending less the
// stamp of it. So a wall clock that is set in mid-run changes nothing, and the
// dates are right to within some microseconds.
//
// The sockets of an ordinary user show no packets: what tracer/datagram rebuilt of what
// the kernel does tell stands for them.
//
// What the packets don't tell, such as every stamp and every count, is one JSON
// document in a custom block behind them (draft-ietf-opsawg-pcapng, 4.7), which
// other programs pass over. An answer's meaning is not in it: it is parsed anew
// from the packet.
//
// A search for all paths is kept in the same way, with a document of its own: see
// [Search].
//
// Rounds of a live view are written as they are made: behind the packets of each stands
// a block of its own, with the same of that round, so that neither memory nor what a
// kill can cost grows with them.
package record
