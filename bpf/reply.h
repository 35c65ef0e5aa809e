/* Answers from the target: they come back the way that the probe went. */
#ifndef EBPFTRACE_REPLY_H
#define EBPFTRACE_REPLY_H

#include "classify.h"
#include "slot.h"

/* Reports whether the packet goes the probe's way back, address by address. */
static __always_inline bool returns(const struct packet *p, const struct probe *probe)
{
	return same_address(p->saddr, probe->daddr) && same_address(p->daddr, probe->saddr);
}

/* The same, and port by port. */
static __always_inline bool returns_ports(const struct packet *p, const struct probe *probe)
{
	const union transport *sent = (const void *)probe->transport;

	return returns(p, probe) && p->transport.udp.source == sent->udp.dest &&
	       p->transport.udp.dest == sent->udp.source;
}

/* is_our_echo_reply() has seen to the identifier. */
static __always_inline enum counter match_echo(const struct packet *p, struct match *m)
{
	m->probe = sent_probe(identify(p));
	return m->probe && returns(p, m->probe) ? COUNTER_ANSWERS : COUNTER_UNMATCHED;
}

/* Returns the probe with that sequence number, all 32 bits of it. */
static __always_inline struct probe *sent_seq(__u32 seq)
{
	struct probe *probe = sent_probe(seq);

	return probe && probe->transport[1] == bpf_htonl(seq) ? probe : NULL;
}

/* A SYN counts for one. A RST acknowledges the SYN's payload besides (RFC 9293,
 * 3.10.7.1), which is as long in every probe as it was in the last; a SYN-ACK as a
 * rule does not. What each does by the rule goes first, for with a payload of n bytes
 * both may be some probe's: identifiers are n apart. */
static __always_inline struct probe *acknowledged(__u32 ack, bool reset)
{
	struct probe *last = sent_probe(last_ident);
	__u32 payload = last ? last->payload : 0;
	struct probe *probe = sent_seq(ack - 1 - (reset ? payload : 0));

	return probe || !payload ? probe : sent_seq(ack - 1 - (reset ? 0 : payload));
}

static __always_inline enum counter match_tcp(struct __sk_buff *skb, const struct packet *p,
					      struct match *m)
{
	struct tcphdr tcp;

	if (p->transport_at + sizeof(tcp) > p->length || load(skb, p->transport_at, &tcp, sizeof(tcp)))
		return COUNTER_MALFORMED;
	if (!answers_syn(&tcp))
		return COUNTER_UNMATCHED;
	m->probe = acknowledged(bpf_ntohl(tcp.ack_seq), ((const __u8 *)&tcp)[13] & TCP_RST);
	if (!m->probe || !returns_ports(p, m->probe))
		return COUNTER_UNMATCHED;
	return COUNTER_ANSWERS;
}

/* A probe's payload starts with its identifier, which echo servers give back
 * whole, and DNS servers with the error (RFC 1035, 4.1.1: ID). */
static __always_inline struct probe *named_in_payload(struct __sk_buff *skb, const struct packet *p)
{
	__be16 ident;

	if (bpf_ntohs(p->transport.udp.len) < sizeof(struct udphdr) + sizeof(ident))
		return NULL;
	if (load(skb, p->transport_at + sizeof(struct udphdr), &ident, sizeof(ident)))
		return NULL;
	return sent_probe(bpf_ntohs(ident));
}

static __always_inline enum counter match_udp(struct __sk_buff *skb, const struct packet *p,
					      struct match *m)
{
	m->probe = named_in_payload(skb, p);
	if (!m->probe) {
		m->probe = sent_probe(last_ident);
		m->flags = ANSWER_UNIDENTIFIED;
	}
	if (!m->probe || !returns_ports(p, m->probe))
		return COUNTER_UNMATCHED;
	return COUNTER_ANSWERS;
}

#endif
