package diff_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/diff"
	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// doc writes the JSON of a trace: a hop is what answered, and the round-trip times in
// microseconds, - for a loss, as in "10.0.0.1 20 21 -".
func doc(reached bool, hops ...string) string {
	d := map[string]any{
		"schema": output.Schema, "target": "t.example", "address": "10.9.9.9", "source": "10.0.0.9", "protocol": "udp", "port": 33434,
		"timing": "kernel", "started_at": "2026-03-01T12:00:00.5Z", "reached": reached, "stop_reason": map[bool]string{true: "reached", false: "gap_limit"}[reached],
	}
	var all []any
	for i, h := range hops {
		words := strings.Fields(h)
		var probes []any
		for _, w := range words[1:] {
			p := map[string]any{"ttl": i + 1, "status": "lost"}
			if w != "-" {
				var us int
				fmt.Sscan(w, &us)
				p = map[string]any{"ttl": i + 1, "status": "answered", "from": words[0], "rtt_ns": us * 1000}
			}
			probes = append(probes, p)
		}
		all = append(all, map[string]any{"ttl": i + 1, "probes": probes})
	}
	d["hops"] = all
	text, _ := json.Marshal(d)
	return string(text)
}

func load(t testing.TB, text string) *diff.Trace {
	t.Helper()
	trace, err := diff.Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

func words(t *testing.T, r *diff.Result) string {
	t.Helper()
	var out bytes.Buffer
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	r1, r2, r3, r4 = "10.0.0.1 1 2 3", "10.0.0.2 1 2 3", "10.0.0.3 1 2 3", "10.0.0.4 1 2 3"
	target, silent = "10.9.9.9 1 2 3", "* - - -"
)

func TestPath(t *testing.T) {
	tests := []struct {
		name string
		a, b string
		want string // the changes, by the first letter but for same, which is =
		same bool
	}{
		{"same", doc(true, r1, r2, target), doc(true, r1, r2, target), "===", true},
		{"one more in the middle", doc(true, r1, r2, r3, target), doc(true, r1, r4, r2, r3, target), "=a===", false},
		{"one less", doc(true, r1, r2, r3, target), doc(true, r1, r3, target), "=r==", false},
		{"another router", doc(true, r1, r2, target), doc(true, r1, r3, target), "=c=", false},
		{"one silent", doc(true, r1, r2, target), doc(true, r1, silent, target), "=s=", true},
		{"silent in both", doc(true, r1, silent, target), doc(true, r1, silent, target), "===", true},
		{"one silent, one more", doc(true, r1, r2, r3, target), doc(true, r1, silent, r4, r3, target), "=sa==", false},
		{"not reached", doc(true, r1, r2, target), doc(false, r1, r2, silent, silent, silent), "==r", false},
		{"silence behind the end", doc(false, r1, silent), doc(false, r1, silent, silent, silent), "=", true},
		{"the end at the same place, but barred", doc(true, r1, target), doc(false, r1, target), "==", false},
		{"nothing", doc(false), doc(false, silent), "", true},
		{"from nothing", doc(false), doc(true, r1, target), "aa", false},
		{"a shared branch", doc(true, r1, r2), doc(true, r1, "10.0.0.2 1 2"), "==", true},
	}
	for _, tt := range tests {
		r := diff.Compare("a", load(t, tt.a), "b", load(t, tt.b))
		got := ""
		for _, d := range r.Hops {
			got += map[bool]string{true: "=", false: string(d.Change[0])}[d.Change == diff.Same]
		}
		if got != tt.want || r.SamePath != tt.same {
			t.Errorf("%s: %s, same path %v; want %s, %v\n%s", tt.name, got, r.SamePath, tt.want, tt.same, words(t, r))
		}
	}
}

func TestShifts(t *testing.T) {
	ten := func(from int) string {
		s := "10.0.0.1"
		for i := range 10 {
			s += fmt.Sprint(" ", from+i)
		}
		return s
	}
	tests := []struct {
		name, a, b string
		rtt, loss  string
	}{
		{"ten slower", ten(100), ten(120), "more", ""},
		{"ten faster", ten(120), ten(100), "less", ""},
		{"ten alike", ten(100), ten(102), "", ""},
		{"three slower are too few", "10.0.0.1 10 11 12", "10.0.0.1 90 91 92", "perhaps more", ""},
		{"three overlap", "10.0.0.1 10 11 12", "10.0.0.1 12 91 92", "", ""},
		{"one is nothing", "10.0.0.1 10", "10.0.0.1 90", "", ""},
		{"lost", ten(100), "10.0.0.1 100 101 102 - - - - - - -", "", "more"},
		{"lost less", "10.0.0.1 100 101 102 - - - - - - -", ten(100), "", "less"},
		{"a loss of three is nothing", "10.0.0.1 1 2 3", "10.0.0.1 1 2 -", "", ""},
	}
	for _, tt := range tests {
		d := diff.Compare("a", load(t, doc(true, tt.a)), "b", load(t, doc(true, tt.b))).Hops[0]
		loss := ""
		if d.Loss != nil {
			loss = d.Loss.Verdict
		}
		if d.RTT.Verdict != tt.rtt || loss != tt.loss {
			t.Errorf("%s: times %q, loss %q; want %q and %q (%+v)", tt.name, d.RTT.Verdict, loss, tt.rtt, tt.loss, d.RTT)
		}
	}
}

// What would be a shift at one hop is none among thirty.
func TestManyHops(t *testing.T) {
	alone := diff.Compare("a", load(t, doc(true, "10.0.0.1 1 2 3 4 5")), "b", load(t, doc(true, "10.0.0.1 6 7 8 9 10")))
	var as, bs []string
	for i := range 30 {
		as = append(as, fmt.Sprintf("10.0.1.%d 1 2 3 4 5", i))
		bs = append(bs, fmt.Sprintf("10.0.1.%d 6 7 8 9 10", i))
	}
	among := diff.Compare("a", load(t, doc(true, as...)), "b", load(t, doc(true, bs...)))
	if got, want := alone.Hops[0].RTT.Verdict+", "+among.Hops[0].RTT.Verdict, "more, perhaps more"; got != want {
		t.Errorf("alone and among thirty: %s, want %s", got, want)
	}
}

// What makes two traces less comparable is said, and so are changes of headers.
func TestRemarks(t *testing.T) {
	a := doc(true, r1)
	b := strings.NewReplacer(`"kernel"`, `"user"`, `"10.9.9.9"`, `"10.9.9.8"`, `"source"`,
		`"changes":[{"field":"dscp","before":{"ttl":3}},{"field":"df\u001b","before":{"ttl":4}}],"source"`, `33434`, `53`).Replace(a)
	text := words(t, diff.Compare("a", load(t, a), "b", load(t, b)))
	for _, want := range []string{
		"timing: kernel in A, user in B", "target: 10.9.9.9 in A, 10.9.9.8 in B", "protocol: udp port 33434 in A, udp port 53 in B",
		"dscp changed before hop 3 in B alone", "df\ufffd changed",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(words(t, diff.Compare("a", load(t, b), "b", load(t, b))), "alone") {
		t.Error("a change in both is told as one in one of them")
	}
}
