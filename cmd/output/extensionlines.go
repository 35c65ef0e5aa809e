package output

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/icmp"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// extensionLines tells what a hop's answers say in extensions (RFC 4884), a line
// for each that differs: MPLS labels and unknown objects as traceroute(8) -e writes
// them.
func extensionLines(h tracer.Hop) (lines []string) {
	for _, p := range h.Probes {
		var all []string
		for _, o := range p.Answer.Extensions {
			if text := objectText(o); text != "" {
				all = append(all, text)
			}
		}
		line := "    " + strings.Join(all, "; ")
		if p.State.Heard() && len(all) > 0 && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// Extensions is what a hop's answers say in extensions, as a table has it below the hop.
func Extensions(h tracer.Hop) []string {
	lines := extensionLines(h)
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}

func objectText(o icmp.Extension) string {
	switch o := o.(type) {
	case *icmp.MPLSLabelStack:
		return stackText(o.Labels)
	case *icmp.InterfaceInfo:
		return roles[o.Type>>6&3] + interfaceText(*info(o))
	case *icmp.InterfaceIdent:
		return "interface" + interfaceText(*ident(o))
	case *icmp.RawExtension:
		return rawText(o.Data)
	}
	return ""
}

// stackText is traceroute(8)'s form.
func stackText(stack []icmp.MPLSLabel) string {
	all := make([]string, len(stack))
	for i, l := range stack {
		bottom := 0
		if l.S {
			bottom = 1
		}
		all[i] = fmt.Sprintf("L=%d,E=%d,S=%d,T=%d", l.Label, l.TC, bottom, l.TTL)
	}
	return "MPLS:" + strings.Join(all, "/")
}

// interfaceText tells of an interface what is known of it.
func interfaceText(j interfaceJSON) (s string) {
	if j.Name != "" {
		s += " " + safeName(j.Name, tableName)
	}
	if j.Index != 0 {
		s += fmt.Sprintf(" index %d", j.Index)
	}
	if j.Address != "" {
		s += " " + j.Address
	}
	if j.MTU != 0 {
		s += fmt.Sprintf(" MTU %d", j.MTU)
	}
	return s
}

// rawText is an object by class, type and what follows its header.
func rawText(object []byte) string {
	if len(object) < 4 {
		return hex.EncodeToString(object)
	}
	return fmt.Sprintf("%d/%d:%s", object[2], object[3], hex.EncodeToString(object[4:]))
}
