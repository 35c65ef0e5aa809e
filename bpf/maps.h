/* The maps, and what the loader sets. */
#ifndef EBPFTRACE_MAPS_H
#define EBPFTRACE_MAPS_H

#include "contract.h"

/* Constant, so that the verifier drops what the probes' protocol never needs. */
const volatile struct config cfg;

/* Identifier of the probe sent last, for answers that name none. */
__u16 last_ident;

/* Its source port, or echo identifier, which this host may have translated. */
__be16 last_port;

/* Sizes marked with the loader's name are its to set, before it loads. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* loader: cfg.slot_mask + 1 */
	__type(key, __u32);
	__type(value, struct probe);
} probes SEC(".maps");

/* The slots whose probe nobody has answered yet. Deleting a key tells whether it
 * was there, atomically and without instructions that Linux 5.10 lacks. Keyed by
 * slot, not by identifier, so that unanswered probes of old never fill it up. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* loader: cfg.slot_mask + 1 */
	__type(key, __u32);
	__type(value, __u8);
} armed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20); /* loader: bytes */
} events SEC(".maps");

/* Where an event is put together; the stack holds 512 bytes only. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COUNTERS);
	__type(key, enum counter);
	__type(value, __u64);
} counters SEC(".maps");

static __always_inline void count(enum counter which)
{
	__u64 *n = bpf_map_lookup_elem(&counters, &which);

	if (n)
		(*n)++;
}

#endif
