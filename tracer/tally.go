package tracer

// Add adds what another run counted.
func (t *Tally) Add(o Tally) {
	t.Sent += o.Sent
	t.Beyond += o.Beyond
	t.Late += o.Late
	t.Rewritten += o.Rewritten
	t.Unidentified += o.Unidentified
	t.Stray += o.Stray
	t.Impossible += o.Impossible
	t.Unparsed += o.Unparsed
}
