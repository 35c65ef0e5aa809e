// Accuracy proves round-trip times with software that is not ours.
//
// It brings up an emulated network, has tcpdump capture both ends of the first
// link with nanoseconds, runs tracers in it, and matches each of their times
// with the packets that it is about. The wire's time lies in a bracket:
//
//	client                       r1
//	  probe out ───────► probe in       far  = answer out - probe in
//	                        ...         near = answer in  - probe out
//	  answer in ◄─────── answer out     far <= time on the wire <= near
//
// What the far end sees lacks both passages of the link, what the near end
// sees has the capture's own work in it. A tracer is right where its time lies
// within the bracket, give or take [tolerance] and what it rounds off when it
// prints. All four stamps are the kernel's and of one clock.
//
// It does so under four conditions: an idle machine; the tracer under a CPU
// quota; all CPUs busy with other processes; and the quota together with
// answers that take their time, so that the tracer sleeps when they come.
//
// Everything is in namespaces that this program made. It needs root and
// tcpdump; tracers that are not installed are named as missing.
package main
