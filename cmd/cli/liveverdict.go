package cli

import (
	"strings"

	"github.com/ebpftrace/ebpftrace/cmd/live"
	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// liveVerdicts says what unanswered probes of the rounds mean, by TTL; of several paths,
// on the latest. Rounds all have the same pace, so a limit shows by the spacing of
// answers only.
func liveVerdicts(r *rounds.Record) map[int]live.Verdict {
	all := map[int]live.Verdict{}
	for _, v := range loss.Of(r.Trace()).Verdicts {
		if word := verdictWords[v.Kind]; word != "" && v.TTL > 0 {
			v.Path = 0 // they have no numbers here
			all[v.TTL] = live.Verdict{Word: word, Text: strings.Join(output.LossLines([]loss.Verdict{v}, ""), " ")}
		}
	}
	return all
}

var verdictWords = map[loss.Kind]string{
	loss.Loss: "loss", loss.Limits: "limits", loss.Answers: "answers",
	loss.Silent: "silent", loss.Local: "local", loss.Unclear: "unclear",
}
