package main

import (
	"net/netip"
	"time"
)

// frame is a packet that a capture saw.
type frame struct {
	at time.Time // CLOCK_REALTIME, by the kernel
	packet
}

// exchange is a probe and its first answer, as one end of the link saw them.
type exchange struct {
	key  key // of the probe's quote
	nth  int // among the probes of the same key, from 0
	ttl  int // as the client sent it
	sent time.Time
	// rtt is valid iff answered.
	rtt      time.Duration
	answered bool
}

// follow returns the exchanges that the client began, in that order. Of probes
// that look alike the last before the answer gets it: a tracer that sends such
// probes has one in flight at a time.
func follow(frames []frame, client func(netip.Addr) bool) []exchange {
	var all []exchange
	last := make(map[key]int) // by all keys
	count := make(map[key]int)
	for _, f := range frames {
		if client(f.src) {
			keys, ok := probeKeys(f.packet)
			if !ok {
				continue
			}
			for _, k := range keys {
				last[k] = len(all)
			}
			all = append(all, exchange{key: keys[0], nth: count[keys[0]], ttl: f.ttl, sent: f.at})
			count[keys[0]]++
		} else if k, ok := answerKey(f.packet); ok {
			if i, ok := last[k]; ok && !all[i].answered {
				all[i].rtt, all[i].answered = f.at.Sub(all[i].sent), true
			}
		}
	}
	return all
}

// passage is an exchange with both sides of its bracket, or without.
type passage struct {
	ttl  int
	sent time.Time // by the near end
	// bracket is valid iff bracketed: both ends saw probe and answer.
	bracket   bracket
	bracketed bool
}

// pair joins what the ends saw of the same probes. The order is near's.
func pair(near, far []exchange) []passage {
	type id struct {
		key key
		nth int
	}
	there := make(map[id]exchange, len(far))
	for _, e := range far {
		there[id{e.key, e.nth}] = e
	}
	all := make([]passage, len(near))
	for i, e := range near {
		all[i] = passage{ttl: e.ttl, sent: e.sent}
		if f := there[id{e.key, e.nth}]; e.answered && f.answered {
			all[i].bracket, all[i].bracketed = bracket{far: f.rtt, near: e.rtt}, true
		}
	}
	return all
}
