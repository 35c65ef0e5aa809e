package output

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for in, want := range map[time.Duration]string{
		0:                "0 ns",
		1:                "1 ns",
		999:              "999 ns",
		1000:             "1.0 µs",
		84_249:           "84.2 µs",
		84_250:           "84.3 µs",
		999_949:          "999.9 µs",
		999_950:          "1.00 ms",
		1_000_000:        "1.00 ms",
		1_005_000:        "1.01 ms",
		12_344_999:       "12.34 ms",
		999_994_999:      "999.99 ms",
		999_995_000:      "1.00 s",
		time.Second:      "1.00 s",
		1_505_000_000:    "1.51 s",
		83 * time.Second: "83.00 s",
	} {
		if got := Duration(in); got != want {
			t.Errorf("Duration(%d) = %q, want %q", in, got, want)
		}
	}
}
