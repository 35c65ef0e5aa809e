package machinetest

import "testing"

// Of what /proc/cpuinfo says of a CPU.
func TestEmulated(t *testing.T) {
	for info, want := range map[string]bool{
		"": false,
		"vendor_id\t: AuthenticAMD\nmodel name\t: QEMU TCG CPU version 2.5+\n":                  true,
		"vendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\n":                                   false,
		"CPU implementer\t: 0x00\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0x051\n": true,
		"CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n": false,
	} {
		if got := emulated([]byte(info)); got != want {
			t.Errorf("%v of %q", got, info)
		}
	}
}
