package record

import "fmt"

// check finds what refers to something that is not there. Whoever shows a result takes
// for granted that its nodes are in order of hop, the source first.
func (j *resultJSON) check() error {
	hop := -1
	for _, n := range j.Nodes {
		if n.Hop < hop || n.Hop > 255 {
			return fmt.Errorf("is damaged: hop %d behind hop %d", n.Hop, hop)
		}
		hop = n.Hop
		if n.Probes < 0 || n.Answered < 0 || !(n.Missed >= 0 && n.Missed <= 1) {
			return fmt.Errorf("is damaged: %d of %d probes answered at a node", n.Answered, n.Probes)
		}
	}
	if len(j.Nodes) == 0 {
		return fmt.Errorf("is damaged: it has no source")
	}
	if len(j.At) != len(j.Probes) {
		return fmt.Errorf("is damaged: %d probes, %d places", len(j.Probes), len(j.At))
	}
	for _, p := range []float64{j.Wanted, j.Confidence} {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("is damaged: a probability of %v", p)
		}
	}
	return j.checkNodes()
}

// checkNodes finds nodes that are not there.
func (j *resultJSON) checkNodes() error {
	for _, l := range j.Links {
		if err := j.within(0, l.From, l.To); err != nil {
			return err
		}
	}
	for _, d := range j.Diamonds {
		if err := j.within(-1, d.To, max(d.From, 0)); err != nil || d.From < 0 {
			return fmt.Errorf("is damaged: a diamond from node %d to %d", d.From, d.To)
		}
	}
	for _, path := range j.Paths {
		if err := j.within(0, path...); err != nil {
			return err
		}
	}
	return j.within(-1, j.At...)
}

func (j *resultJSON) within(least int, nodes ...int) error {
	for _, n := range nodes {
		if n < least || n >= len(j.Nodes) {
			return fmt.Errorf("is damaged: there is no node %d", n)
		}
	}
	return nil
}
