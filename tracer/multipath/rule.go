package multipath

// rule is MDA's stopping rule: how many flows through a vertex must have shown no
// more than k successors until there are none, given a probability of failure.
//
// Flows are taken to be spread evenly. If there were k+1 successors, the number
// seen after each flow is a Markov chain; it fails when it stops at some number of
// successors below k+1 (Veitch et al., section III). Each number of flows is the
// least for which it fails with no more than the probability given. That is the
// table of Augustin et al. (6, 11, 16, 21, 27, ... for 5 %), but a flow more here
// and there: theirs leaves out that the algorithm may have stopped before.
type rule struct {
	epsilon float64
	flows   []int // by the number of successors seen
}

func newRule(epsilon float64) *rule { return &rule{epsilon: epsilon, flows: []int{1}} }

// probes returns how many flows rule out more than k successors.
func (r *rule) probes(k int) int {
	k = max(k, 1) // the first one is seen in any case
	for len(r.flows) <= k {
		r.flows = append(r.flows, r.rulesOut(len(r.flows)))
	}
	return r.flows[k]
}

// rulesOut works out the entry for k, given those below.
func (r *rule) rulesOut(k int) int {
	c := newChain(k + 1)
	for {
		for j := 1; j < k; j++ {
			if c.flows == r.flows[j] {
				c.stop(j)
			}
		}
		if c.flows > r.flows[k-1] && c.missed() <= max(r.epsilon, c.failed*(1+1e-9)) {
			return c.flows
		}
		c.step()
	}
}

// chain is how many of a number of successors have been seen.
type chain struct {
	flows  int
	seen   []float64 // probability, by how many were seen
	failed float64   // probability of having stopped too early
}

// newChain returns the chain after one flow.
func newChain(successors int) *chain {
	c := &chain{flows: 1, seen: make([]float64, successors+1)}
	c.seen[1] = 1
	return c
}

// step sends one more flow.
func (c *chain) step() {
	all := len(c.seen) - 1
	for j := all; j >= 1; j-- {
		again := c.seen[j] * float64(j) / float64(all)
		more := c.seen[j-1] * float64(all-j+1) / float64(all)
		c.seen[j] = again + more
	}
	c.flows++
}

// stop ends all that has seen j by now.
func (c *chain) stop(j int) {
	c.failed += c.seen[j]
	c.seen[j] = 0
}

// missed returns the probability of not having seen all, stopped or not.
func (c *chain) missed() float64 {
	missed := c.failed
	for _, p := range c.seen[:len(c.seen)-1] {
		missed += p
	}
	return missed
}

// missing returns the probability that n flows to one more than k successors
// show no more than k.
func missing(k, n int) float64 {
	if n < 1 {
		return 1
	}
	c := newChain(k + 1)
	for c.flows < n {
		c.step()
	}
	return c.missed()
}
