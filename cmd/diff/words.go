package diff

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// conclusion says in some lines what differs.
func (r *Result) conclusion() []string {
	lines := []string{r.path()}
	if r.A.Reached != r.B.Reached {
		lines = append(lines, fmt.Sprintf("target: reached in %s alone", map[bool]string{true: "A", false: "B"}[r.A.Reached]))
	}
	lines = append(lines, "round-trip times: "+r.shifts(func(d Difference) *Shift { return d.RTT }, "slower", "faster"))
	if losses := r.shifts(func(d Difference) *Shift { return d.Loss }, "more", "less"); losses != "no difference shown" {
		lines = append(lines, "losses: "+losses)
	}
	for _, h := range r.Headers {
		lines = append(lines, "headers: "+h)
	}
	if r.few() {
		lines = append(lines, "perhaps: all samples lie apart, but are too few to be sure; -q 10 takes more")
	}
	return lines
}

// path says which hops differ.
func (r *Result) path() string {
	n := map[Change]int{}
	for _, d := range r.Hops {
		n[d.Change]++
	}
	var all []string
	for _, c := range []Change{Added, Removed, Changed} {
		if n[c] > 0 {
			all = append(all, output.Count(n[c], "hop")+" "+string(c))
		}
	}
	silent := ""
	if n[Silent] > 0 {
		silent = fmt.Sprintf("; %s answered in one trace only", output.Count(n[Silent], "hop"))
	}
	if len(all) == 0 {
		return "path: the same" + silent
	}
	return "path: " + strings.Join(all, ", ") + silent
}

// shifts says at which hops the samples differ.
func (r *Result) shifts(of func(Difference) *Shift, more, less string) string {
	var all []string
	for _, d := range r.Hops {
		if s := of(d); s != nil && s.Verdict != "" {
			verdict := strings.NewReplacer("more", more, "less", less).Replace(s.Verdict)
			all = append(all, fmt.Sprintf("hop %d %s (p = %.2g)", d.B.TTL, verdict, s.P))
		}
	}
	if len(all) == 0 {
		return "no difference shown"
	}
	return strings.Join(all, ", ")
}

func (r *Result) few() bool {
	for _, d := range r.Hops {
		if d.RTT != nil && strings.HasPrefix(d.RTT.Verdict, "perhaps") {
			return true
		}
	}
	return false
}
