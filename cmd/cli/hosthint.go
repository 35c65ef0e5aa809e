package cli

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// misread refuses what can be neither a name nor an address, but is often at hand where
// one is wanted, and says what to give instead: nil if the host may be one.
func misread(host string) error {
	if u, err := url.Parse(host); err == nil && u.Scheme != "" && u.Host != "" {
		return usage("%q is a URL: give its host, %s", host, u.Hostname())
	}
	if p, err := netip.ParsePrefix(host); err == nil {
		return usage("%q is a network: give an address in it, as %v", host, p.Addr())
	}
	if name, port, err := net.SplitHostPort(host); err == nil && name != "" && digits(port) {
		return usage("%q has a port: give %s, and the port by -p %s (of TCP with -T)", host, name, port)
	}
	if inner := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"); len(inner) == len(host)-2 {
		return usage("%q has brackets: give %s", host, inner)
	}
	if _, name, ok := strings.Cut(host, "@"); ok && name != "" {
		return usage("%q has a user: give %s", host, name)
	}
	return nil
}

// advice says what to do about a host that nobody knows.
func advice(host string) string {
	switch {
	case digits(host):
		return "a packet length goes with one host only"
	case strings.Trim(host, "0123456789.") == "":
		return "an IPv4 address has four numbers of up to 255"
	}
	return "check the name, or give an address"
}
