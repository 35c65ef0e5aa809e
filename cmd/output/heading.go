package output

import (
	"fmt"
	"strings"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

// heading says what is traced, how, and what takes the times.
func heading(h Header) []string { return headingOf(h, fmt.Sprintf("%d byte packets", h.Size)) }

// headingOf is the same for packets of other lengths.
func headingOf(h Header, packets string) (lines []string) {
	for _, line := range append([]string{
		fmt.Sprintf("ebpftrace to %s, %s, timed by %s", target(h), protocol(h), timedBy(h)),
		fmt.Sprintf("from %s, %s max, %s; times: %s", from(h), Count(h.MaxTTL, "hop"), packets, timing(h.Timing)),
	}, h.Notes...) {
		lines = append(lines, wrapped(Safe(line), h.Width)...)
	}
	return lines
}

// timedBy names the pair of stamps, as each sample does, and what takes them.
func timedBy(h Header) string {
	if h.Rung == "" {
		return Safe(h.Timing)
	}
	return fmt.Sprintf("%s (%s)", Safe(h.Timing), Safe(h.Rung))
}

func target(h Header) string {
	name, addr := Safe(h.Target), Plain(h.Address).String()
	if name == addr || name == "" {
		return addr
	}
	return fmt.Sprintf("%s (%s)", name, addr)
}

func protocol(h Header) string {
	if h.Port == 0 {
		return h.Protocol
	}
	return fmt.Sprintf("%s port %d", h.Protocol, h.Port)
}

func from(h Header) string {
	if h.Interface == "" {
		return Plain(h.Source).String()
	}
	return fmt.Sprintf("%s on %s", Plain(h.Source), Safe(h.Interface))
}

// timing says in words where round-trip times are taken, which decides what
// they include.
func timing(name string) string {
	for _, t := range stamp.Timings {
		if t.Name == name {
			return fmt.Sprintf("%s to %s, %s", words(t.Send), words(t.Receive), place(t))
		}
	}
	return Safe(name)
}

func words(p stamp.Point) string { return strings.ReplaceAll(p.String(), "_", " ") }

func place(t stamp.Timing) string {
	user := func(p stamp.Point) bool { return p == stamp.UserSend || p == stamp.UserReceive }
	switch {
	case user(t.Send) && user(t.Receive):
		return "in this process"
	case user(t.Send) || user(t.Receive):
		return "partly in the kernel"
	}
	return "in the kernel"
}
