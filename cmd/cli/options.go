package cli

import (
	"net/netip"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ebpftrace/ebpftrace/cmd/origin"
	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/probe"
)

// options is what a trace's command line says.
type options struct {
	host         string
	ipv4, ipv6   bool
	icmp, tcp    bool
	udp          bool
	interfaceTo  string
	source       string
	port         int
	sourcePort   int
	tos          int
	size         int
	dontFragment bool
	numeric      bool
	format       string
	look         look
	origins      originOptions
	networks     *origin.Cache // once openOrigins was called, if they are wanted
	json         bool
	timing       string
	attach       string
	hooks        loader.Hooks
	stamps       bool
	boxes        boxOptions
	mtu          bool
	loss         bool
	save         string
	report       string
	config       tracer.Config
	repeat       repeatOptions
	multipath    multipathOptions
	commands     []*cobra.Command // that a host may have been meant to be
}

// flags registers the flags: traceroute(8)'s letters for what it has.
func (o *options) flags(f *pflag.FlagSet) {
	f.SortFlags = false
	f.BoolVarP(&o.ipv4, "ipv4", "4", false, "trace over IPv4")
	f.BoolVarP(&o.ipv6, "ipv6", "6", false, "trace over IPv6")
	f.BoolVarP(&o.icmp, "icmp", "I", false, "probe with ICMP echo requests")
	f.BoolVarP(&o.tcp, "tcp", "T", false, "probe with TCP SYNs (port 80)")
	f.BoolVarP(&o.udp, "udp", "U", false, "probe with UDP to a service's port (53)")
	f.VarP(bounded{&o.port, 1, 65535}, "port", "p", "destination port (UDP: 33434)")
	f.Var(bounded{&o.sourcePort, 1, 65535}, "sport", "source port; ICMP: echo identifier (one that is free)")
	f.VarP(bounded{&o.config.FirstTTL, 1, 255}, "first", "f", "first TTL or hop limit (1)")
	f.VarP(bounded{&o.config.MaxTTL, 1, 255}, "max-hops", "m", "largest TTL or hop limit (30)")
	f.VarP(bounded{&o.config.Queries, 1, 100}, "queries", "q", "probes a hop (3)")
	f.VarP(bounded{&o.config.Window, 1, 1000}, "sim-queries", "N", "probes in flight at a time (32)")
	f.Var(bounded{&o.config.GapLimit, 1, 255}, "gap-limit", "silent hops in a row that end the trace (8)")
	f.VarP(waitFlag{&o.config.Wait}, "wait", "w", "longest wait in seconds, and factors of the RTT seen at\nthis hop and a near one (adaptive, 3, 10)")
	f.VarP(paceFlag{&o.config.Pace}, "sendwait", "z", "least time between probes: seconds, above 10 milliseconds (1 ms)")
	f.StringVarP(&o.interfaceTo, "interface", "i", "", "leave by this interface")
	f.StringVarP(&o.source, "source", "s", "", "send from this address")
	f.VarP(bounded{&o.tos, 0, 255}, "tos", "t", "type of service or traffic class")
	o.boxes.flags(f)
	f.BoolVarP(&o.dontFragment, "dont-fragment", "F", false, "forbid fragmentation")
	f.BoolVarP(&o.numeric, "numeric", "n", false, "don't look up names")
	f.StringVar(&o.timing, "timing", "auto", "where times are taken: "+timingNames())
	f.StringVar(&o.attach, "attach", "auto", "how eBPF programs are attached: auto|tcx|clsact (Linux\n6.6 has tcx)")
	f.BoolVar(&o.stamps, "stamps", false, "show how each probe's delay divides: this process, this\nhost's queue, the network, this host's receive path")
	f.BoolVar(&o.mtu, "mtu", false, "find the path MTU: at which hops it drops, and black holes")
	f.BoolVar(&o.loss, "loss", false, "after the trace, find out what loss means: up to 46 probes\na hop more, fast and slow by turns, in 11 s")
	o.repeat.flags(f)
	o.origins.flags(f)
	f.StringVar(&o.format, "format", "table", "how to write the trace:\n"+formatNames())
	f.BoolVar(&o.json, "json", false, "write one JSON document: --format json")
	f.StringVar(&o.save, "save", "", "keep everything the run sees in `FILE` as well: pcapng,\nfor show, diff and Wireshark")
	f.StringVar(&o.report, "report", "", "write a page with plots to `FILE` (HTML) as well")
}

// arguments reads HOST [PACKETLEN].
func (o *options) arguments(args []string) error {
	switch len(args) {
	case 0:
		return usage("no host: give the name or address to trace to, as in: ebpftrace example.org")
	case 2:
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 || n > 65535 {
			return usage("packet length %q: give the bytes of the whole packet, 1 to 65535", args[1])
		}
		o.size = n
	case 1:
	default:
		return usage("too many arguments: give one host and perhaps a packet length")
	}
	o.host = args[0]
	return nil
}

// check finds what contradicts itself.
func (o *options) check() error {
	chosen := 0
	for _, b := range []bool{o.icmp, o.tcp, o.udp} {
		if b {
			chosen++
		}
	}
	c := o.config.WithDefaults()
	switch {
	case o.ipv4 && o.ipv6:
		return usage("-4 and -6 exclude each other: choose one family")
	case chosen > 1:
		return usage("-I, -T and -U exclude each other: choose one protocol")
	case o.icmp && o.port != 0:
		return usage("-p %d: ICMP has no ports; leave -p out, or choose UDP or -T", o.port)
	case c.FirstTTL > c.MaxTTL:
		return usage("-f %d is above the largest TTL, %d: lower it or raise -m", c.FirstTTL, c.MaxTTL)
	}
	if _, err := timingByName(o.timing); err != nil {
		return err
	}
	if _, err := o.boxes.trafficClass(o.tos); err != nil {
		return err
	}
	if err := o.checkFormat(); err != nil {
		return err
	}
	if err := o.checkMultipath(); err != nil {
		return err
	}
	return o.checkAttach()
}

func (o *options) checkAttach() error {
	switch hooks := loader.Hooks(o.attach); hooks {
	case "auto":
	case loader.TCX, loader.Clsact:
		o.hooks = hooks
	default:
		return usage("--attach %q: use one of auto|tcx|clsact", o.attach)
	}
	return nil
}

// protocol returns the probes' protocol and destination port.
func (o *options) protocol() (probe.Protocol, uint16) {
	var p probe.Protocol = probe.UDP{}
	port := uint16(o.port)
	switch {
	case o.icmp:
		p = probe.ICMP{}
	case o.tcp:
		p = probe.TCP{}
	case o.udp && port == 0:
		port = 53 // traceroute(8)'s for -U
	}
	if port == 0 {
		port = p.DefaultPort()
	}
	return p, port
}

// sourceAddr returns the address to send from; the zero Addr leaves the choice
// to the kernel.
func (o *options) sourceAddr() (netip.Addr, error) {
	if o.source == "" {
		return netip.Addr{}, nil
	}
	a, err := netip.ParseAddr(o.source)
	if err != nil {
		return netip.Addr{}, usage("source address %q: give an IPv4 or IPv6 address of this host", o.source)
	}
	return a.Unmap().WithZone(""), nil
}
