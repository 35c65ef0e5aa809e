package loss

// What tells of loss where nothing before is to compare it with: so many probes lost
// in all or at one hop, and so many sent to the first.
const (
	baseLost = 4
	baseSent = 10
)

// base tells of loss at the first hops of a path, n of which lose alike, so that
// none before is to compare them with.
func (j *judge) base(hops []*hop, n int) {
	first := hops[0]
	if first.ttl != j.hops[0].ttl || first.Lost == 0 || first.Sent < baseSent || sum(hops[:n]).Lost < baseLost || lonely(hops) {
		return
	}
	v := Verdict{Kind: Loss, First: first.ttl, Last: baseLast(hops[:n]), Evidence: ByAll}
	if burst(hops[:n]) {
		v.Kind = Unclear
	}
	j.enter(hops[:n], v)
}

// baseLast returns the hop by which loss has shown at two hops, or clearly at one.
func baseLast(hops []*hop) int {
	with := 0
	for _, h := range hops {
		if h.Lost > 0 {
			with++
		}
		if with == 2 || h.Lost >= baseLost {
			return h.ttl
		}
	}
	return hops[len(hops)-1].ttl
}
