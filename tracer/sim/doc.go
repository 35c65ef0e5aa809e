// Package sim is a network that exists in memory: it takes the IP packets of a
// tracer and returns what routers and targets would answer, and when.
//
// A [Scenario] file describes the network as a graph of nodes with delays and
// habits, some of them bad. The walk of a packet is deterministic: it depends
// on the scenario, the seed, the packets before it and the times given, never
// on a real clock. There are no sockets either; a [Link] puts a [Network]
// behind the seams of package tracer, and a TUN device can do the same.
//
// Packets are built and parsed with gopacket and not with package wire, so that
// the two check each other.
package sim
