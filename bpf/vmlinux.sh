#!/bin/sh
# Prints vmlinux.h: those kernel types that the programs name, out of the many
# thousands that a kernel's BTF describes. The order is that of the lists below,
# not of the BTF, so that two kernels with the same types give the same file.
#
# usage: vmlinux.sh [BTF] > ../vmlinux.h
set -eu

btf=${1:-/sys/kernel/btf/vmlinux}
typedefs="__u8 __u16 __u32 __u64 __s32 __s64 __be16 __be32 __sum16 __wsum"
structs="__sk_buff in6_addr iphdr ipv6hdr icmphdr udphdr tcphdr"
enums="bpf_map_type bpf_hdr_start_off tcx_action_base"
anonymous="BPF_ANY BPF_RB_NO_WAKEUP IPPROTO_UDP" # one constant of each enum

dump=$(mktemp)
trap 'rm -f "$dump"' EXIT
bpftool btf dump file "$btf" format c >"$dump"

# once fails on a type that the BTF lacks: the header would not compile later,
# far from the cause.
once() {
	[ -n "$2" ] || { echo "vmlinux.sh: no $1 in $btf" >&2; exit 1; }
	printf '%s\n\n' "$2"
}

cat <<'HEAD'
/* Kernel types that bpf/ uses. Generated, do not edit:
 *
 *	bpf/vmlinux.sh /sys/kernel/btf/vmlinux > vmlinux.h
 *
 * All of them are user ABI or wire formats, whose layout never changes, so none
 * is marked preserve_access_index. Bit fields stand in little endian's order:
 * read the bytes they lie in instead.
 */
#ifndef EBPFTRACE_VMLINUX_H
#define EBPFTRACE_VMLINUX_H

HEAD
for name in $typedefs; do
	once "typedef $name" "$(grep -E "^typedef .* $name;" "$dump" | head -n 1)"
done
for name in $structs; do
	once "struct $name" "$(sed -n "/^struct $name {/,/^};/p" "$dump")"
done
for name in $enums; do
	once "enum $name" "$(sed -n "/^enum $name {/,/^};/p" "$dump")"
done
for name in $anonymous; do
	once "enum with $name" "$(awk -v name="$name" '
		/^enum \{/ { body = ""; inside = 1; found = 0 }
		inside { body = body (body == "" ? "" : "\n") $0 }
		inside && $1 == name { found = 1 }
		/^\};/ { if (inside && found) { print body; exit } inside = 0 }
	' "$dump")"
done
echo '#endif'
