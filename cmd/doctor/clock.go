package doctor

import (
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/output"
)

// TAI is what the kernel was told of International Atomic Time.
type TAI struct {
	// Offset is CLOCK_TAI less CLOCK_REALTIME; 0 if nobody has told it.
	Offset time.Duration
}

func lookTAI(host) (TAI, error) {
	var t unix.Timex
	_, err := unix.Adjtimex(&t)
	return TAI{time.Duration(t.Tai) * time.Second}, err
}

func judgeTAI(f *Facts) Result {
	t, err := f.TAI.Get()
	if err != nil {
		return unseen(err)
	}
	told := fmt.Sprintf("UTC + %v", t.Offset)
	if t.Offset == 0 {
		told = "UTC + 0 s (nobody has told the kernel, which does no harm)"
	}
	r := f.feature(f.taiHelper(), "bpf_ktime_get_tai_ns", "no receive stamps: "+receiveCost)
	r.Found = told + "; " + r.Found
	return r
}

const clocksources = "sys/devices/system/clocksource/clocksource0"

// Clocksource is what the kernel reads the time from.
type Clocksource struct {
	Current   string
	Available []string
	// Reading is what reading CLOCK_MONOTONIC takes in this process.
	Reading time.Duration
}

func lookClocksource(h host) (c Clocksource, err error) {
	current, err := fs.ReadFile(h.root, clocksources+"/current_clocksource")
	if err != nil {
		return c, err
	}
	available, err := fs.ReadFile(h.root, clocksources+"/available_clocksource")
	c.Current, c.Available = strings.TrimSpace(string(current)), strings.Fields(string(available))
	c.Reading = timeReading()
	return c, err
}

// timeReading returns what one reading takes: the shortest of several averages,
// since others may have the CPU meanwhile.
func timeReading() time.Duration {
	const batches, readings = 20, 100
	best := time.Duration(math.MaxInt64)
	for range batches {
		start := time.Now()
		for range readings - 1 {
			_ = time.Since(start)
		}
		best = min(best, time.Since(start)/readings)
	}
	return best
}

// steps are the sources that don't tell every nanosecond, and by how much they
// step (kernel: drivers/clocksource/acpi_pm.c, arch/x86/kernel/hpet.c,
// kernel/time/jiffies.c).
var steps = map[string]string{
	"acpi_pm":         "279 ns",
	"hpet":            "some 70 ns",
	"jiffies":         "1 to 10 ms",
	"refined-jiffies": "1 to 10 ms",
}

// slow is what no source takes that is read without asking a device.
const slow = 500 * time.Nanosecond

func judgeClocksource(f *Facts) Result {
	c, err := f.Clocksource.Get()
	if err != nil {
		return unseen(err)
	}
	r := Result{Status: OK, Found: fmt.Sprintf("%s, %s a reading", c.Current, output.Duration(c.Reading))}
	step := steps[c.Current]
	if step == "" && c.Reading < slow {
		return r
	}
	r.Status, r.Cost = Degraded, "each stamp comes later by what a reading takes"
	if step != "" {
		r.Cost += ", and the clock steps by " + step
	}
	if c.Current != "tsc" && slices.Contains(c.Available, "tsc") {
		r.Mend = "echo tsc | " + f.sudo("tee /"+clocksources+"/current_clocksource")
		return r
	}
	r.Note = "there is no better one here: see why in dmesg"
	return r
}
