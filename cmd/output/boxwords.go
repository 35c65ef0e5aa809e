package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/middlebox"
)

// fieldWords names fields for people, where more is to be said than the name.
var fieldWords = map[middlebox.Field]string{
	middlebox.DSCP: "DSCP", middlebox.ECN: "ECN", middlebox.ID: "IP ID", middlebox.DF: "DF",
	middlebox.UDPLength: "UDP length", middlebox.MSS: "TCP MSS", middlebox.Options: "TCP options",
	middlebox.Sequence: "TCP sequence", middlebox.Flags: "TCP flags", middlebox.Window: "TCP window",
	middlebox.EchoID: "echo identifier", middlebox.AnswerSource: "source of answers",
}

func fieldName(f middlebox.Field) string {
	if words, ok := fieldWords[f]; ok {
		return words
	}
	return strings.ReplaceAll(string(f), "_", " ")
}

// told says what became of a field.
func told(c middlebox.Change) string {
	s := fmt.Sprintf("%s %s -> %s", fieldName(c.Field), c.From, c.To)
	var more []string
	if c.Off != "" {
		more = append(more, "off by "+c.Off)
	}
	if c.Restored {
		more = append(more, "as it was sent")
	}
	if c.Probes < c.Of {
		more = append(more, fmt.Sprintf("in %d of %s", c.Probes, Count(c.Of, "probe")))
	}
	if len(more) == 0 {
		return s
	}
	return s + ", " + strings.Join(more, ", ") + ","
}

// betweenHops says where something happens.
func betweenHops(after, before middlebox.Hop) string {
	if after.TTL == 0 {
		return fmt.Sprintf("between this host and hop %d (%s)", before.TTL, Plain(before.Addr))
	}
	return fmt.Sprintf("between hops %d (%s) and %d (%s)", after.TTL, Plain(after.Addr), before.TTL, Plain(before.Addr))
}
