package output

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
)

// hops makes a hop of each text, of which A is an answered probe.
func hops(texts ...string) (all []tracer.Hop) {
	for i, text := range texts {
		var probes []tracer.Probe
		for _, c := range text {
			p := lost
			if c == 'A' {
				p = heard("203.0.113.1", ms)
			}
			probes = append(probes, p)
		}
		all = append(all, at(i+1, probes...))
	}
	return all
}

const (
	whole   = "AAAAAAAAAAAAAAAAAAAA"
	partial = "ALALAALAAALALAAAALAA"
)

func TestLossLines(t *testing.T) {
	for want, hops := range map[string][]tracer.Hop{
		"loss starts at hop 3: 12 of 40, 30 % (95 %: 18 to 45 %), lost from there on, out or back; 0 of 40 before (Fisher's exact test, p 9e-05)": hops(whole, whole, partial, partial),
		"loss starts at hop 1: 12 of 40, 30 % (95 %: 18 to 45 %), lost from there on, out or back; alike at all hops":                             hops(partial, partial),
		"hop 2 limits its ICMP, no packet loss: 14 of 20 unanswered; 0 of 20 beyond, and answers come in a burst (exact test, p 3e-05)":           hops(whole, "AAAAAALLLLLLLLLLLLLL", whole),
		"hop 1: answers are missing, packets are not: 9 of 20 unanswered; 0 of 40 beyond (Fisher's exact test, p 1e-05)":                          hops("LALALAALLAALALAALALA", whole, whole),
		"hop 2: 1 of 3 unanswered: too few probes to tell why; -q 20 or --loss tells more":                                                        hops("AAA", "ALA", "AAA"),
		"": hops("AAA", "LLL", "AAA", "AAA"),
	} {
		got := strings.Join(lossLines(header4, trace(tracer.StopReached, ms, hops...)), "; ")
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// After --loss everything is told, silent hops too, and what was lost at each pace.
func TestLossLinesOfRounds(t *testing.T) {
	tr := trace(tracer.StopReached, ms, hops("AAA", "ALL", "LLL", "AAA")...)
	tr.Rounds = []tracer.Round{
		{Hops: hops(whole, "ALLALLLALLLLALLLLLAL", "LLLL", whole)},
		{Interval: 1250 * time.Millisecond, Hops: hops("AAAAAA", "AAAAAA", "L", "AAAAAA")},
	}
	got := lossLines(header4, tr)
	want := []string{
		"hop 2 limits its ICMP, no packet loss: 17 of 29 unanswered; it answers more at a lower rate (Fisher's exact test, p 0.004); by pace: 17 of 23 at once, 0 of 6 each 1.25 s",
		"hop 3 is silent, no packet loss: 8 of 8 unanswered, hops beyond answer",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	text, _ := json.Marshal(newDocument(header4, tr, nil))
	for _, part := range []string{`"verdict":"limits","ttl":2`, `{"interval_ns":1250000000,"lost":0,"sent":6}`, `"verdict":"silent","ttl":3`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	if err := compile(t, readSchema(t)).Validate(flatten(t, text)); err != nil {
		t.Error(err)
	}
}

func flatten(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The schema's lists are the names that the verdicts have.
func TestSchemaOfLoss(t *testing.T) {
	var schema struct {
		Defs struct {
			Verdict struct {
				Properties struct{ Verdict, Evidence struct{ Enum []string } }
			}
		} `json:"$defs"`
	}
	text, _ := json.Marshal(readSchema(t))
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	p := schema.Defs.Verdict.Properties
	same(t, "verdicts", p.Verdict.Enum, between(loss.Loss, loss.Few))
	same(t, "evidence", p.Evidence.Enum, between(loss.Plain, loss.ByAll))
}

// To have looked and found nothing is said, once it was looked for.
func TestNoLoss(t *testing.T) {
	tr := trace(tracer.StopReached, ms, hops("AAA", "AAA")...)
	if got := lossLines(header4, tr); got != nil {
		t.Errorf("%q", got)
	}
	tr.Rounds = []tracer.Round{{Hops: hops(whole, whole)}}
	if got := lossLines(header4, tr); !slices.Equal(got, []string{"no loss: all of 46 probes were answered"}) {
		t.Errorf("%q", got)
	}
}
