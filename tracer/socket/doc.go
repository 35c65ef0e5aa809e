// Package socket finds the way to a target and puts probes on it.
//
// Probes leave through one raw socket, whole, IP header included: what is on
// the wire is what the probe package built. Nothing is received here.
package socket
