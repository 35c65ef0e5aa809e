package machinetest

import (
	"bytes"
	"os"
	"sync"
)

// Emulated reports whether this machine's CPUs are software. To read two clocks
// then takes so long now and then that an answer goes without receive stamp, which
// is counted.
var Emulated = sync.OnceValue(func() bool {
	info, err := os.ReadFile("/proc/cpuinfo")
	return err == nil && emulated(info)
})

// emulated knows QEMU's CPU "max" by its name on x86, and on arm64 by the part number
// Q of an implementer that there is none of (QEMU: aarch64_max_initfn).
func emulated(info []byte) bool {
	return bytes.Contains(info, []byte("QEMU TCG")) ||
		bytes.Contains(info, []byte("CPU implementer\t: 0x00\n")) && bytes.Contains(info, []byte("CPU part\t: 0x051\n"))
}
