package socket_test

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// Several ports are none that the kernel gives to connections, as far as it leaves
// room; a single one is the kernel's choice, and one asked for is that.
func TestReserveRange(t *testing.T) {
	isolate(t)
	const n = 4096
	for _, tt := range []struct {
		local       string // net.ipv4.ip_local_port_range
		port        uint16
		n           int
		first, last int // where the ports may begin
		count       int // 0: as many as there are, n at most
	}{
		{"32768 60999", 0, n, 1024, 32768 - n, n},
		{"2000 30000", 0, n, 30001, 65536 - n, n},
		{"1025 65534", 0, n, 1025, 65534, 0},
		{"40000 50000", 0, 1, 40000, 50000, 1},
		{"32768 60999", 64000, n, 64000, 64000, 1536},
		{"32768 60999", 65535, n, 65535, 65535, 1},
	} {
		if err := os.WriteFile("/proc/sys/net/ipv4/ip_local_port_range", []byte(tt.local), 0); err != nil {
			t.Fatal(err)
		}
		p, err := socket.ReserveRange(unix.IPPROTO_TCP, loopback4, tt.port, tt.n, 1)
		if err != nil {
			t.Fatalf("%+v: %v", tt, err)
		}
		if got := int(p.Number); got < tt.first || got > tt.last {
			t.Errorf("%+v: begins at %d", tt, got)
		}
		if want := min(tt.n, 65536-int(p.Number)); p.Count != want || tt.count != 0 && want != tt.count {
			t.Errorf("%+v: %d ports from %d on", tt, p.Count, p.Number)
		}
		if _, err := socket.Reserve(unix.IPPROTO_TCP, loopback4, p.Number, 1); !errors.Is(err, unix.EADDRINUSE) {
			t.Errorf("%+v: the first is not held: %v", tt, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
