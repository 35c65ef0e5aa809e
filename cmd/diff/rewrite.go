package diff

import (
	"fmt"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// Rewrite is a field of the probes that another value was seen of from some hop on.
// Which values is left out: of ports, identifiers and checksums they differ from run to
// run anyway.
type Rewrite struct {
	Field  string `json:"field"`
	Before struct {
		TTL int `json:"ttl"`
	} `json:"before"` // the first hop that saw it
}

// rewrites says which changes of headers were seen in one trace alone.
func rewrites(a, b *Trace) (all []string) {
	for _, side := range []struct {
		name    string
		in, out *Trace
	}{{"A", a, b}, {"B", b, a}} {
		known := map[Rewrite]bool{}
		for _, w := range side.out.Rewrites {
			known[w] = true
		}
		for _, w := range side.in.Rewrites {
			if !known[w] {
				known[w] = true
				all = append(all, fmt.Sprintf("%s changed before hop %d in %s alone", output.Safe(w.Field), w.Before.TTL, side.name))
			}
		}
	}
	return all
}
