package diff

import (
	"cmp"
	"net/netip"
)

// Result is what differs between traces A and B.
type Result struct {
	Schema string `json:"schema"` // [Schema]
	A      Side   `json:"a"`
	B      Side   `json:"b"`
	// SamePath says that no hop was added, removed or changed, and that both traces
	// or neither reached the target.
	SamePath bool         `json:"same_path"`
	Hops     []Difference `json:"hops"`
	// Headers says which changes of the probes' headers one trace alone saw.
	Headers []string `json:"headers,omitempty"`
	// Remarks say what else differs, and so makes the comparison worth less.
	Remarks []string `json:"remarks,omitempty"`
}

// Schema names the JSON document and its version.
const Schema = "ebpftrace.diff/1"

// Side says which trace is compared.
type Side struct {
	File       string `json:"file"`
	Target     string `json:"target"`
	Address    string `json:"address"`
	Protocol   string `json:"protocol"`
	Port       uint16 `json:"port,omitempty"`
	Timing     string `json:"timing"`
	StartedAt  string `json:"started_at"`
	Reached    bool   `json:"reached"`
	StopReason string `json:"stop_reason"`
	Hops       int    `json:"hops"` // up to the last that answered
}

// Difference is a hop of both traces, or of one.
type Difference struct {
	Change Change `json:"change"`
	A      *Spot  `json:"a,omitempty"`
	B      *Spot  `json:"b,omitempty"`
	// RTT and Loss are there for a hop that is the same, RTT if it was timed in both
	// traces, Loss if anything was lost.
	RTT  *Shift `json:"rtt,omitempty"`
	Loss *Shift `json:"loss,omitempty"`
}

// Spot is a hop in one trace.
type Spot struct {
	TTL       int          `json:"ttl"`
	Addresses []netip.Addr `json:"addresses"`
	Names     []string     `json:"names,omitempty"` // of the addresses, as far as known
	Sent      int          `json:"sent"`
	Lost      int          `json:"lost"`
	Median    *int64       `json:"rtt_median_ns,omitempty"`
	Samples   int          `json:"samples"` // of round-trip time
}

// Shift is what a test says of two sets of samples.
type Shift struct {
	// P is the probability of as much difference without any cause.
	P float64 `json:"p"`
	// Verdict is "", "more", "less", "perhaps more" or "perhaps less": B's against A's.
	Verdict string `json:"verdict,omitempty"`

	toward int  // 1: B has more, -1: less
	apart  bool // all samples of one exceed all of the other
}

// Compare compares two traces; the files are their names.
func Compare(fileA string, a *Trace, fileB string, b *Trace) *Result {
	r := &Result{Schema: Schema, Hops: []Difference{}}
	hopsA, hopsB := heard(a.Hops), heard(b.Hops)
	r.A, r.B = a.side(fileA, len(hopsA)), b.side(fileB, len(hopsB))
	r.SamePath = a.Reached == b.Reached
	r.Remarks, r.Headers = remarks(a, b), rewrites(a, b)
	for _, p := range align(hopsA, hopsB) {
		r.SamePath = r.SamePath && (p.change == Same || p.change == Silent)
		r.Hops = append(r.Hops, p.difference())
	}
	r.judge()
	return r
}

func (p pair) difference() Difference {
	d := Difference{Change: p.change, A: p.a.spot(), B: p.b.spot()}
	if p.change != Same || len(d.A.Addresses) == 0 {
		return d
	}
	both := shared(d.A.Addresses, d.B.Addresses)
	as, bs := p.a.times(both), p.b.times(both)
	if len(as) > 0 && len(bs) > 0 {
		d.RTT = &Shift{P: rankTest(as, bs), toward: cmp.Compare(*median(bs), *median(as)), apart: apart(as, bs)}
	}
	if d.A.Lost+d.B.Lost > 0 {
		d.Loss = &Shift{
			P:      fisherTest(d.A.Lost, d.A.Sent, d.B.Lost, d.B.Sent),
			toward: cmp.Compare(d.B.Lost*d.A.Sent, d.A.Lost*d.B.Sent),
		}
	}
	return d
}

// level is how many of a hundred comparisons may find a shift where there is none.
const level = 0.05

// judge calls the shifts. One in twenty tests finds something by chance, so the more
// hops there are, the less probable it has to be.
func (r *Result) judge() {
	times, losses := 0, 0
	for _, d := range r.Hops {
		times += count(d.RTT)
		losses += count(d.Loss)
	}
	for _, d := range r.Hops {
		d.RTT.judge(level / float64(max(1, times)))
		d.Loss.judge(level / float64(max(1, losses)))
	}
}

func count(s *Shift) int {
	if s == nil {
		return 0
	}
	return 1
}

func (s *Shift) judge(level float64) {
	words := map[int]string{1: "more", -1: "less"}
	switch {
	case s == nil:
	case s.P <= level:
		s.Verdict = words[s.toward]
	case s.apart && s.toward != 0:
		s.Verdict = "perhaps " + words[s.toward]
	}
}
