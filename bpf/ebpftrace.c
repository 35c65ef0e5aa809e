//go:build ignore

/* The programs. Each takes its time first and asks questions later, and returns
 * TCX_NEXT whatever it finds: TC_ACT_OK would end the chain for everyone behind
 * us. Foreign packets leave at the first sign of being foreign.
 */
#include <stdbool.h>
#include <stddef.h>

#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "record.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Nothing else would carry the flags' type over to Go. */
const enum answer_flag *answer_flags __attribute__((unused));

/* Kernel: sch_handle_egress, before the queueing discipline. */
SEC("tcx/egress")
int stamp_probe(struct __sk_buff *skb)
{
	if (bpf_get_socket_cookie(skb) == cfg.cookie)
		record_probe(skb, bpf_ktime_get_ns());
	return TCX_NEXT;
}

static __always_inline void join(struct __sk_buff *skb, const struct packet *p)
{
	__u64 now = bpf_ktime_get_ns();
	struct match m = {};
	enum counter outcome = match_answer(skb, p, &m);

	if (outcome == COUNTER_ANSWERS)
		outcome = record_answer(skb, p, &m, now);
	count(outcome);
}

/* Kernel: sch_handle_ingress, after the packet taps and before netfilter. */
SEC("tcx/ingress")
int stamp_answer(struct __sk_buff *skb)
{
	struct packet p = {};

	if (parse_packet(skb, &p) == 0 && may_answer(&p))
		join(skb, &p);
	return TCX_NEXT;
}
