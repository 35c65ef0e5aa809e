// Package socket finds the way to a target, puts probes on it and, where the
// kernel half does not do so, takes the answers.
//
// Probes leave through one raw socket, whole, IP header included: what is on
// the wire is what the probe package built. A [Listener] reads answers from raw
// sockets of their own and stamps both ways with the clock of this process or,
// nearer to the wire, with SO_TIMESTAMPING. All of it needs CAP_NET_RAW alone.
package socket
