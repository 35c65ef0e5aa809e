package sim

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"

	"github.com/gopacket/gopacket"
	"golang.org/x/net/icmp"
)

// attributes of interface information and the C-Type bits that announce them
// (RFC 5837, 4.1). The role is in the two high bits.
const (
	attributeMTU     = 1 << 0
	attributeName    = 1 << 1
	attributeAddress = 1 << 2
	attributeIndex   = 1 << 3

	classMPLS      = 1 // RFC 4950, 3
	classInterface = 2 // RFC 5837, 4
)

// check reports what the wire format has no place for.
func (i *InterfaceInfo) check() error {
	if i.Role < 0 || i.Role > 3 || i.Index < 1 || len(i.Name) > 62 || i.MTU < 0 {
		return fmt.Errorf("interface_info: needs a role from 0 to 3, an index from 1, a name of at most 62 bytes and no negative mtu")
	}
	return nil
}

// extensions returns the extension structure of a node's errors (RFC 4884, 7),
// or nil if it adds none.
func (r *router) extensions(ipv6 bool) []byte {
	protocol := 1
	if ipv6 {
		protocol = 58
	}
	structure := []byte{2 << 4, 0, 0, 0}
	for _, object := range r.objects(ipv6) {
		// The error is impossible: check has seen every field.
		b, _ := object.Marshal(protocol)
		structure = append(structure, b...)
	}
	if len(structure) == 4 {
		return nil
	}
	sum := gopacket.FoldChecksum(gopacket.ComputeChecksum(structure, 0))
	binary.BigEndian.PutUint16(structure[2:], sum)
	return structure
}

func (r *router) objects(ipv6 bool) (objects []icmp.Extension) {
	if len(r.MPLS) > 0 {
		objects = append(objects, r.labelStack())
	}
	if r.InterfaceInfo != nil {
		objects = append(objects, r.InterfaceInfo.object(ipv6))
	}
	for _, text := range r.Objects {
		b, _ := hex.DecodeString(text) // check has seen it
		objects = append(objects, &icmp.RawExtension{Data: b})
	}
	return objects
}

// checkObjects reports what is no hexadecimal, or no object (RFC 4884, 8).
func checkObjects(all []string) error {
	for _, text := range all {
		b, err := hex.DecodeString(text)
		if err != nil || len(b) < 4 || len(b) > 256 {
			return fmt.Errorf("objects: %q is no object of 4 to 256 bytes in hexadecimal", text)
		}
	}
	return nil
}

func (r *router) labelStack() *icmp.MPLSLabelStack {
	stack := &icmp.MPLSLabelStack{Class: classMPLS, Type: 1}
	for i, l := range r.MPLS {
		bottom := i == len(r.MPLS)-1
		stack.Labels = append(stack.Labels, icmp.MPLSLabel{Label: l.Label, TC: l.TC, S: bottom, TTL: l.TTL})
	}
	return stack
}

func (i *InterfaceInfo) object(ipv6 bool) *icmp.InterfaceInfo {
	info := &icmp.InterfaceInfo{
		Class:     classInterface,
		Type:      i.Role<<6 | attributeIndex,
		Interface: &net.Interface{Index: i.Index, Name: i.Name, MTU: i.MTU},
	}
	if i.Name != "" {
		info.Type |= attributeName
	}
	if i.MTU != 0 {
		info.Type |= attributeMTU
	}
	a := i.V4
	if ipv6 {
		a = i.V6
	}
	if a.IsValid() {
		info.Type |= attributeAddress
		info.Addr = &net.IPAddr{IP: a.AsSlice()}
	}
	return info
}
