/* What kind of packet this is, told from the first bytes alone. Nearly all that
 * the ingress program sees is not ours and should cost no more than this. */
#ifndef EBPFTRACE_CLASSIFY_H
#define EBPFTRACE_CLASSIFY_H

#include "maps.h"
#include "parse.h"

/* RFC 792, RFC 4443. */
enum icmp_type {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12,
};

enum icmpv6_type {
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_PACKET_TOO_BIG = 2,
	ICMPV6_TIME_EXCEEDED = 3,
	ICMPV6_PARAMETER_PROBLEM = 4,
	ICMPV6_ECHO_REPLY = 129,
};

/* The eight flags of RFC 9293, 3.1, in byte 13 of the TCP header. */
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

static __always_inline bool is_icmp_error(const struct packet *p)
{
	__u8 type = p->transport.icmp.type;

	if (p->icmp == IPPROTO_ICMPV6)
		return type >= ICMPV6_UNREACHABLE && type <= ICMPV6_PARAMETER_PROBLEM;
	return type == ICMP_TIME_EXCEEDED || type == ICMP_UNREACHABLE ||
	       type == ICMP_PARAMETER_PROBLEM;
}

/* TCP's flows differ in the source port, so answers come back to a range of them.
 * Netfilter is before egress and behind ingress: what this host translates of the
 * probes is still translated in the answers. */
static __always_inline bool is_our_port(__be16 port)
{
	return (__u16)(bpf_ntohs(port) - cfg.port) < cfg.ports || port == last_port;
}

static __always_inline bool is_our_echo_reply(const struct packet *p)
{
	__u8 reply = p->icmp == IPPROTO_ICMPV6 ? ICMPV6_ECHO_REPLY : ICMP_ECHO_REPLY;

	return cfg.protocol == p->icmp && p->transport.icmp.type == reply &&
	       is_our_port(p->transport.icmp.un.echo.id);
}

/* Reports whether the packet deserves a timestamp: an ICMP error, or something
 * of the probes' protocol that is addressed to where they came from. */
static __always_inline bool may_answer(const struct packet *p)
{
	if (p->protocol == p->icmp)
		return is_icmp_error(p) || is_our_echo_reply(p);
	if (p->protocol != IPPROTO_UDP && p->protocol != IPPROTO_TCP)
		return false;
	return p->protocol == cfg.protocol && is_our_port(p->transport.udp.dest);
}

/* SYN and ACK: the port is open. RST and ACK: it is closed, or refused. */
static __always_inline bool answers_syn(const struct tcphdr *tcp)
{
	__u8 flags = ((const __u8 *)tcp)[13];

	return flags & TCP_ACK && flags & (TCP_SYN | TCP_RST);
}

#endif
