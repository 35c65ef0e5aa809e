// Package flight keeps the probes of a run in flight: it sends them under window and
// pace, awaits their answers until their time is up, and keeps the books on what was
// sent, answered, answered twice, answered late, and lost.
//
// What to ask for is not its business. A [Policy] says what to send next, how long an
// answer is awaited, and when there is nothing left to do, and is told of every change
// of a probe's state; the [Engine] does the rest, through the seam of [Sender] and
// [Source]. So a trace of one path and the search for all of them are two policies on
// the same engine, and neither gives out identifiers, builds packets or watches
// deadlines.
//
// All of it runs in the goroutine that calls [Engine.Run]; policies need no locks.
package flight
