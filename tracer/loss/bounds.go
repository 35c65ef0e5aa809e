package loss

// earliest returns the first hop of before where the loss beyond may start already:
// that after the last group of hops which lose less, with 97.5 % confidence; 0: it
// can't. Hops far beyond are no measure, since more may get lost on the way to them.
func earliest(before []*hop, beyond Count) (ttl int) {
	for i := len(before) - 1; i >= 0; i-- {
		if more(beyond, sum(before[i:])) <= Alpha/2 {
			return ttl
		}
		ttl = before[i].ttl
	}
	return ttl
}

// latest returns the index of the last hop where it may start: by which hops have
// lost more than those before, with the same confidence.
func latest(from []*hop, before Count) int {
	for i := range from {
		if c := sum(from[:i+1]); c.Lost >= minLost && more(c, before) <= Alpha/2 {
			return i
		}
	}
	return len(from) - 1
}
