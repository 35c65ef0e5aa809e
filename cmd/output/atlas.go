package output

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/wire"
)

// atlasFirmware is the version of RIPE Atlas's probes whose result format this is
// (https://atlas.ripe.net/docs/apis/result-format/, traceroute).
const atlasFirmware = 5080

// atlasCopies is the most copies of an answer that are listed: a flood of them would make
// a result of any length.
const atlasCopies = 100

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
