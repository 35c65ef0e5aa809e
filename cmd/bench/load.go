package bench

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// Load makes CPU time short, for the machine or for this process.
type Load interface {
	// Start begins, and returns what ends it and undoes all that it did.
	// Nothing of it outlives the process; what may stay is said there.
	Start() (stop func() error, err error)
	// String returns the load as [ParseLoad] reads it.
	String() string
}

// LoadUsage says what [ParseLoad] reads.
const LoadUsage = "busy[=N] or quota=PERCENT%"

const maxBusy = 1024

// ParseLoad reads a load: "busy" for as many busy loops as there are CPUs,
// "busy=3" for three, "quota=5%" for a twentieth of a CPU for this process.
func ParseLoad(s string) (Load, error) {
	kind, value, given := strings.Cut(s, "=")
	switch {
	case kind == "busy" && !given:
		return busy(runtime.NumCPU()), nil
	case kind == "busy":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > maxBusy {
			return nil, fmt.Errorf("load %q: give 1 to %d busy loops, as in busy=2", s, maxBusy)
		}
		return busy(n), nil
	case kind == "quota":
		percent, err := strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64)
		most := 100 * float64(runtime.NumCPU())
		if err != nil || !(percent >= minQuota && percent <= most) {
			return nil, fmt.Errorf("load %q: give %d to %g %% of a CPU, as in quota=5%%", s, minQuota, most)
		}
		return quota(percent), nil
	}
	return nil, fmt.Errorf("load %q: give %s", s, LoadUsage)
}
