// Package join finds the probe that a packet answers, in user space, by the
// rules of the kernel half: an answer joins the same probe wherever it is read.
//
// An ICMP error belongs to the probe that it quotes: to the bit in addresses,
// protocol and the first eight bytes of transport header or, over IPv4, by the
// identification field alone where a translator has changed the rest. Answers
// of the target come back the way that the probe went, and name it: an echo
// reply by its sequence number, a TCP segment by what it acknowledges, a UDP
// datagram by its first two bytes of payload.
package join
