package stats

import "slices"

// merge adds what another responder measured. Its jitter is left out: it is one of
// samples in a row.
func (r *Responder) merge(o *Responder) {
	r.Answered += o.Answered
	r.Sources.merge(&o.Sources)
	r.Division.merge(&o.Division)
}

func (s *Sources) merge(o *Sources) {
	if s.all == nil {
		s.all, o.all = o.all, nil
		return
	}
	for i := range o.all {
		a, b := &s.all[i], &o.all[i]
		a.RTT.merge(&b.RTT)
		a.Excess.merge(&b.Excess)
		a.Best += b.Best
	}
}

func (d *Distribution) merge(o *Distribution) {
	if o.Count() > 0 && (d.Count() == 0 || o.min < d.min) {
		d.min = o.min
	}
	d.max = max(d.max, o.max)
	d.over, d.negative = d.over+o.over, d.negative+o.negative
	if o.buckets != nil {
		d.reach(o.highest)
		d.buckets.Merge(o.buckets)
	}
}

func (d *Division) merge(o *Division) {
	d.all += o.all
	for _, from := range o.ways {
		i := slices.IndexFunc(d.ways, func(w *way) bool { return slices.Equal(w.points, from.points) })
		if i < 0 {
			d.ways = append(d.ways, from)
			continue
		}
		d.ways[i].count += from.count
		for k := range from.spans {
			d.ways[i].spans[k].Time.merge(&from.spans[k].Time)
		}
	}
}
