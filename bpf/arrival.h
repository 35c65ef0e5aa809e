/* When an answer arrived: at tcx ingress, and before that in the stack. */
#ifndef EBPFTRACE_ARRIVAL_H
#define EBPFTRACE_ARRIVAL_H

#include "maps.h"

/* From the receive stamp to tcx ingress there is the backlog alone. What claims
 * to have waited there for longer is no receive stamp, or the clock was set. */
#define MAX_BACKLOG_NS (50 * 1000 * 1000)

/* How far apart the readings around that of the wall clock should lie, how far
 * the last one may, and how many there are: a CPU that is taken away in between
 * (an interrupt, a hypervisor) would pass for time in the backlog. They lie 50 to
 * 100 ns apart as a rule, and the stamp is off by half of that at the most. */
#define GOOD_READING_NS 600
#define MAX_READING_NS 10000
#define READINGS 4

/* One instant by two clocks. */
struct reading {
	__u64 mono_ns;
	__u64 real_ns; /* CLOCK_REALTIME; 0 if it could not be read well enough */
};

/* Reads CLOCK_REALTIME between two readings of CLOCK_MONOTONIC. No helper reads
 * it, but one CLOCK_TAI (Linux 6.1; without cfg.receive the loader takes the call
 * out, for verifiers that look at what is never run). */
static __always_inline struct reading read_clocks(void)
{
	__u64 before = bpf_ktime_get_ns();

	for (int i = 0; i < READINGS; i++) {
		__u64 tai = bpf_ktime_get_tai_ns();
		__u64 after = bpf_ktime_get_ns();

		if (after - before <= (i < READINGS - 1 ? GOOD_READING_NS : MAX_READING_NS))
			return (struct reading){ before + (after - before) / 2,
						 tai - cfg.tai_offset_ns };
		before = after;
	}
	return (struct reading){};
}

/* Returns when the packet entered the stack (kernel: __net_timestamp), or 0 if
 * that is not known. The stamp is in CLOCK_REALTIME; only its age is taken over.
 * One from the future has a huge age, so it too is dropped, as is one that is
 * later than tcx ingress. A leap second, or the first synchronisation that tells
 * the kernel of TAI, makes cfg.tai_offset_ns wrong by a second and more: from
 * then on all stamps are dropped, and counted.
 *
 * tstamp may hold a delivery time instead. To a program that never looks at
 * tstamp_type the kernel then shows 0, so ours must not look. */
static __always_inline __u64 receive_stamp(struct __sk_buff *skb, __u64 ingress_ns)
{
	if (!cfg.receive || !skb->tstamp)
		return 0;
	struct reading now = read_clocks();
	__u64 age = now.real_ns - skb->tstamp;
	__u64 stamp = now.mono_ns - age;

	if (now.real_ns && age <= MAX_BACKLOG_NS && stamp <= ingress_ns)
		return stamp;
	count(COUNTER_IMPOSSIBLE);
	return 0;
}

#endif
