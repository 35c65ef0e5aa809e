package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// resolve returns the address to trace to: an address as it is, of a name its
// first address of the family asked for; without one, IPv4 before IPv6.
func (o *options) resolve(ctx context.Context, r *net.Resolver) (netip.Addr, error) {
	if a, err := netip.ParseAddr(o.host); err == nil {
		return o.literal(a.Unmap())
	}
	if err := misread(o.host); err != nil {
		return netip.Addr{}, err
	}
	found, err := r.LookupNetIP(ctx, "ip", o.host)
	if err != nil {
		return netip.Addr{}, usage("unknown host %q: %s; %s%s", o.host, reason(err), advice(o.host), o.command())
	}
	var fallback netip.Addr
	for _, a := range found {
		a = a.Unmap()
		if o.fits(a) && (a.Is4() || o.ipv6) {
			return a, nil
		}
		if o.fits(a) && !fallback.IsValid() {
			fallback = a
		}
	}
	if !fallback.IsValid() {
		return fallback, usage("%s has no %s address: leave out %s", o.host, o.family(), o.familyFlag())
	}
	return fallback, nil
}

func (o *options) literal(a netip.Addr) (netip.Addr, error) {
	if !o.fits(a) {
		return a, usage("%v is no %s address: leave out %s", a, o.family(), o.familyFlag())
	}
	if a.IsUnspecified() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return a, usage("%v is no host's address: give a unicast address", a)
	}
	return a, nil
}

func (o *options) fits(a netip.Addr) bool {
	return !(o.ipv4 && a.Is6()) && !(o.ipv6 && a.Is4())
}

func (o *options) family() string {
	if o.ipv6 {
		return "IPv6"
	}
	return "IPv4"
}

func (o *options) familyFlag() string {
	if o.ipv6 {
		return "-6"
	}
	return "-4"
}

// reason is the part of a lookup error that a user can do something about.
func reason(err error) string {
	var dns *net.DNSError
	if !errors.As(err, &dns) {
		return err.Error()
	}
	if dns.IsNotFound || dns.Server == "" {
		return dns.Err
	}
	why := dns.Err // of an exchange with addresses and ports that say nothing
	if i := strings.LastIndex(why, ": "); i >= 0 {
		why = why[i+len(": "):]
	}
	return fmt.Sprintf("the name server %s gave no answer (%s)", dns.Server, why)
}
