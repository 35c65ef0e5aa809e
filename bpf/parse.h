/* From bytes to struct packet. The same parser reads the probe on its way out,
 * the answer on its way in, and the probe as an ICMP error quotes it.
 *
 * All offsets count from the network header, since devices such as tun and
 * wireguard have no other. Parsers return 0, or -1 for what is no packet that a
 * probe or its answer could be; what they touch in the skb is how it is kept.
 */
#ifndef EBPFTRACE_PARSE_H
#define EBPFTRACE_PARSE_H

#include "contract.h"

/* Macros and unused enums, which BTF does not have. */
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define IPPROTO_ICMPV6 58

#define IPV4_OFFSET_MASK 0x1fff /* RFC 791, 3.1: fragment offset */

/* TCP's first eight bytes (RFC 9293, 3.1): all that a quote surely holds. */
struct tcp_start {
	__be16 source;
	__be16 dest;
	__be32 seq;
};

union transport {
	__u32 words[TRANSPORT_WORDS];
	struct udphdr udp;
	struct icmphdr icmp; /* ICMPv6 echoes are laid out alike */
	struct tcp_start tcp;
};

struct packet {
	__u32 saddr[4]; /* as in struct probe */
	__u32 daddr[4];
	union transport transport;
	__u32 at;	    /* offset of the IP header */
	__u32 transport_at; /* offset of the transport header */
	__u32 length;	    /* in bytes, header included, as the header claims */
	__u16 ip_id;	    /* host order; IPv6: 0 */
	__u8 protocol;
	__u8 icmp; /* IPPROTO_ICMP or _ICMPV6, whichever this family uses */
};

/* Reads what the skb holds in one piece: the headers, surely. Of a packet that its
 * driver received into pages there need be no more (kernel: eth_get_headlen). */
static __always_inline long load_header(struct __sk_buff *skb, __u32 at, void *to, __u32 len)
{
	return bpf_skb_load_bytes_relative(skb, at, to, len, BPF_HDR_START_NET);
}

/* Reads what lies further back, for which the pieces are put together if they have
 * to be. Nobody behind us can tell. */
static __always_inline long load(struct __sk_buff *skb, __u32 at, void *to, __u32 len)
{
	if (!load_header(skb, at, to, len))
		return 0;
	if (bpf_skb_pull_data(skb, skb->len < SNAPSHOT_ROOM ? skb->len : SNAPSHOT_ROOM))
		return -1;
	return load_header(skb, at, to, len);
}

/* RFC 791, 3.1. Later fragments hold no transport header: not for us. Reading
 * both headers at once makes one helper call of two unless there are options. */
static __always_inline int parse_ipv4(struct __sk_buff *skb, __u32 at, struct packet *p)
{
	struct {
		struct iphdr ip;
		union transport transport;
	} h;

	if (load(skb, at, &h, sizeof(h)))
		return -1;
	__u8 first = *(__u8 *)&h.ip;
	__u32 header = (first & 0xf) * 4;
	if (first >> 4 != 4 || header < sizeof(h.ip))
		return -1;
	if (h.ip.frag_off & bpf_htons(IPV4_OFFSET_MASK))
		return -1;
	if (header > sizeof(h.ip) && load(skb, at + header, &h.transport, sizeof(h.transport)))
		return -1;

	*p = (struct packet){
		.saddr = { h.ip.saddr },
		.daddr = { h.ip.daddr },
		.transport = h.transport,
		.at = at,
		.transport_at = at + header,
		.length = bpf_ntohs(h.ip.tot_len),
		.ip_id = bpf_ntohs(h.ip.id),
		.protocol = h.ip.protocol,
		.icmp = IPPROTO_ICMP,
	};
	return 0;
}

/* RFC 8200, 3. Probes carry no extension headers and answers have no need of
 * any, so a packet with one is not for us. */
static __always_inline int parse_ipv6(struct __sk_buff *skb, __u32 at, struct packet *p)
{
	struct {
		struct ipv6hdr ip;
		union transport transport;
	} h;

	if (load(skb, at, &h, sizeof(h)))
		return -1;
	if (*(__u8 *)&h.ip >> 4 != 6)
		return -1;

	*p = (struct packet){
		.transport = h.transport,
		.at = at,
		.transport_at = at + sizeof(h.ip),
		.length = bpf_ntohs(h.ip.payload_len) + sizeof(h.ip),
		.protocol = h.ip.nexthdr,
		.icmp = IPPROTO_ICMPV6,
	};
	__builtin_memcpy(p->saddr, &h.ip.saddr, sizeof(p->saddr));
	__builtin_memcpy(p->daddr, &h.ip.daddr, sizeof(p->daddr));
	return 0;
}

/* Parses the packet itself. */
static __always_inline int parse_packet(struct __sk_buff *skb, struct packet *p)
{
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return parse_ipv4(skb, 0, p);
	if (skb->protocol == bpf_htons(ETH_P_IPV6))
		return parse_ipv6(skb, 0, p);
	return -1;
}

/* Parses the packet that an ICMP error quotes; it is of the error's own family. */
static __always_inline int parse_quote(struct __sk_buff *skb, const struct packet *error,
				       struct packet *quote)
{
	__u32 at = error->transport_at + sizeof(struct icmphdr);

	if (error->icmp == IPPROTO_ICMP)
		return parse_ipv4(skb, at, quote);
	return parse_ipv6(skb, at, quote);
}

/* Returns the length in bytes of a TCP header (RFC 9293, 3.1: data offset). */
static __always_inline __u32 tcp_header_len(const struct tcphdr *tcp)
{
	return (((const __u8 *)tcp)[12] >> 4) * 4;
}

#endif
