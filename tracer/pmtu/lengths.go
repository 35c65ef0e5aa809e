package pmtu

import (
	"slices"
)

// lengths returns those to be tried next: first what a message claims, and one byte
// more; then what divides the space between; at last what fails, until that is sure.
// None: all is known.
func (f *search) lengths() []int {
	fails := f.fails()
	switch {
	case fails == 0:
		return nil
	case fails > f.passes+1:
		return f.between(fails)
	case f.sizes[fails].sure():
		return nil
	}
	return slices.Repeat([]int{fails}, enough-f.sizes[fails].vanished)
}

// between returns what to try between what passes and what fails.
func (f *search) between(fails int) []int {
	if f.message != nil {
		claim := f.message.MTU
		if claim > f.passes && claim < fails && f.sizes[claim] == nil {
			return above(claim, fails)
		}
	}
	n := batch
	if f.serial(f.ttl) {
		n = 1 // one length after the other: in halves
	}
	return candidates(f.passes, fails, n)
}

// above returns a length, and the next one if that is not known to fail.
func above(size, fails int) []int {
	if size+1 < fails {
		return []int{size, size + 1}
	}
	return []int{size}
}
