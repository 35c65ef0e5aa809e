package output

import (
	"bytes"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
)

// A wish changes what is written in each format that does not lack a place for it, and
// in no other. JSON has what the network said in any case.
func TestLacks(t *testing.T) {
	system, place := register{}, register{}
	for _, addr := range path("192.0.2.1", "203.0.113.1", "198.51.100.7") {
		from := addr.Probes[0].Answer.From.String()
		system[from], place[from] = origin.Origin{AS: []uint32{64500}}, origin.Origin{City: "Utrecht"}
	}
	for wish, ask := range map[Wish]func(*Header){
		WishNetworks: func(h *Header) { h.Origins = system },
		WishPlaces:   func(h *Header) { h.Origins = place },
		WishStamps:   func(h *Header) { h.Stamps = true },
		WishDiff:     func(h *Header) { h.Diff = true },
		WishBack:     func(h *Header) { h.Back = true },
	} {
		for _, f := range Formats {
			with, without := sampleOf(t, "stamps"), sampleOf(t, "stamps")
			with.header.Stamps, without.header.Stamps = false, false
			ask(&with.header)
			if wish == WishPlaces || wish == WishNetworks {
				without.header.Origins = register{}
			}
			inAnyCase := (f.Name == "json" || f.Name == "jsonl") && wish != WishNetworks && wish != WishPlaces
			changes := !bytes.Equal(render(t, f, with), render(t, f, without)) || inAnyCase
			if changes == f.Lacks(wish) {
				t.Errorf("%s: %s changes something: %v, lacks a place for it: %v", f.Name, wish, changes, f.Lacks(wish))
			}
		}
	}
}
