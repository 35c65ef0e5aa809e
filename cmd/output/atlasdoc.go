package output

import (
	"golang.org/x/net/icmp"
)

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
