package output

import (
	"time"
)

// scamperTrace is what `scamper -O json` writes of a trace (sc_warts2json), version
// 0.1.
type scamperTrace struct {
	Type       string       `json:"type"`
	Version    string       `json:"version"`
	User       int          `json:"userid"`
	Method     string       `json:"method"`
	Source     string       `json:"src"`
	Target     string       `json:"dst"`
	SourcePort *uint16      `json:"sport,omitempty"`
	TargetPort *uint16      `json:"dport,omitempty"`
	ICMPSum    *uint16      `json:"icmp_sum,omitempty"`
	StopReason string       `json:"stop_reason"`
	StopData   int          `json:"stop_data"`
	Start      scamperTime  `json:"start"`
	HopCount   int          `json:"hop_count"`
	Attempts   int          `json:"attempts"`
	HopLimit   int          `json:"hoplimit"`
	FirstHop   int          `json:"firsthop"`
	Wait       int          `json:"wait"`
	WaitProbe  int          `json:"wait_probe"`
	TOS        uint8        `json:"tos"`
	ProbeSize  int          `json:"probe_size"`
	ProbeCount int          `json:"probe_count"`
	Hops       []scamperHop `json:"hops,omitempty"`
}

// scamperTime is a time of the wall clock.
type scamperTime struct {
	Sec       int64  `json:"sec"`
	Usec      int    `json:"usec"`
	Formatted string `json:"ftime,omitempty"` // in the local time zone
}

// scamperHop is an answer. RTT is in milliseconds.
type scamperHop struct {
	Addr       string             `json:"addr"`
	Name       string             `json:"name,omitempty"`
	TTL        int                `json:"probe_ttl"`
	ID         int                `json:"probe_id"` // number of the attempt, from 1
	ProbeSize  int                `json:"probe_size"`
	Sent       scamperTime        `json:"tx"`
	RTT        *float64           `json:"rtt,omitempty"`
	ReplyTTL   uint8              `json:"reply_ttl"`
	ReplyTOS   uint8              `json:"reply_tos"`
	ReplyID    uint16             `json:"reply_ipid"`
	ReplySize  int                `json:"reply_size"`
	Type       *uint8             `json:"icmp_type,omitempty"`
	Code       *uint8             `json:"icmp_code,omitempty"`
	QuotedTTL  *uint8             `json:"icmp_q_ttl,omitempty"`
	QuotedSize *int               `json:"icmp_q_ipl,omitempty"`
	QuotedTOS  *uint8             `json:"icmp_q_tos,omitempty"`
	Flags      *int               `json:"tcp_flags,omitempty"`
	Extensions []scamperExtension `json:"icmpext,omitempty"`
}

type scamperExtension struct {
	Class  int            `json:"ie_cn"`
	Type   int            `json:"ie_ct"`
	Length int            `json:"ie_dl"`
	Labels []scamperLabel `json:"mpls_labels,omitempty"`
}

type scamperLabel struct {
	TTL    int `json:"mpls_ttl"`
	Bottom int `json:"mpls_s"`
	Exp    int `json:"mpls_exp"`
	Label  int `json:"mpls_label"`
}

func newScamperTime(t time.Time) scamperTime {
	if t.IsZero() {
		return scamperTime{}
	}
	return scamperTime{Sec: t.Unix(), Usec: t.Nanosecond() / 1000}
}

func newScamperExtensions(objects []extension) (all []scamperExtension) {
	for _, o := range objects {
		e := scamperExtension{Class: o.Class, Type: o.Type, Length: 4 * len(o.MPLS)}
		for _, l := range o.MPLS {
			e.Labels = append(e.Labels, scamperLabel{l.TTL, bit(l.Bottom), l.TrafficClass, l.Label})
		}
		if o.MPLS == nil {
			e.Length = len(o.Data) / 2
		}
		all = append(all, e)
	}
	return all
}
