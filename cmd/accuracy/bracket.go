package main

import "time"

// tolerance is by how much a time may leave its bracket and be right: reading
// a clock twice on one CPU already differs by some ten nanoseconds, and clocks
// of two CPUs by some more.
const tolerance = 300 * time.Nanosecond

// bracket holds the bounds of a time on the wire.
type bracket struct{ far, near time.Duration }

// width is by how much a right time may still be off.
func (b bracket) width() time.Duration { return b.near - b.far }

// miss returns 0 for a time that is inside, give or take slack, and otherwise
// by how much it is beyond the nearer bound: less than 0 below far.
func (b bracket) miss(rtt, slack time.Duration) time.Duration {
	switch {
	case rtt < b.far-slack:
		return rtt - b.far
	case rtt > b.near+slack:
		return rtt - b.near
	}
	return 0
}
