/* ICMP errors: the probe is found by the packet that they quote. */
#ifndef EBPFTRACE_QUOTE_H
#define EBPFTRACE_QUOTE_H

#include "classify.h"
#include "slot.h"

/* The quote is what was sent, to the bit, wherever hops have no business. */
static __always_inline struct probe *match_exact(const struct packet *quote)
{
	struct probe *probe = sent_probe(identify(quote));

	if (!probe || probe->protocol != quote->protocol)
		return NULL;
	if (probe->transport[0] != quote->transport.words[0] ||
	    probe->transport[1] != quote->transport.words[1])
		return NULL;
	if (!same_address(probe->saddr, quote->saddr) || !same_address(probe->daddr, quote->daddr))
		return NULL;
	return probe;
}

/* The quote was sent as a probe, but an address translator has changed its
 * addresses or checksum since (RFC 5508, 4.2 makes it undo that; many don't).
 * What stays is the IPv4 identification and what the host's end of the
 * connection is known by: the ports, or the echo's identifier and sequence. */
static __always_inline struct probe *match_rewritten(const struct packet *quote)
{
	struct probe *probe = sent_probe(quote->ip_id ^ cfg.secret);
	__u32 word = quote->protocol == IPPROTO_ICMP;

	if (quote->icmp != IPPROTO_ICMP || !probe)
		return NULL;
	if (probe->ip_id != quote->ip_id || probe->protocol != quote->protocol)
		return NULL;
	if (word ? probe->transport[1] != quote->transport.words[1] :
		   probe->transport[0] != quote->transport.words[0])
		return NULL;
	return probe;
}

/* Reports whether the quoted packet comes from where probes come from. Errors about
 * others are what any program of this host may get, as another trace. */
static __always_inline bool is_ours(const struct packet *quote)
{
	return quote->protocol == cfg.protocol && is_our_port(source_port(quote));
}

static __always_inline enum counter match_error(struct __sk_buff *skb, const struct packet *p,
						struct match *m)
{
	struct packet quote = {};

	if (parse_quote(skb, p, &quote))
		return COUNTER_MALFORMED;
	if (quote.transport_at + sizeof(quote.transport) > p->length) /* in Ethernet's padding */
		return COUNTER_MALFORMED;
	m->probe = match_exact(&quote);
	if (m->probe)
		return COUNTER_ANSWERS;
	m->probe = match_rewritten(&quote);
	m->flags = ANSWER_REWRITTEN;
	if (m->probe)
		return COUNTER_ANSWERS;
	return is_ours(&quote) ? COUNTER_UNMATCHED : COUNTER_FOREIGN;
}

#endif
