package main

import (
	"testing"
	"time"
)

// passages are probes by TTL, ten microseconds apart, whose brackets tell their
// place. A TTL below 0 stands for one without a bracket.
func passages(ttls ...int) []passage {
	all := make([]passage, len(ttls))
	for i, ttl := range ttls {
		all[i] = passage{ttl: max(ttl, -ttl), sent: epoch.Add(time.Duration(i) * 10 * time.Microsecond), bracketed: ttl > 0}
		all[i].bracket = bracket{far: time.Duration(i), near: time.Duration(i)}
	}
	return all
}

func after(us int) time.Time { return epoch.Add(time.Duration(us) * time.Microsecond) }

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		name      string
		samples   []sample
		run       []passage
		want      []int // places
		unmatched int
	}{
		{"by number", []sample{{ttl: 2, number: 1}, {ttl: 1}}, passages(1, 2, 1, 2), []int{3, 0}, 0},
		{"an unanswered one keeps its number", []sample{{ttl: 1, number: 1}}, passages(-1, 1), []int{1}, 0},
		{"without packets", []sample{{ttl: 1, number: 2}, {ttl: 3}}, passages(1, 1), nil, 2},
		{"without a bracket", []sample{{ttl: 1}}, passages(-1), nil, 1},
		{"by time", []sample{{ttl: 1, sentAt: after(19)}, {ttl: 1, sentAt: after(-1)}}, passages(1, 2, 1), []int{0, 2}, 0},
		{"by time, one not told of", []sample{{ttl: 5, sentAt: after(11)}}, passages(5, 5, 5), []int{2}, 0},
		{"by time, one each", []sample{{ttl: 1, sentAt: after(-2)}, {ttl: 1, sentAt: after(-1)}, {ttl: 1, sentAt: after(0)}}, passages(1, 1), []int{0, 1}, 1},
		{"by time, none since", []sample{{ttl: 1, sentAt: after(1)}}, passages(1), nil, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, unmatched := match(tt.samples, tt.run)
			if len(got) != len(tt.want) || unmatched != tt.unmatched {
				t.Fatalf("got %v, %d unmatched, want %v, %d", got, unmatched, tt.want, tt.unmatched)
			}
			for i, place := range tt.want {
				if int(got[i].far) != place {
					t.Errorf("sample %d has the packets of place %v, want %d", i, int(got[i].far), place)
				}
			}
		})
	}
}

func TestDuring(t *testing.T) {
	if got := during(passages(1, 2, 3, 4), after(10), after(20)); len(got) != 2 || got[0].ttl != 2 || got[1].ttl != 3 {
		t.Errorf("got %v", got)
	}
}
