package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vishvananda/netlink"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// perTrace is the number of probes of one trace to one hop.
const perTrace = "100"

// measurement is a walk through the steps.
type measurement struct {
	lab    *lab.Lab
	probes int
	flags  string
}

// measure takes each step and prints what came of it.
func (m *measurement) measure(ctx context.Context) (all []step, err error) {
	fmt.Printf("%8s %8s %10s %10s %10s %10s %10s\n", "delay", "probes", "min", "median", "95 %", "tcx median", "r1 median")
	for _, d := range steps {
		s, err := m.step(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("delay of %v: %w", d, err)
		}
		fmt.Printf("%8v %8d %10v %10v %10v %10v %10v\n", d, len(s.far), short(s.far[0].RTT), short(s.rtt()),
			short(quantile(s.far, 0.95).RTT), short(s.tcx()), short(median(s.near).RTT))
		all = append(all, s)
	}
	return all, nil
}

func short(d time.Duration) time.Duration { return d.Round(time.Microsecond) }

func (m *measurement) step(ctx context.Context, d time.Duration) (s step, err error) {
	if err := m.lab.Do(delayed, func() error { return delay(d) }); err != nil {
		return s, err
	}
	s.delay = d
	if s.near, err = m.hop(ctx, beforeIt); err != nil {
		return s, err
	}
	s.far, err = m.hop(ctx, behindIt)
	return s, err
}

// delay makes the interface that leads on, of the calling thread's namespace,
// keep each packet for that long.
func delay(d time.Duration) error {
	link, err := netlink.LinkByName("eth1")
	if err != nil {
		return err
	}
	return netlink.QdiscReplace(netlink.NewNetem(
		netlink.QdiscAttrs{LinkIndex: link.Attrs().Index, Handle: netlink.MakeHandle(1, 0), Parent: netlink.HANDLE_ROOT},
		netlink.NetemQdiscAttrs{Latency: uint32(d.Microseconds())},
	))
}

// hop returns answers of the hop, the fastest first. A few are lost where the
// emulated machine gets no CPU for longer than a trace waits.
func (m *measurement) hop(ctx context.Context, ttl int) (all []probe, err error) {
	for traces := 0; len(all) < m.probes; traces++ {
		if traces > m.probes {
			return nil, fmt.Errorf("%d traces brought %d answers, want %d", traces, len(all), m.probes)
		}
		some, err := m.trace(ctx, strconv.Itoa(ttl))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b probe) int { return cmp.Compare(a.RTT, b.RTT) })
	return all, nil
}

// trace returns the answers to perTrace probes of that TTL.
func (m *measurement) trace(ctx context.Context, ttl string) ([]probe, error) {
	argv := append([]string{"ebpftrace", "--json", "-n", "-q", perTrace, "-w", "5,0,0", "-f", ttl, "-m", ttl},
		append(strings.Fields(m.flags), "target.lab")...)
	var stdout, stderr bytes.Buffer
	status, err := m.lab.Run(ctx, lab.Client, lab.Command{Argv: argv, Stdout: &stdout, Stderr: &stderr})
	if err != nil {
		return nil, err
	}
	all, err := answers(stdout.Bytes())
	if err != nil {
		return nil, fmt.Errorf("ebpftrace ended with %d: %w\n%s", status, err, stderr.String())
	}
	return all, nil
}
