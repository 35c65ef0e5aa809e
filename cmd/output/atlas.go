package output

import (
	"encoding/json"
	"io"
	"strings"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// atlasFirmware is the version of RIPE Atlas's probes whose result format this is
// (https://atlas.ripe.net/docs/apis/result-format/, traceroute).
const atlasFirmware = 5080

// atlasCopies is the most copies of an answer that are listed: a flood of them would make
// a result of any length.
const atlasCopies = 100

// atlasResult is a traceroute result. There are no ids of a measurement and a probe
// of theirs: both are 0.
type atlasResult struct {
	Firmware    int        `json:"fw"`
	Version     string     `json:"mver"`
	Synced      int        `json:"lts"` // -1: it is not known how well the clock is set
	EndTime     int64      `json:"endtime"`
	TargetName  string     `json:"dst_name"`
	Target      string     `json:"dst_addr"`
	Source      string     `json:"src_addr"`
	Protocol    string     `json:"proto"`
	Family      int        `json:"af"`
	Size        int        `json:"size"`
	Paris       int        `json:"paris_id"`
	Hops        []atlasHop `json:"result"`
	Measurement int        `json:"msm_id"`
	Probe       int        `json:"prb_id"`
	Timestamp   int64      `json:"timestamp"`
	Name        string     `json:"msm_name"`
	From        string     `json:"from"`
	Type        string     `json:"type"`
}

type atlasHop struct {
	Hop     int   `json:"hop"`
	Answers []any `json:"result"` // of atlasReply, atlasSilence and atlasRefusal
}

type atlasSilence struct {
	X string `json:"x"`
}

type atlasRefusal struct {
	Error string `json:"error"`
}

// atlasReply is an answer; times are in milliseconds. A late one has no time, but its
// number.
type atlasReply struct {
	From       string          `json:"from"`
	TTL        uint8           `json:"ttl"`
	Size       int             `json:"size"`
	RTT        *float64        `json:"rtt,omitempty"`
	Late       int             `json:"late,omitempty"`
	Duplicate  bool            `json:"dup,omitempty"`
	QuotedTTL  *uint8          `json:"ittl,omitempty"` // unless 1
	QuotedTOS  uint8           `json:"itos,omitempty"`
	MTU        int             `json:"mtu,omitempty"`
	Error      any             `json:"err,omitempty"` // a letter, or the ICMP code
	Flags      string          `json:"flags,omitempty"`
	Extensions *atlasExtension `json:"icmpext,omitempty"`
}

type atlasExtension struct {
	Version int           `json:"version"`
	RFC4884 int           `json:"rfc4884"`
	Objects []atlasObject `json:"obj"`
}

type atlasObject struct {
	Class int          `json:"class"`
	Type  int          `json:"type"`
	MPLS  []atlasLabel `json:"mpls,omitempty"`
}

type atlasLabel struct {
	Label  int `json:"label"`
	Exp    int `json:"exp"`
	Bottom int `json:"s"`
	TTL    int `json:"ttl"`
}

type atlas struct {
	w      io.Writer
	header Header
}

func newAtlas(w io.Writer) Writer { return &atlas{w: w} }

func (a *atlas) Start(h Header) error {
	a.header = h
	return nil
}

func (a *atlas) Hop(tracer.Hop) error { return nil }

// End writes one line. Errors have no place here.
func (a *atlas) End(t *tracer.Trace, _ error) error {
	h := a.header
	if t == nil {
		t = &tracer.Trace{Started: h.Started}
	}
	d := atlasResult{
		Firmware: atlasFirmware, Version: "ebpftrace", Synced: -1,
		TargetName: Safe(h.Target), Target: Plain(h.Address).String(),
		Source: Plain(h.Source).String(), From: Plain(h.Source).String(),
		Protocol: strings.ToUpper(h.Protocol), Family: 4, Size: h.Size, Hops: []atlasHop{},
		Timestamp: started(h, t).Unix(), EndTime: started(h, t).Add(t.Elapsed).Unix(),
		Name: "Traceroute", Type: "traceroute",
	}
	if Plain(h.Address).Is6() {
		d.Family = 6
	}
	for _, hop := range t.Hops {
		d.Hops = append(d.Hops, newAtlasHop(hop))
	}
	return json.NewEncoder(a.w).Encode(d)
}

func newAtlasHop(h tracer.Hop) atlasHop {
	hop := atlasHop{Hop: h.TTL, Answers: []any{}}
	for i := range h.Probes {
		switch p := &h.Probes[i]; {
		case p.State == tracer.NotSent:
			hop.Answers = append(hop.Answers, atlasRefusal{"sendto failed: " + message(p.Err)})
		case !p.State.Heard():
			hop.Answers = append(hop.Answers, atlasSilence{"*"})
		default:
			hop.Answers = append(hop.Answers, newAtlasReplies(p, len(h.Probes)-1-i)...)
		}
	}
	return hop
}

// newAtlasReplies returns the answer, and one marked for each further one, whose time
// nobody kept. So many probes were sent to the hop after this one.
func newAtlasReplies(p *tracer.Probe, behind int) (all []any) {
	a := &p.Answer
	r := atlasReply{
		From: Plain(a.From).String(), TTL: a.TTL, Size: a.Length, MTU: a.MTU,
		Error: atlasError(a), Flags: atlasFlags(a.Kind), Extensions: newAtlasExtension(a.Extensions),
	}
	if q := a.Quote; q != nil {
		r.QuotedTOS = q.TrafficClass
		if q.TTL != 1 {
			r.QuotedTTL = &q.TTL
		}
	}
	switch rtt := milliseconds(p.RTT); {
	case p.State == tracer.Late:
		r.Late = max(1, behind)
	case p.Timing.Name != "":
		r.RTT = &rtt
	}
	all = append(all, r)
	for r.RTT, r.Duplicate = nil, true; len(all) <= min(p.Duplicates, atlasCopies); {
		all = append(all, r)
	}
	return all
}

// atlasError is N, H, A, P, p, h or the code of a destination unreachable.
func atlasError(a *wire.Answer) any {
	if a.Kind != wire.Unreachable {
		return nil
	}
	letters := map[uint8]string{0: "N", 1: "H", 2: "P", 3: "p", 9: "A", 10: "A", 13: "A"}
	if a.From.Is6() {
		letters = map[uint8]string{0: "N", 1: "A", 2: "h", 3: "H", 4: "p"}
	}
	if letter, ok := letters[a.Code]; ok {
		return letter
	}
	return a.Code
}

func atlasFlags(k wire.Kind) string {
	switch k {
	case wire.SynAck:
		return "SA"
	case wire.Reset:
		return "RA"
	}
	return ""
}

func newAtlasExtension(objects []icmp.Extension) *atlasExtension {
	if len(objects) == 0 {
		return nil
	}
	e := &atlasExtension{Version: 2, RFC4884: 1}
	for _, o := range newExtensions(objects) {
		object := atlasObject{Class: o.Class, Type: o.Type}
		for _, l := range o.MPLS {
			object.MPLS = append(object.MPLS, atlasLabel{l.Label, l.TrafficClass, bit(l.Bottom), l.TTL})
		}
		e.Objects = append(e.Objects, object)
	}
	return e
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
