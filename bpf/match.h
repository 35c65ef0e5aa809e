/* Finds the probe that a packet answers. Each match_ function returns
 * COUNTER_ANSWERS and fills in the match, or the counter that says why not.
 */
#ifndef EBPFTRACE_MATCH_H
#define EBPFTRACE_MATCH_H

#include "classify.h"
#include "quote.h"
#include "reply.h"

/* p must be what may_answer() lets through. */
static __always_inline enum counter match_answer(struct __sk_buff *skb, const struct packet *p,
						 struct match *m)
{
	if (p->transport_at + sizeof(p->transport) > p->length) /* in Ethernet's padding */
		return COUNTER_MALFORMED;
	if (p->protocol == IPPROTO_TCP)
		return match_tcp(skb, p, m);
	if (p->protocol == IPPROTO_UDP)
		return match_udp(skb, p, m);
	return is_icmp_error(p) ? match_error(skb, p, m) : match_echo(p, m);
}

#endif
