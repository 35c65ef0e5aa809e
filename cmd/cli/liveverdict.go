package cli

import (
	"github.com/ebpftrace/ebpftrace/tracer/loss"
	"github.com/ebpftrace/ebpftrace/tracer/rounds"
)

// liveVerdicts says in a word what unanswered probes of the rounds mean, by
// TTL. Rounds all have the same pace, so a limit shows by the spacing of answers only.
func liveVerdicts(r *rounds.Record) map[int]string {
	words := map[int]string{}
	for _, v := range loss.Of(r.Trace()).Verdicts {
		if word := verdictWords[v.Kind]; word != "" && v.TTL > 0 {
			words[v.TTL] = word
		}
	}
	return words
}

var verdictWords = map[loss.Kind]string{
	loss.Loss: "loss", loss.Limits: "limits", loss.Answers: "answers",
	loss.Silent: "silent", loss.Local: "local", loss.Unclear: "unclear",
}
