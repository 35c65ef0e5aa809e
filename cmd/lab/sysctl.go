package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// sysctl is a setting of a network namespace.
type sysctl struct {
	// path is relative to /proc/sys/net.
	path, value string
	// newer says that the kernels we serve do not all have the setting, or
	// have it for the whole machine only; it is then left out.
	newer bool
}

// hostSettings make a node that answers each packet at once.
var hostSettings = []sysctl{
	{path: "ipv6/conf/all/disable_ipv6", value: "0"},
	{path: "ipv6/conf/default/disable_ipv6", value: "0"},
	{path: "ipv6/conf/default/accept_dad", value: "0"},
	{path: "ipv6/conf/default/accept_ra", value: "0"},
	{path: "ipv6/conf/default/router_solicitations", value: "0"},
	// A new namespace inherits the machine's rp_filter; the larger of "all"
	// and the interface's counts.
	{path: "ipv4/conf/all/rp_filter", value: "0"},
	{path: "ipv4/conf/default/rp_filter", value: "0"},
	{path: "ipv4/icmp_ratelimit", value: "0"},
	{path: "ipv6/icmp/ratelimit", value: "0"},
	// Before 6.13 the message limits below belong to the whole machine. A
	// type of message that the mask leaves out is not subject to them; no
	// ICMPv6 error is of type 255.
	{path: "ipv4/icmp_ratemask", value: "0"},
	{path: "ipv6/icmp/ratemask", value: "255", newer: true},
	{path: "ipv4/icmp_msgs_per_sec", value: "1000000", newer: true},
	{path: "ipv4/icmp_msgs_burst", value: "100000", newer: true},
}

// routerSettings make a node that forwards too.
var routerSettings = slices.Concat(hostSettings, []sysctl{
	{path: "ipv4/ip_forward", value: "1"},
	{path: "ipv6/conf/all/forwarding", value: "1"},
	{path: "ipv4/conf/all/send_redirects", value: "0"},
	// Errors come from the address that the packet came in on, whatever the
	// way back to its sender.
	{path: "ipv4/icmp_errors_use_inbound_ifaddr", value: "1"},
})

// tunSettings make a host without packets of its own accord, so that a
// responder sees only what a program sends.
var tunSettings = slices.Concat(hostSettings, []sysctl{
	{path: "ipv6/conf/default/addr_gen_mode", value: "1"},
})

// apply writes the settings of the calling thread's namespace.
func apply(settings []sysctl) error {
	for _, s := range settings {
		err := os.WriteFile("/proc/sys/net/"+s.path, []byte(s.value), 0)
		if s.newer && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("lab: set net/%s to %s: %w", s.path, s.value, err)
		}
	}
	return nil
}
