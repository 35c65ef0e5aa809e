package output

import (
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// documentHead is what every document of a run begins with.
type documentHead struct {
	Schema string `json:"schema"`
	Target string `json:"target"` // as the user named it
	// Address is the target's address, and Source the one of this host that
	// the probes left from; without zone.
	Address   string `json:"address"`
	Source    string `json:"source"`
	Interface string `json:"interface,omitempty"`
	Protocol  string `json:"protocol"`       // udp, icmp, tcp
	Port      uint16 `json:"port,omitempty"` // of flow 0; absent if the protocol has none
	MaxTTL    int    `json:"max_ttl"`
	// Size is that of a probe in bytes, with IP header; absent where it varies.
	Size *int `json:"packet_size,omitempty"`
	// Timing is the pair of stamps expected to time every sample; each
	// probe's source says which one did.
	Timing string `json:"timing"`
	// Rung is what takes the stamps, in a few words.
	Rung string `json:"timed_by,omitempty"`
	// Notes say why samples are not timed nearer to the wire.
	Notes []string `json:"notes,omitempty"`
	// StartedAt is the wall clock at the first probe, in UTC (RFC 3339).
	StartedAt  string `json:"started_at"`
	Elapsed    int64  `json:"elapsed_ns"`
	Reached    bool   `json:"reached"`
	StopReason string `json:"stop_reason"` // a tracer.StopReason
	Error      string `json:"error,omitempty"`
}

// ended is how a run went, whatever it was for.
type ended struct {
	started time.Time // the wall clock at the first probe
	elapsed time.Duration
	reached bool
	stop    tracer.StopReason
	err     error
}

// newHead begins a document of that schema.
func newHead(schema string, h Header, e ended) documentHead {
	return documentHead{
		Schema: schema, Target: Safe(h.Target), Address: Plain(h.Address).String(), Source: Plain(h.Source).String(),
		Interface: Safe(h.Interface), Protocol: h.Protocol, Port: h.Port, MaxTTL: h.MaxTTL, Size: &h.Size,
		Timing: Safe(h.Timing), Rung: Safe(h.Rung), Notes: safeAll(h.Notes),
		StartedAt: wall(e.started), Elapsed: e.elapsed.Nanoseconds(),
		Reached: e.reached, StopReason: e.stop.String(), Error: message(e.err),
	}
}

func safeAll(lines []string) (all []string) {
	for _, line := range lines {
		all = append(all, Safe(line))
	}
	return all
}
