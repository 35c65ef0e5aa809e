package lab

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// domain is what nodes' names end in, inside the lab.
const domain = "lab"

// hosts returns the /etc/hosts of the lab, both families of each node.
func hosts(nodes []Node) string {
	var b strings.Builder
	b.WriteString("127.0.0.1 localhost\n::1 localhost ip6-localhost\n")
	for _, n := range nodes {
		for _, a := range []netip.Addr{n.V4, n.V6} {
			if a.IsValid() {
				fmt.Fprintf(&b, "%v %s.%s\n", a, n.Name, domain)
			}
		}
	}
	return b.String()
}

// resolvConf names a server that does not exist: the loopback of a node refuses
// at once, so that unknown names fail fast.
const resolvConf = "nameserver 127.0.0.1\noptions attempts:1 timeout:1\n"

var hostsLine = regexp.MustCompile(`(?m)^[ \t]*hosts:.*$`)

// localNames returns the nsswitch.conf with which names come from /etc/hosts
// and the name server alone: other services, such as systemd-resolved, listen
// on Unix sockets and would answer for the machine's network.
func localNames(nsswitch string) string {
	return hostsLine.ReplaceAllString(nsswitch, "hosts: files dns")
}
