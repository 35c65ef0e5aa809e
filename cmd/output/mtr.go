package output

import (
	"io"
	"math"
	"strconv"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// mtrDocument is what `mtr --json` of 0.95 writes. A hop is named after whoever
// answered last; one that nobody answers at is "???".
type mtrDocument struct {
	Report struct {
		MTR  mtrRun   `json:"mtr"`
		Hubs []mtrHub `json:"hubs"`
	} `json:"report"`
}

type mtrRun struct {
	Source     string `json:"src"` // the name of this host
	Target     string `json:"dst"`
	TOS        int    `json:"tos"`
	Tests      int    `json:"tests"`
	Size       string `json:"psize"`
	BitPattern string `json:"bitpattern"`
}

// mtrHub has its times in milliseconds.
type mtrHub struct {
	Count int     `json:"count"`
	Host  string  `json:"host"`
	ASN   string  `json:"ASN,omitempty"` // of --aslookup
	Loss  float64 `json:"Loss%"`
	Sent  int     `json:"Snt"`
	Last  float64 `json:"Last"`
	Avg   float64 `json:"Avg"`
	Best  float64 `json:"Best"`
	Worst float64 `json:"Wrst"`
	StDev float64 `json:"StDev"`
}

type mtr struct {
	w      io.Writer
	header Header
}

func newMTR(w io.Writer) Writer { return &mtr{w: w} }

func (m *mtr) Start(h Header) error {
	m.header = h
	return nil
}

func (m *mtr) Hop(tracer.Hop) error { return nil }

// End writes it all. Errors have no place here.
func (m *mtr) End(t *tracer.Trace, _ error) error {
	if t == nil {
		t = &tracer.Trace{}
	}
	var d mtrDocument
	d.Report.MTR = mtrRun{
		Source: Safe(m.header.Host), Target: Safe(m.header.Target), TOS: int(t.Flow.TrafficClass),
		Size: strconv.Itoa(m.header.Size), BitPattern: "0x00",
	}
	d.Report.Hubs = []mtrHub{}
	for _, h := range t.Hops {
		hub := m.hub(h)
		d.Report.MTR.Tests = max(d.Report.MTR.Tests, hub.Sent)
		d.Report.Hubs = append(d.Report.Hubs, hub)
	}
	return writeIndented(m.w, d, "    ")
}

func (m *mtr) hub(h tracer.Hop) mtrHub {
	hub := mtrHub{Count: h.TTL, Host: "???"}
	var times []time.Duration
	answered := 0
	for _, p := range h.Probes {
		if p.State != tracer.NotSent {
			hub.Sent++
		}
		if !p.State.Heard() {
			continue
		}
		answered++
		hub.ASN = Systems(m.header.origin(p.Answer.From))
		if hub.Host = m.header.name(p.Answer.From, jsonName); hub.Host == "" {
			hub.Host = Plain(p.Answer.From).String()
		}
		if p.Timing.Name != "" {
			times = append(times, p.RTT)
		}
	}
	if hub.Sent > 0 {
		hub.Loss = 100 * float64(hub.Sent-answered) / float64(hub.Sent)
	}
	hub.times(times)
	return hub
}

// times sums up; the deviation is that of a sample, as mtr's (net.c, net_stdev).
func (hub *mtrHub) times(times []time.Duration) {
	if len(times) == 0 {
		return
	}
	least, most, sum := times[0], times[0], time.Duration(0)
	for _, t := range times {
		least, most, sum = min(least, t), max(most, t), sum+t
	}
	mean := float64(sum) / float64(len(times))
	squares := 0.0
	for _, t := range times {
		squares += (float64(t) - mean) * (float64(t) - mean)
	}
	hub.Last, hub.Best, hub.Worst = milliseconds(times[len(times)-1]), milliseconds(least), milliseconds(most)
	hub.Avg = milliseconds(time.Duration(mean))
	if n := len(times); n > 1 {
		hub.StDev = milliseconds(time.Duration(math.Sqrt(squares / float64(n-1))))
	}
}
