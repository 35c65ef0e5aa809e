package main

import (
	"context"
	"fmt"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/bench"
)

// condition is a state of the machine in which tracers are judged.
type condition struct {
	name, about string
	// quota says that the tracer gets a share of a CPU only, busy that all
	// CPUs have other work.
	quota, busy bool
	// delay is by how much answers come later than a kernel's, 0 for not.
	delay time.Duration
}

// answerDelay is long enough that a tracer sleeps when the answer comes.
const answerDelay = 20 * time.Millisecond

var conditions = []condition{
	{name: "idle", about: "nothing else runs"},
	{name: "quota", about: fmt.Sprintf("the tracer gets %d %% of a CPU", quotaPercent), quota: true},
	{name: "busy", about: "a busy loop for every CPU", busy: true},
	{name: "delay", about: fmt.Sprintf("the quota, and answers after %v", answerDelay), quota: true, delay: answerDelay},
}

// surroundings are a condition brought about.
type surroundings struct {
	condition
	*network
	quota *quota // nil without
	keep  string // where evidence goes, or ""
	undo  []func()
}

// bringAbout returns the condition's network and state; the caller calls end.
func bringAbout(ctx context.Context, c condition, keep string) (s *surroundings, err error) {
	s = &surroundings{condition: c, keep: keep}
	if s.network, err = newNetwork(ctx, c.delay); err != nil {
		return nil, err
	}
	s.undo = append(s.undo, s.network.close)
	if err = s.limit(); err == nil {
		err = s.burden()
	}
	if err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

// limit sets the quota of the condition, if it has one.
func (s *surroundings) limit() (err error) {
	if !s.condition.quota {
		return nil
	}
	if s.quota, err = newQuota(); err == nil {
		s.undo = append(s.undo, s.quota.close)
	}
	return err
}

// burden keeps the CPUs busy, if the condition is so.
func (s *surroundings) burden() error {
	if !s.condition.busy {
		return nil
	}
	load, err := bench.ParseLoad("busy")
	if err != nil {
		return err
	}
	stop, err := load.Start()
	if err == nil {
		s.undo = append(s.undo, func() { stop() })
	}
	return err
}

// end undoes everything, the latest first.
func (s *surroundings) end() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
}

// conditionNamed returns the condition of that name, or a zero one.
func conditionNamed(name string) condition {
	for _, c := range conditions {
		if c.name == name {
			return c
		}
	}
	return condition{}
}
