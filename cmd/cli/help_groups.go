package cli

// flagGroups sorts the flags of all commands for help and the man page. A flag that
// is in none of them is not shown, which a test does not allow.
var flagGroups = []struct{ title, flags string }{
	{"Rounds", "count interval load"},
	{"Lab", "routers scenario seed list"},
	{"Targets", "targets"},
	{"Probing", "icmp tcp udp port sport queries sim-queries wait sendwait tos dont-fragment"},
	{"Path", "first max-hops gap-limit"},
	{"Network", "ipv4 ipv6 interface source"},
	{"Timing", "timing attach stamps"},
	{"Output", "numeric format json report"},
	{"General", "no-defaults help version"},
}

// metavariables name what flags take, where the type's name says too little.
var metavariables = map[string]string{
	"attach": "HOW", "format": "FORMAT", "interface": "DEVICE", "interval": "TIME", "load": "LOAD", "report": "FILE",
	"scenario": "NAME", "source": "ADDRESS", "targets": "FILE", "timing": "SOURCE",
}
