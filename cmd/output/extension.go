package output

import (
	"encoding/hex"
	"net"
	"net/netip"

	"golang.org/x/net/icmp"
)

// extension is an object of an RFC 4884 extension structure. One whose meaning
// is unknown has only its bytes.
type extension struct {
	Class     int            `json:"class,omitempty"`
	Type      int            `json:"type,omitempty"`
	MPLS      []label        `json:"mpls,omitempty"`      // RFC 4950, top of the stack first
	Interface *interfaceJSON `json:"interface,omitempty"` // RFC 5837, RFC 8335
	Data      string         `json:"data,omitempty"`      // the whole object, in hexadecimal
}

// label is an entry of an MPLS label stack (RFC 3032, 2.1).
type label struct {
	Label        int  `json:"label"`
	TrafficClass int  `json:"traffic_class"`
	Bottom       bool `json:"bottom"`
	TTL          int  `json:"ttl"`
}

// interfaceJSON is an interface as the answering router calls it.
type interfaceJSON struct {
	Role    string `json:"role,omitempty"` // RFC 5837, 4.1: a value of roles
	Index   int    `json:"index,omitempty"`
	Name    string `json:"name,omitempty"`
	MTU     int    `json:"mtu,omitempty"`
	Address string `json:"address,omitempty"`
}

// roles are what an interface is to the packet, by the two high bits of the object's
// type.
var roles = [4]string{"incoming interface", "incoming sub-interface", "outgoing interface", "next hop"}

func newExtensions(objects []icmp.Extension) (all []extension) {
	for _, o := range objects {
		switch o := o.(type) {
		case *icmp.MPLSLabelStack:
			all = append(all, extension{Class: o.Class, Type: o.Type, MPLS: labels(o.Labels)})
		case *icmp.InterfaceInfo:
			all = append(all, extension{Class: o.Class, Type: o.Type, Interface: info(o)})
		case *icmp.InterfaceIdent:
			all = append(all, extension{Class: o.Class, Type: o.Type, Interface: ident(o)})
		case *icmp.RawExtension:
			all = append(all, extension{Data: hex.EncodeToString(o.Data)})
		}
	}
	return all
}

func labels(stack []icmp.MPLSLabel) []label {
	all := make([]label, len(stack))
	for i, l := range stack {
		all[i] = label{Label: l.Label, TrafficClass: l.TC, Bottom: l.S, TTL: l.TTL}
	}
	return all
}

func info(o *icmp.InterfaceInfo) *interfaceJSON {
	j := interfaceJSON{Role: roles[o.Type>>6&3]}
	if o.Interface != nil {
		j.Index, j.Name, j.MTU = o.Interface.Index, Safe(o.Interface.Name), o.Interface.MTU
	}
	if o.Addr != nil {
		j.Address = address(o.Addr.IP)
	}
	return &j
}

func ident(o *icmp.InterfaceIdent) *interfaceJSON {
	return &interfaceJSON{Index: o.Index, Name: Safe(o.Name), Address: address(o.Addr)}
}

// address writes an address of 4 or 16 bytes, and nothing for other lengths.
func address(ip net.IP) string {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok {
		return ""
	}
	return Plain(addr).String()
}
