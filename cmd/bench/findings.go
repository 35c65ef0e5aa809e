package bench

import (
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/stats"
)

// together is where the losses of all paths are summed up.
const together = -1

// thorough is how many rounds are enough to tell of hops that never answer.
const thorough = 20

// findingsDoc is what the rounds as a whole tell.
type findingsDoc struct {
	Paths []pathDoc            `json:"paths,omitempty"`
	Loss  []output.LossVerdict `json:"loss,omitempty"`
}

type pathDoc struct {
	Path      int                  `json:"path"` // its number, from 1
	Rounds    int                  `json:"rounds"`
	First     time.Duration        `json:"first_ns"`
	ChangedAt int                  `json:"changed_at,omitempty"`
	Loss      []output.LossVerdict `json:"loss,omitempty"`
}

// sum returns the losses of a path.
func (r *Result) sum(route int) *loss.Sum {
	if r.losses == nil {
		r.losses = map[int]*loss.Sum{}
	}
	if r.losses[route] == nil {
		r.losses[route] = &loss.Sum{}
	}
	return r.losses[route]
}

// route returns the number of the path by which somebody answered, from 1; 0 if there
// was one only.
func (r *Result) route(responder *stats.Responder) int {
	if r.Path.Routes() == nil {
		return 0
	}
	return responder.Route + 1
}

// By says by which path somebody answered, if there were several.
func (r *Result) By(responder *stats.Responder) string {
	if n := r.route(responder); n > 0 {
		return fmt.Sprintf(" by path %d", n)
	}
	return ""
}

// Findings says, in lines, which paths there were and what unanswered probes mean.
func (r *Result) Findings() (lines []string) {
	routes := r.Path.Routes()
	if routes == nil {
		return r.lossLines(together)
	}
	for i, route := range routes {
		line := fmt.Sprintf("path %d: %s from %s on", i+1, output.Count(route.Rounds, "round"), output.Duration(r.since(route)))
		if route.Change > 0 {
			line += fmt.Sprintf(", other than before from hop %d on", route.Change)
		}
		lines = append(lines, line)
		for _, l := range r.lossLines(i) {
			lines = append(lines, "  "+l)
		}
	}
	return lines
}

func (r *Result) lossLines(route int) []string {
	advice := ""
	if r.Rounds < thorough {
		advice = "-c 100 tells more"
	}
	return output.LossLines(r.sum(route).Judge().Verdicts, advice)
}

// since returns when a path was first taken.
func (r *Result) since(route *stats.Route) time.Duration { return max(0, route.First.Sub(r.Started)) }

func (r *Result) findings() (d findingsDoc) {
	routes := r.Path.Routes()
	if routes == nil {
		d.Loss = output.LossVerdicts(r.sum(together).Judge().Verdicts)
	}
	for i, route := range routes {
		d.Paths = append(d.Paths, pathDoc{
			i + 1, route.Rounds, r.since(route), route.Change, output.LossVerdicts(r.sum(i).Judge().Verdicts),
		})
	}
	return d
}
