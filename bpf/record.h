/* What is written down: a probe into its slot, an answer into the ring. */
#ifndef EBPFTRACE_RECORD_H
#define EBPFTRACE_RECORD_H

#include "arrival.h"
#include "match.h"

/* Returns the bytes behind the TCP header; 0 for other protocols. */
static __always_inline __u16 payload_len(struct __sk_buff *skb, const struct packet *p)
{
	struct tcphdr tcp;

	if (p->protocol != IPPROTO_TCP || load(skb, p->transport_at, &tcp, sizeof(tcp)))
		return 0;
	return p->length - p->transport_at - tcp_header_len(&tcp);
}

static __always_inline void fill_slot(struct probe *slot, const struct packet *p, __u16 payload,
				      __u64 now)
{
	*slot = (struct probe){
		.egress_ns = now,
		.transport = { p->transport.words[0], p->transport.words[1] },
		.ident = identify(p),
		.ip_id = p->ip_id,
		.payload = payload,
		.protocol = p->protocol,
	};
	__builtin_memcpy(slot->saddr, p->saddr, sizeof(slot->saddr));
	__builtin_memcpy(slot->daddr, p->daddr, sizeof(slot->daddr));
}

/* The slot is filled before it is armed, and the packet leaves after both: no
 * answer can find half a probe. One that is overdue by a whole round of slots
 * could, and then fails to match. */
static __always_inline void record_probe(struct __sk_buff *skb, __u64 now)
{
	struct packet p = {};
	__u8 value = 1;
	__u32 key;

	if (parse_packet(skb, &p))
		return;
	struct probe *slot = slot_of(identify(&p), &key);
	if (!slot)
		return;
	fill_slot(slot, &p, payload_len(skb, &p), now);
	bpf_map_update_elem(&armed, &key, &value, BPF_ANY);
	last_ident = slot->ident;
	last_port = source_port(&p);
	count(COUNTER_PROBES);
}

/* Bounds a length to 1..SNAPSHOT_ROOM without a branch. The compiler may not know
 * that nothing is cut off, else it would leave the mask out. */
static __always_inline __u64 masked(__u64 len)
{
	asm volatile("" : "+r"(len));
	return ((len - 1) & (SNAPSHOT_ROOM - 1)) + 1;
}

/* Copies as much of the answer as there is room for. Fails if the packet is
 * shorter than its own header claims. */
static __always_inline int take_snapshot(struct __sk_buff *skb, const struct packet *p,
					 struct event *event)
{
	__u64 len = masked(p->length < SNAPSHOT_LEN ? p->length : SNAPSHOT_LEN);

	event->packet_len = p->length;
	event->snapshot_len = len;
	return load(skb, 0, event->packet, len) ? -1 : 0;
}

static __always_inline __u8 claim_flag(const struct match *m)
{
	if (m->flags & ANSWER_UNIDENTIFIED || claim(m->probe))
		return 0;
	count(COUNTER_DUPLICATES);
	return ANSWER_DUPLICATE;
}

/* Nobody is woken: that costs 6 us between two answers (see loader.Session). */
static __always_inline enum counter submit(struct event *event)
{
	__u64 len = __builtin_offsetof(struct event, packet) + masked(event->snapshot_len);

	if (bpf_ringbuf_output(&events, event, len, BPF_RB_NO_WAKEUP))
		return COUNTER_OVERFLOW;
	return COUNTER_ANSWERS;
}

/* Hands the answer over. Returns what to count it as. */
static __always_inline enum counter record_answer(struct __sk_buff *skb, const struct packet *p,
						  const struct match *m, __u64 now)
{
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&scratch, &zero);

	if (!event || take_snapshot(skb, p, event))
		return COUNTER_MALFORMED;
	event->egress_ns = m->probe->egress_ns;
	event->driver_ns = m->probe->driver_ns;
	event->ingress_ns = now;
	event->receive_ns = receive_stamp(skb, now);
	event->ifindex = skb->ifindex;
	event->ident = m->probe->ident;
	event->flags = m->flags | claim_flag(m);
	return submit(event);
}

#endif
