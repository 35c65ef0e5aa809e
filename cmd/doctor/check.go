package doctor

// Check judges one thing that a trace needs.
type Check struct {
	// Name is its name in JSON; text shows it with spaces.
	Name string
	// Judge says how the thing is, by the facts alone. It leaves the name out.
	Judge func(*Facts) Result
}

// Checks lists the checks in the order of their lines: what kernel timing needs,
// what the other clocks need, and the interface. The last one sums up. A new one is
// a line here.
var Checks = []Check{
	{"kernel", judgeKernel},
	{"capabilities", judgeCapabilities},
	{"programs", judgePrograms},
	{"locked_memory", judgeMemlock},
	{"unprivileged_bpf", judgeUnprivileged},
	{"jit", judgeJIT},
	{"ring_buffer", judgeRingBuffer},
	{"attachment", judgeAttachment},
	{"btf", judgeBTF},
	{"lockdown", judgeLockdown},
	{"tracepoint", judgeTracepoint},
	{"tai_clock", judgeTAI},
	{"receive_stamps", judgeReceive},
	{"clocksource", judgeClocksource},
	{"raw_sockets", judgeRaw},
	{"ping_sockets", judgePing},
	{"interface", judgeInterface},
	{"socket_stamps", judgeSocketStamps},
	{"other_programs", judgeOthers},
	{"leftovers", judgeLeftovers},
	{"timing", judgeTiming},
}
