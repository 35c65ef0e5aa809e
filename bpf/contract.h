/* What the kernel half and the Go half agree on. Go's types and constants are
 * generated from this file (see gen.go); nothing here is typed twice.
 *
 * Fields are ordered large first and padded by hand, so that both sides lay
 * them out alike. Addresses and transport words are in network byte order,
 * all else is in the host's. Every time is CLOCK_MONOTONIC in nanoseconds.
 */
#ifndef EBPFTRACE_CONTRACT_H
#define EBPFTRACE_CONTRACT_H

/* Longest part of an answer that is handed to Go, from its IP header on: an
 * ICMPv6 error never exceeds the minimum MTU of 1280 bytes (RFC 4443, 2.4 c),
 * an ICMPv4 error 576 (RFC 1812, 4.3.2.3), so RFC 4884 extensions are in. */
#define SNAPSHOT_LEN 1280

/* Room for it: a power of two, so that a mask bounds a length where the verifier
 * follows branches that are never taken (no CAP_PERFMON: it looks for Spectre). */
#define SNAPSHOT_ROOM 2048

/* Bytes of the transport header that every quote holds (RFC 792). */
#define TRANSPORT_WORDS 2

enum counter {
	COUNTER_PROBES,	    /* probes stamped at egress */
	COUNTER_ANSWERS,    /* events handed over, duplicates included */
	COUNTER_DUPLICATES, /* answers to a probe that was answered before */
	COUNTER_UNMATCHED,  /* answers to what this run never sent, by its ports */
	COUNTER_FOREIGN,    /* ICMP errors about packets from other ports */
	COUNTER_MALFORMED,  /* answers too short or too broken to match */
	COUNTER_OVERFLOW,   /* answers lost to a full ring buffer */
	COUNTER_IMPOSSIBLE, /* driver and receive stamps dropped as impossible */
	COUNTERS,	    /* not a counter, but how many there are */
};

enum answer_flag {
	ANSWER_DUPLICATE = 1 << 0,    /* the probe had been claimed before */
	ANSWER_REWRITTEN = 1 << 1,    /* the quote differs as after NAT */
	ANSWER_UNIDENTIFIED = 1 << 2, /* UDP answer that names no probe */
};

/* Set once by the loader, before the programs are attached. */
struct config {
	__u64 cookie;	     /* SO_COOKIE of the socket that sends the probes */
	__u64 tai_offset_ns; /* CLOCK_TAI less CLOCK_REALTIME, if receive is set */
	__u32 slot_mask;     /* number of probe slots, a power of two, less one */
	__u16 port;	     /* source port of the probes; ICMP: echo identifier */
	__u16 secret;	     /* IPv4 identification = identifier ^ secret */
	__u8 protocol;	     /* IPPROTO_UDP, _ICMP, _ICMPV6 or _TCP */
	__u8 receive;	     /* 1: take receive stamps, which needs Linux 6.1 */
	__u16 ports;	     /* how many source ports there are, from port on */
	__u8 pad[4];
};

/* What is kept of a probe, in slot (ident & slot_mask). The identifier is the
 * UDP checksum, the echo's sequence number, or the low half of TCP's. */
struct probe {
	__u64 egress_ns; /* tcx egress; 0: the slot was never used */
	__u64 driver_ns; /* hand-off to the driver; 0: not stamped */
	__u32 saddr[4];	 /* IPv4 in the first word, the others 0 */
	__u32 daddr[4];
	__u32 transport[TRANSPORT_WORDS]; /* first eight bytes after the IP header */
	__u16 ident;
	__u16 ip_id; /* IPv4 identification as sent; IPv6: 0 */
	__u16 payload; /* bytes behind the TCP header, which a RST acknowledges; else 0 */
	__u8 protocol;
	__u8 pad[1];
};

/* One answer, as it goes through the ring buffer: cut off behind the first
 * snapshot_len bytes of packet. */
struct event {
	__u64 egress_ns;    /* of the probe; if unidentified, of the last one sent */
	__u64 driver_ns;    /* of the same probe; 0: not stamped */
	__u64 ingress_ns;   /* of the answer */
	__u64 receive_ns;   /* of the answer; 0: not stamped */
	__u32 ifindex;	    /* of the interface that the answer came in by */
	__u32 packet_len;   /* whole length of the answer from its IP header on */
	__u16 snapshot_len; /* how much of it stands in packet */
	__u16 ident;
	__u8 flags; /* enum answer_flag */
	__u8 pad[3];
	__u8 packet[SNAPSHOT_ROOM];
};

/* The Go half asserts the same sizes. */
_Static_assert(sizeof(struct config) == 32, "struct config has hidden padding");
_Static_assert(sizeof(struct probe) == 64, "struct probe has hidden padding");
_Static_assert(sizeof(struct event) == 48 + SNAPSHOT_ROOM, "struct event has hidden padding");

#endif
