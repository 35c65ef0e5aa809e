package output

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/stamp"
)

func TestTiming(t *testing.T) {
	for name, want := range map[string]string{
		"tcx":       "tcx egress to tcx ingress, in the kernel",
		"user":      "user send to user receive, in this process",
		"other\x1b": "other\ufffd",
	} {
		if got := timing(name); got != want {
			t.Errorf("timing(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestPlace(t *testing.T) {
	for timing, want := range map[stamp.Timing]string{
		{Send: stamp.TCXEgress, Receive: stamp.TCXIngress}:  "in the kernel",
		{Send: stamp.UserSend, Receive: stamp.TCXIngress}:   "partly in the kernel",
		{Send: stamp.TCXEgress, Receive: stamp.UserReceive}: "partly in the kernel",
		{Send: stamp.UserSend, Receive: stamp.UserReceive}:  "in this process",
	} {
		if got := place(timing); got != want {
			t.Errorf("place(%v) = %q, want %q", timing, got, want)
		}
	}
}
