// Package tracer measures the path to a host.
//
// It sends probes with rising TTLs through a [Sender] and takes stamped answers
// from a [Source]; those two are all it knows of the outside, so the same code
// runs over eBPF programs, over a simulated network, and in a test without
// root. [Run] does one trace and returns it as a [Trace]; hooks in [Config]
// tell of each probe and hop on the way.
//
// Probes are kept in flight by the engine of package flight, which Run tells what to
// send next; package multipath does so in another way, to find all paths. What takes
// several runs (packages rounds, loss, pmtu) calls Run.
//
// Round-trip times come from the stamps that an answer carries, never from the
// clock of the goroutine that waits: how long this process slept does not
// enter them.
package tracer
