package stamp

import (
	"errors"
	"testing"
	"time"
)

func TestRTT(t *testing.T) {
	tests := []struct {
		name   string
		set    Set
		want   time.Duration
		timing string
	}{
		{"nothing stamped", Set{}, 0, ""},
		{"half a pair is none", Set{TCXEgress: 5, UserReceive: 9}, 0, ""},
		{"user clock alone", Set{UserSend: 100, UserReceive: 400}, 300, "user"},
		{"the nearest to the wire wins", Set{UserSend: 100, TCXEgress: 150, TCXIngress: 350, UserReceive: 400}, 200, "tcx"},
		{"each point nearer than the last", Set{UserSend: 1, TCXEgress: 10, DriverStart: 20, SocketSend: 22, Receive: 90, TCXIngress: 95, UserReceive: 99}, 70, "kernel"},
		{"no receive stamp", Set{TCXEgress: 10, DriverStart: 20, TCXIngress: 95}, 75, "driver+tcx"},
		{"no driver stamp", Set{TCXEgress: 10, Receive: 90, TCXIngress: 95}, 80, "tcx+receive"},
		{"sockets alone", Set{UserSend: 1, SocketSend: 22, Receive: 90, UserReceive: 99}, 68, "socket"},
		{"same instant", Set{TCXEgress: 7, TCXIngress: 7}, 0, "tcx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, timing, err := tt.set.RTT()
			if err != nil || got != tt.want || timing.Name != tt.timing {
				t.Errorf("RTT = %v by %q, %v; want %v by %q", got, timing.Name, err, tt.want, tt.timing)
			}
		})
	}
}

// An answer before its probe is an error, also where a pair further from the
// wire would give a possible time: it would hide that a clock is wrong.
func TestRTTImpossible(t *testing.T) {
	set := Set{UserSend: 100, TCXEgress: 300, TCXIngress: 299, UserReceive: 400}
	_, _, err := set.RTT()
	var impossible *ImpossibleError
	if !errors.As(err, &impossible) {
		t.Fatalf("error = %v, want an ImpossibleError", err)
	}
	if impossible.RTT != -1 || impossible.Timing.Name != "tcx" {
		t.Errorf("got %v by %s, want -1ns by tcx", impossible.RTT, impossible.Timing.Name)
	}
}
