package probe_test

import (
	"bytes"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/probe"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

// Each line is a row of the RFC's diagram or a few of them. The checksums were
// worked out apart from this code.
func TestGolden(t *testing.T) {
	const addresses6 = "20010db8000000000000000000000001 20010db8000100000000000000000002 "
	tests := []struct {
		protocol probe.Protocol
		ipv6     bool
		port     uint16
		dump     string
	}{
		{probe.UDP{}, false, 33434, `
			45 20 002c  acdb 4000  05 11 dc8e  c0000201 c6336402
			9c40 829a  0018 1234
			1234 1886 4445464748494a4b4c4d4e4f`},
		{probe.UDP{}, true, 33434, `
			6 20 abcde  0018 11 05 ` + addresses6 + `
			9c40 829a  0018 1234
			1234 a947 4445464748494a4b4c4d4e4f`},
		{probe.ICMP{}, false, 0, `
			45 20 002c  acdb 4000  05 01 dc9e  c0000201 c6336402
			08 00 61be  9c40 1234
			edcb 42434445464748494a4b4c4d4e4f`},
		{probe.ICMP{}, true, 0, `
			6 20 abcde  0018 3a 05 ` + addresses6 + `
			80 00 8df5  9c40 1234
			edcb 42434445464748494a4b4c4d4e4f`},
		{probe.TCP{}, false, 80, `
			45 20 002c  acdb 4000  05 06 dc99  c0000201 c6336402
			9c40 0050  beef1234  00000000  6 0 02 faf0
			434a 0000  02 04 05b4`},
		{probe.TCP{}, true, 80, `
			6 20 abcde  0018 06 05 ` + addresses6 + `
			9c40 0050  beef1234  00000000  6 0 02 faf0
			d41f 0000  02 04 05a0`},
	}
	for _, tt := range tests {
		f := flow4()
		f.Size = 44
		if tt.ipv6 {
			f = flow6()
			f.Size = 64
		}
		f.TargetPort = tt.port
		got, err := tt.protocol.Marshal(f, 5, 0x1234)
		if want := wiretest.Hex(t, tt.dump); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got % x, %v, want % x", tt.protocol.Name(), got, err, want)
		}
	}
}
