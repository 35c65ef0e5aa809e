package cli

// flagGroups sorts the flags of all commands for help and the man page. A flag that
// is in none of them is not shown, which a test does not allow.
var flagGroups = []struct{ title, flags string }{
	{"Rounds", "count interval load columns summary"},
	{"Lab", "routers ecmp scenario seed list show"},
	{"Targets", "targets"},
	{"Probing", "icmp tcp udp port sport flow-label flow queries sim-queries wait sendwait tos dscp ecn dont-fragment"},
	{"Path", "first max-hops gap-limit"},
	{"The whole path", "multipath confidence mda destinations max-probes dot mtu loss diff back"},
	{"Network", "ipv4 ipv6 interface source"},
	{"Timing", "timing attach stamps"},
	{"Output", "numeric as asn-db geo-db format json protocol save report"},
	{"General", "no-defaults help version"},
}

// metavariables name what flags take, where the type's name says too little.
var metavariables = map[string]string{
	"attach": "HOW", "format": "FORMAT", "interface": "DEVICE", "interval": "TIME", "load": "LOAD", "report": "FILE",
	"asn-db": "FILE", "columns": "NAMES", "dot": "FILE", "dscp": "CLASS", "ecn": "CODE", "geo-db": "FILE", "protocol": "NAME", "save": "FILE",
	"scenario": "NAME", "source": "ADDRESS", "targets": "FILE", "timing": "SOURCE",
}
