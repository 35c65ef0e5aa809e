package flight

// Counts tells how many probes there are of each [State], which is the index.
type Counts [Unreachable + 1]int

// Sent returns how many the kernel took.
func (c *Counts) Sent() int { return c.count(func(s State) bool { return s != NotSent }) }

// Answered returns how many were answered, in time or late.
func (c *Counts) Answered() int { return c.count(State.Heard) }

func (c *Counts) count(is func(State) bool) (n int) {
	for state, count := range c {
		if is(State(state)) {
			n += count
		}
	}
	return n
}
