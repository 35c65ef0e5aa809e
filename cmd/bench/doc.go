// Package bench measures a path with the same probes timed by every source of
// timestamps at once, so that the sources can be compared: what the kernel saw,
// and what a process would have thought.
package bench
