// Package datagram traces without any privilege: by a UDP socket, or by a ping
// socket where net.ipv4.ping_group_range lets the user have one (icmp(7)).
//
// The kernel builds the headers of what such a socket sends. From the payload,
// ports and addresses of a probe it builds the probe again, to the checksum in
// which its identifier lies; only the IPv4 identification is the kernel's. ICMP
// errors come by the socket's error queue (IP_RECVERR), which tells who
// complains of what, and hands back what was quoted behind the UDP header, or
// from the ICMP header on. From that, and from the probe as it was sent, the
// whole ICMP message is built again. What the kernel does not tell of the quoted
// header, which is TTL, TOS and identification as the router saw them, is in it
// as it was sent.
//
// A router that quotes 8 bytes of a UDP probe quotes nothing that the kernel
// hands on. Such an answer is said to name no probe.
package datagram
