package doctor

// What it costs to do without. The figures are those that `make accuracy` and
// `ebpftrace bench` gave on an idle virtual machine with 2 CPUs.
const (
	driverCost   = "times include this host's queue, some 2 µs, and all that a busy one holds"
	receiveCost  = "times include the receive path, some 1 µs, and more under load"
	tcxCost      = "times include this host's queue and receive path, some 3 µs, and more under load"
	userCost     = "times include this process's, some 40 to 80 µs, and 100 ms and more where it waits for a CPU"
	socketCost   = "answers are read from a socket, from which a local firewall can keep them"
	datagramCost = "no TCP probes, and an answer that quotes 8 bytes of UDP names no probe"
	clsactCost   = "CAP_NET_ADMIN is kept to the end, and if the run and its guard are killed, filters stay until the next"
)
