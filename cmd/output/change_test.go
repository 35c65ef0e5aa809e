package output

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// answering makes a hop of a letter for each probe, the last part of who answers.
func answering(ttl int, text string) tracer.Hop {
	var probes []tracer.Probe
	for i, c := range text {
		p := heard("203.0.113."+string(c), ms)
		p.SentAt = began.Add(time.Duration(10*i+ttl) * ms)
		probes = append(probes, p)
	}
	return at(ttl, probes...)
}

// A change of path is told with its time; what takes turns is no change.
func TestPathChange(t *testing.T) {
	tr := trace(tracer.StopReached, ms, answering(1, "1111111111"), answering(2, "2222233333"), answering(3, "4545545454"))
	want := []string{
		"path changed at hop 2 after 52.00 ms: 203.0.113.2, then 203.0.113.3",
		"hop 3 answers by turns from 203.0.113.4 and 203.0.113.5, which is no change of path",
	}
	if got := changeLines(header4, tr); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	text, _ := json.Marshal(newDocument(header4, tr, nil))
	for _, part := range []string{
		`"path_changes":[{"hops":[2],"from":"203.0.113.2","to":"203.0.113.3","after_ns":42000000,"by_ns":52000000}]`,
		`"turns":[{"ttl":3,"addresses":["203.0.113.4","203.0.113.5"],"unsure":false}]`,
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	if err := compile(t, readSchema(t)).Validate(flatten(t, text)); err != nil {
		t.Error(err)
	}
}

// Losses before and after a change are of two paths, and told apart.
func TestLossOfPaths(t *testing.T) {
	first, second := answering(2, "22222222222222222222"), answering(2, "33333333333333333333")
	for i := range second.Probes {
		second.Probes[i].SentAt = second.Probes[i].SentAt.Add(time.Second)
	}
	far, farther := answering(3, "44444444444444444444"), answering(3, "44444444444444444444")
	for i := range farther.Probes {
		farther.Probes[i].SentAt = second.Probes[i].SentAt.Add(ms)
		if partial[i] == 'L' {
			farther.Probes[i].State = tracer.Lost
		}
	}
	end := at(4, farther.Probes...)
	tr := trace(tracer.StopReached, ms, at(2, append(first.Probes, second.Probes...)...), at(3, append(far.Probes, farther.Probes...)...), end)
	got := lossLines(header4, tr)
	if len(got) != 1 || !strings.HasPrefix(got[0], "path 2: loss starts at hop 3: 12 of 40, 30 %") {
		t.Errorf("%q, want loss on the second path alone", got)
	}
}
