/* When an answer arrived: at tcx ingress, and before that in the stack. */
#ifndef EBPFTRACE_ARRIVAL_H
#define EBPFTRACE_ARRIVAL_H

#include "maps.h"

/* From the receive stamp to tcx ingress there is the backlog alone. What claims
 * to have waited there for longer is no receive stamp, or the clock was set. */
#define MAX_BACKLOG_NS (50 * 1000 * 1000)

/* One instant by two clocks. */
struct arrival {
	__u64 mono_ns;
	__u64 real_ns; /* CLOCK_REALTIME; 0 unless cfg.receive */
};

/* No helper reads CLOCK_REALTIME, but one CLOCK_TAI (Linux 6.1: older verifiers
 * never come to see it). Nothing goes between the two, since what does would be
 * taken for time in the backlog. */
static __always_inline struct arrival arrive(void)
{
	struct arrival now = { .mono_ns = bpf_ktime_get_ns() };

	if (cfg.receive)
		now.real_ns = bpf_ktime_get_tai_ns() - cfg.tai_offset_ns;
	return now;
}

/* Returns when the packet entered the stack (kernel: __net_timestamp), or 0 if
 * that is not known. The stamp is in CLOCK_REALTIME; only its age is taken over.
 * One from the future has a huge age, so it too is dropped. A leap second, or the
 * first synchronisation that tells the kernel of TAI, makes cfg.tai_offset_ns
 * wrong by a second and more: from then on all stamps are dropped, and counted.
 *
 * tstamp may hold a delivery time instead. To a program that never looks at
 * tstamp_type the kernel then shows 0, so ours must not look. */
static __always_inline __u64 receive_stamp(struct __sk_buff *skb, const struct arrival *now)
{
	if (!cfg.receive)
		return 0;
	__u64 tstamp = skb->tstamp;
	__u64 age = now->real_ns - tstamp;

	if (!tstamp)
		return 0;
	if (age > MAX_BACKLOG_NS) {
		count(COUNTER_IMPOSSIBLE);
		return 0;
	}
	return now->mono_ns - age;
}

#endif
