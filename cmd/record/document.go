package record

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// Format names the document and its version. Fields may be added to a version; one
// that changes its meaning or goes makes a new version.
const Format = "ebpftrace.recording/1"

// document is what a file holds of a trace beside packets.
type document struct {
	preamble
	Trace traceJSON `json:"trace"`
}

// preamble is what every kind of document has.
type preamble struct {
	Format  string `json:"format"`  // [Format] or [SearchFormat]
	Program string `json:"program"` // version of the program that wrote it
	// Offset is what was added to stamps, in nanoseconds of CLOCK_MONOTONIC, to
	// bring them to the wall clock.
	Offset int64 `json:"wall_offset_ns"`
	// Packets is the number of packets in front of this document.
	Packets int `json:"packets"`
	// LeftOut is the number of answers for which there was no room.
	LeftOut int    `json:"answers_left_out,omitempty"`
	Header  header `json:"header"`
	// Names has the names that were told; nil if none were wanted.
	Names map[netip.Addr]string `json:"names"`
	// Origins has the networks that were found; nil if none were wanted.
	Origins map[netip.Addr]origin.Origin `json:"origins,omitempty"`
	Error   string                       `json:"error,omitempty"` // what ended the run
}

// header is an output.Header without names and networks, and without what is the
// terminal's.
type header struct {
	Target    string     `json:"target"`
	Address   netip.Addr `json:"address"`
	Host      string     `json:"host,omitempty"`
	Source    netip.Addr `json:"source"`
	Interface string     `json:"interface"`
	Protocol  string     `json:"protocol"`
	Port      uint16     `json:"port,omitempty"`
	MaxTTL    int        `json:"max_ttl"`
	Size      int        `json:"packet_size"`
	Timing    string     `json:"timing"`
	Rung      string     `json:"timed_by,omitempty"`
	Notes     []string   `json:"notes,omitempty"`
	Stamps    bool       `json:"stamps,omitempty"`
	Diff      bool       `json:"diff,omitempty"`
	Back      bool       `json:"back,omitempty"`
	Unquoted  bool       `json:"unquoted,omitempty"`
	Started   time.Time  `json:"started"`
}

// traceJSON is a tracer.Trace.
type traceJSON struct {
	Source    netip.Addr      `json:"source"`
	Target    netip.Addr      `json:"target"`
	Protocol  string          `json:"protocol"`
	Flow      flow            `json:"flow"`
	Started   time.Time       `json:"started"`
	Elapsed   time.Duration   `json:"elapsed_ns"`
	Stop      string          `json:"stop_reason"` // a tracer.StopReason
	Counters  tracer.Counters `json:"counters"`
	Tally     tracer.Tally    `json:"tally"`
	NextIdent uint16          `json:"next_ident"`
	Hops      []hop           `json:"hops"`
	Rounds    []round         `json:"rounds,omitempty"`
}

// round is a tracer.Round.
type round struct {
	Interval time.Duration `json:"interval_ns"`
	Hops     []hop         `json:"hops"`
}

type hop struct {
	TTL    int         `json:"ttl"`
	Probes []probeJSON `json:"probes"`
}

// probeJSON is a tracer.Probe, but for what follows from its answer and stamps.
type probeJSON struct {
	TTL        int              `json:"ttl"`
	Query      int              `json:"query"`
	Flow       int              `json:"flow,omitempty"`
	Ident      uint16           `json:"ident"`
	Size       int              `json:"size,omitempty"`
	State      string           `json:"state"` // a tracer.State
	SentAt     time.Time        `json:"sent_at,omitzero"`
	Stamps     map[string]int64 `json:"stamps,omitempty"` // by stamp.Point
	Duplicates int              `json:"duplicates,omitempty"`
	Rewritten  bool             `json:"rewritten,omitempty"`
	Error      string           `json:"error,omitempty"`
	// Packet and Answer are numbers of packets in the file, from 1; 0: none.
	Packet int `json:"packet,omitempty"`
	Answer int `json:"answer,omitempty"`
}

// flow is a probe.Flow, which converts to it.
type flow struct {
	Source       netip.Addr `json:"source"`
	Target       netip.Addr `json:"target"`
	SourcePort   uint16     `json:"source_port"`
	TargetPort   uint16     `json:"target_port"`
	FlowLabel    uint32     `json:"flow_label"`
	TrafficClass uint8      `json:"traffic_class"`
	DontFragment bool       `json:"dont_fragment"`
	Size         int        `json:"size"`
	Secret       uint16     `json:"secret"`
	Variant      uint16     `json:"variant"`
}

var _ = flow(probe.Flow{}) // a field that is added there is wanted here
