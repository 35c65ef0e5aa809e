//go:build ignore

/* The program that stamps probes once more, at the driver. It has an object of
 * its own, because it needs CAP_PERFMON and the kernel's BTF, and a trace does
 * not need it. It shares the maps of ebpftrace.c.
 */
#include <stdbool.h>
#include <stddef.h>

#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "handoff.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Kernel: xmit_one, behind the queueing discipline and the packet taps. Fires for
 * every packet of the host, in all network namespaces. A packet that passes
 * stacked devices, such as a VLAN's, comes by once for each: the last one stays.
 * Arguments: struct sk_buff *, struct net_device *. */
SEC("tp_btf/net_dev_start_xmit")
int stamp_driver(__u64 *args)
{
	const struct sk_buff *skb = (const void *)args[0];

	if (!is_ours(skb))
		return 0;
	struct probe *probe = departing(skb);
	if (probe)
		record_handoff(probe);
	return 0;
}
