/* Finds the slot of a probe that is handed to a driver. Here the packet is the
 * kernel's struct sk_buff, read from memory: the helpers of tc are not to be had. */
#ifndef EBPFTRACE_HANDOFF_H
#define EBPFTRACE_HANDOFF_H

#include "slot.h"

/* All that foreign packets cost. Cookies are never 0 here: the loader read ours. */
static __always_inline bool is_ours(const struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	return sk && (__u64)sk->__sk_common.skc_cookie.counter == cfg.cookie;
}

/* Reads protocol and transport header. The version says which IP it is, for where
 * a VLAN tag was put in skb->protocol says VLAN. */
static __always_inline int read_headers(const void *ip, struct packet *p)
{
	union {
		__u8 first;
		struct iphdr v4;
		struct ipv6hdr v6;
	} h;
	__u32 header = sizeof(h.v6);

	if (bpf_probe_read_kernel(&h, sizeof(h), ip))
		return -1;
	p->protocol = h.v6.nexthdr;
	if (h.first >> 4 == 4) {
		p->protocol = h.v4.protocol;
		header = (h.first & 0xf) * 4;
	}
	return bpf_probe_read_kernel(&p->transport, sizeof(p->transport), ip + header);
}

/* Returns the slot of the probe that the packet is, if it was stamped at egress
 * and is unanswered; else NULL. The second word of every transport header holds
 * the identifier and more, and no address translator behind us has touched it. */
static __always_inline struct probe *departing(const struct sk_buff *skb)
{
	struct packet p = {};
	__u32 slot;

	if (read_headers(skb->head + skb->network_header, &p))
		return NULL;
	struct probe *probe = slot_of(identify(&p), &slot);
	if (!probe || !probe->egress_ns || probe->protocol != p.protocol)
		return NULL;
	if (probe->transport[1] != p.transport.words[1] || !is_armed(&slot))
		return NULL;
	return probe;
}

/* The time is read last: what comes after it would count as the network's. */
static __always_inline void record_handoff(struct probe *probe)
{
	__u64 now = bpf_ktime_get_ns();

	if (now < probe->egress_ns)
		count(COUNTER_IMPOSSIBLE);
	else
		probe->driver_ns = now;
}

#endif
