package stamp

import (
	"slices"
	"testing"
)

func TestSpans(t *testing.T) {
	tests := []struct {
		name string
		set  Set
		want []Span
	}{
		{"nothing", Set{}, nil},
		{"one stamp divides nothing", Set{TCXEgress: 5}, nil},
		{"every point", Set{UserSend: 1, TCXEgress: 3, DriverStart: 6, SocketSend: 7, Receive: 50, TCXIngress: 55, UserReceive: 70}, []Span{
			{UserSend, TCXEgress, "send call", 2}, {TCXEgress, DriverStart, "queue", 3},
			{DriverStart, Receive, "network", 44}, {Receive, TCXIngress, "receive path", 5}, {TCXIngress, UserReceive, "wake-up", 15},
		}},
		{"what has no stamp between is one", Set{TCXEgress: 3, TCXIngress: 55}, []Span{
			{TCXEgress, TCXIngress, "queue + network + receive path", 52},
		}},
	}
	for _, tt := range tests {
		if got := tt.set.Spans(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
