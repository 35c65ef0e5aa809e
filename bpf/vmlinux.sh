#!/bin/sh
# Prints vmlinux.h: those kernel types that the programs name, out of the many
# thousands that a kernel's BTF describes. The order is that of the lists below,
# not of the BTF, so that two kernels with the same types give the same file.
#
# usage: vmlinux.sh [BTF] > ../vmlinux.h
set -eu

btf=${1:-/sys/kernel/btf/vmlinux}
typedefs="__u8 __u16 __u32 __u64 __s32 __s64 __be16 __be32 __sum16 __wsum s64"
named="atomic64_t" # typedefs of a struct without a tag
structs="__sk_buff in6_addr iphdr ipv6hdr icmphdr udphdr tcphdr"
enums="bpf_map_type bpf_hdr_start_off tcx_action_base"
trimmed="sock_common:skc_cookie sock:__sk_common sk_buff:sk,head,network_header"
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

# trim prints a struct with those of its fields alone, wherever they are nested.
trim() {
	printf 'struct %s {\n' "$1"
	for field in $(echo "$2" | tr , ' '); do
		line=$(sed -n "/^struct $1 {/,/^};/p" "$dump" | grep -E "[ *]$field;" | head -n 1)
		[ -n "$line" ] || { echo "vmlinux.sh: no $field in struct $1 in $btf" >&2; exit 1; }
		printf '\t%s\n' "$(echo "$line" | tr -d '\t')"
	done
	printf '} __attribute__((preserve_access_index));\n\n'
}

cat <<'HEAD'
/* Kernel types that bpf/ uses. Generated, do not edit:
 *
 *	bpf/vmlinux.sh /sys/kernel/btf/vmlinux > vmlinux.h
 *
 * Nearly all are user ABI or wire formats, whose layout never changes. Bit fields
 * stand in little endian's order: read the bytes they lie in instead. Those
 * marked preserve_access_index are the kernel's own and hold only the fields that
 * bpf/ uses; where these lie is looked up when a program is loaded.
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
for name in $named; do
	once "typedef $name" "$(awk -v end="} $name;" '
		/^typedef struct \{/ { body = "" }
		{ body = body $0 "\n" }
		$0 == end { printf "%s", body; exit }
	' "$dump")"
done
for name in $trimmed; do
	trim "${name%%:*}" "${name#*:}"
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
