package record

import (
	"net/netip"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/multipath"
)

// SearchFormat is the Format of a search for all paths.
const SearchFormat = "ebpftrace.recording.multipath/1"

// searchDocument is what a file holds of a search beside packets.
type searchDocument struct {
	preamble
	// Confidence and Again are the rest of an output.MultipathHeader.
	Confidence float64    `json:"confidence_wanted"`
	Again      again      `json:"repeat"`
	Result     resultJSON `json:"result"`
}

// again is an output.Again.
type again struct {
	SourcePort uint16   `json:"source_port"`
	FlowLabel  *uint32  `json:"flow_label,omitempty"`
	Command    []string `json:"command"`
}

// resultJSON is a multipath.Result, but for what follows from its probes.
type resultJSON struct {
	Source       netip.Addr      `json:"source"`
	Target       netip.Addr      `json:"target"`
	Protocol     string          `json:"protocol"`
	Flow         flow            `json:"flow"`
	Started      time.Time       `json:"started"`
	Elapsed      time.Duration   `json:"elapsed_ns"`
	Stop         string          `json:"stop_reason"` // a tracer.StopReason
	Nodes        []searchNode    `json:"nodes"`
	Links        []searchLink    `json:"links"`
	Diamonds     []diamond       `json:"diamonds,omitempty"`
	Wanted       float64         `json:"wanted"`
	Confidence   float64         `json:"confidence"`
	Lite         []int           `json:"lite_hops,omitempty"`
	Spent        int             `json:"spent"`
	Theory       float64         `json:"theory"`
	Destinations int             `json:"destinations,omitempty"`
	Doubts       []doubt         `json:"doubts,omitempty"`
	Probes       []probeJSON     `json:"probes"`
	At           []int           `json:"at"`    // by probe
	Paths        [][]int         `json:"paths"` // by flow
	Counters     tracer.Counters `json:"counters"`
	Tally        multipath.Tally `json:"tally"`
	NextIdent    uint16          `json:"next_ident"`
}

// searchNode is a multipath.Node without its round-trip times.
type searchNode struct {
	Hop         int        `json:"hop"`
	Addr        netip.Addr `json:"addr,omitzero"`
	Flows       []int      `json:"flows"`
	Probes      int        `json:"probes"`
	Answered    int        `json:"answered"`
	Balance     string     `json:"balance"` // a multipath.Balance
	Missed      float64    `json:"missed,omitempty"`
	Target      bool       `json:"target,omitempty"`
	Unreachable bool       `json:"unreachable,omitempty"`
	Loop        bool       `json:"loop,omitempty"`
	Elsewhere   bool       `json:"elsewhere,omitempty"`
}

// searchLink is a multipath.Link, which converts to it; so do the two below.
type searchLink struct {
	From      int   `json:"from"`
	To        int   `json:"to"`
	Flows     []int `json:"flows,omitempty"`
	Sure      bool  `json:"sure,omitempty"`
	Elsewhere bool  `json:"elsewhere,omitempty"`
}

type diamond struct {
	From   int  `json:"from"`
	To     int  `json:"to"` // -1: the ways end apart
	Width  int  `json:"width"`
	Length int  `json:"length"`
	Meshed bool `json:"meshed,omitempty"`
	Uneven bool `json:"uneven,omitempty"`
}

type doubt struct {
	Hop  int              `json:"hop"`
	Addr netip.Addr       `json:"addr,omitzero"`
	Why  multipath.Reason `json:"why"`
}
