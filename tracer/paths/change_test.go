package paths

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

var start = time.Unix(1_000_000, 0)

// hops makes a hop of each text: a letter is an address that answers, - none. The
// probes leave 10 ms apart, those of each hop 1 ms after those of the last.
func hops(texts ...string) (all []tracer.Hop) {
	for i, text := range texts {
		h := tracer.Hop{TTL: i + 1}
		for k, c := range text {
			p := tracer.Probe{TTL: i + 1, Query: k, State: tracer.Lost, SentAt: start.Add(time.Duration(10*k+i) * time.Millisecond)}
			if c != '-' {
				p.State, p.Answer = tracer.Answered, wire.Answer{From: address(c)}
			}
			h.Probes = append(h.Probes, p)
		}
		all = append(all, h)
	}
	return all
}

func address(c rune) netip.Addr { return netip.MustParseAddr(fmt.Sprintf("10.0.0.%d", c)) }

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		hops       []tracer.Hop
	}{
		{"steady", "", hops("AAAA", "BB-B", "----")},
		{"once", "change at [2] of B to C from 31 to 41 ms;", hops("AAAAAAAA", "BBBBCCCC", "DDDDDDDD")},
		{"at several hops", "change at [2 3] of B to C from 32 to 42 ms;", hops("AAAAAAAA", "BBBB-CCC", "DDDDEEEE", "FFFFFFFF")},
		{"there and back", "change at [1] of A to B from 50 to 60 ms;change at [1] of B to A from 110 to 120 ms;", hops("AAAAAABBBBBBAAAAAA")},
		{"by turns", "turns at 1;turns at 2;", hops("ABABABAB", "CDDCDCCD")},
		{"too few", "unsure at 1;", hops("AAB")},
		{"a change and turns", "change at [2] of B to C from 41 to 51 ms;turns at 3;", hops("AAAAAAAAAA", "BBBBBCCCCC", "DEDEEDEDED")},
		{"silence", "", hops("A---A", "-----")},
	} {
		if got := told(Compare(tt.hops)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func told(r Report) (s string) {
	for _, c := range r.Changes {
		s += fmt.Sprintf("change at %v of %c to %c from %d to %d ms;", c.Hops, c.From.As4()[3], c.To.As4()[3],
			c.After.Sub(start).Milliseconds(), c.By.Sub(start).Milliseconds())
	}
	for _, turns := range r.Turns {
		word := "turns"
		if turns.Unsure {
			word = "unsure"
		}
		s += fmt.Sprintf("%s at %d;", word, turns.TTL)
	}
	return s
}

// Probes of several flows may go several ways at once.
func TestOtherFlows(t *testing.T) {
	h := hops("AAAABBBB")
	for i := range h[0].Probes {
		h[0].Probes[i].Flow = i / 4
	}
	if r := Compare(h); !reflect.DeepEqual(r, Report{}) {
		t.Errorf("%+v", r)
	}
}
