/* Probes under way, found by what names them. */
#ifndef EBPFTRACE_SLOT_H
#define EBPFTRACE_SLOT_H

#include "maps.h"
#include "parse.h"

/* The probe that a packet answers, and what to say about it. */
struct match {
	struct probe *probe;
	__u8 flags; /* enum answer_flag */
};

/* Returns the identifier of a probe, sent or quoted. */
static __always_inline __u16 identify(const struct packet *p)
{
	if (p->protocol == IPPROTO_UDP)
		return bpf_ntohs(p->transport.udp.check);
	if (p->protocol == IPPROTO_TCP)
		return bpf_ntohl(p->transport.tcp.seq);
	return bpf_ntohs(p->transport.icmp.un.echo.sequence);
}

/* Returns the source port of a probe, or its echo identifier. */
static __always_inline __be16 source_port(const struct packet *p)
{
	if (p->protocol == IPPROTO_UDP || p->protocol == IPPROTO_TCP)
		return p->transport.udp.source;
	return p->transport.icmp.un.echo.id;
}

static __always_inline bool same_address(const __u32 *a, const __u32 *b)
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

/* Returns the slot of that number, whatever it holds; never NULL in fact. */
static __always_inline struct probe *slot_of(__u16 ident, __u32 *slot)
{
	*slot = ident & cfg.slot_mask;
	return bpf_map_lookup_elem(&probes, slot);
}

/* Returns the probe with that identifier, or NULL if it was never sent or its
 * slot has been given to a later one. */
static __always_inline struct probe *sent_probe(__u16 ident)
{
	__u32 slot;
	struct probe *probe = slot_of(ident, &slot);

	if (!probe || !probe->egress_ns || probe->ident != ident)
		return NULL;
	return probe;
}

/* Reports whether nobody has answered the slot's probe yet. */
static __always_inline bool is_armed(const __u32 *slot)
{
	return bpf_map_lookup_elem(&armed, slot) != NULL;
}

/* Reports whether this is the probe's first answer. True once for each probe,
 * however many CPUs ask at the same time. */
static __always_inline bool claim(const struct probe *probe)
{
	__u32 slot = probe->ident & cfg.slot_mask;

	return bpf_map_delete_elem(&armed, &slot) == 0;
}

#endif
