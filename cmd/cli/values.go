package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
)

// bounded is a flag that takes a whole number from min to max.
type bounded struct {
	value    *int
	min, max int
}

func (b bounded) String() string {
	if b.value == nil || *b.value == 0 {
		return ""
	}
	return strconv.Itoa(*b.value)
}

func (b bounded) Type() string { return "N" }

func (b bounded) Set(s string) error {
	n, err := strconv.ParseInt(s, 0, 32)
	if err != nil || int(n) < b.min || int(n) > b.max {
		return fmt.Errorf("give a whole number from %d to %d", b.min, b.max)
	}
	*b.value = int(n)
	return nil
}

// waitFlag is traceroute(8)'s MAX[,HERE[,NEAR]]: seconds and two factors.
type waitFlag struct{ wait *tracer.Wait }

func (w waitFlag) String() string { return "" }
func (w waitFlag) Type() string   { return "MAX[,HERE,NEAR]" }

func (w waitFlag) Set(s string) error {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '/' })
	var numbers [3]float64
	if len(parts) < 1 || len(parts) > 3 {
		return fmt.Errorf("give up to three numbers, as in 5,3,10")
	}
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || !(n >= 0 && n <= 3600) {
			return fmt.Errorf("%q is not a number from 0 to 3600", part)
		}
		numbers[i] = n
	}
	if numbers[0] == 0 {
		return fmt.Errorf("the longest wait must be more than 0 seconds")
	}
	w.wait.Max = seconds(numbers[0])
	w.wait.Here, w.wait.Near = factor(parts, numbers, 1), factor(parts, numbers, 2)
	return nil
}

// factor returns a factor as tracer.Wait wants it: a given 0 switches it off.
func factor(parts []string, numbers [3]float64, i int) float64 {
	if i < len(parts) && numbers[i] == 0 {
		return -1
	}
	return numbers[i]
}

// paceFlag is traceroute(8)'s -z: seconds up to 10, milliseconds above.
type paceFlag struct{ pace *time.Duration }

func (p paceFlag) String() string { return "" }
func (p paceFlag) Type() string   { return "TIME" }

func (p paceFlag) Set(s string) error {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= 0 && n <= 60_000) {
		return fmt.Errorf("give seconds (up to 10) or milliseconds (above 10)")
	}
	if n > 10 {
		n /= 1000
	}
	// Zero would mean the default; a nanosecond is as good as no pause.
	*p.pace = max(seconds(n), time.Nanosecond)
	return nil
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
