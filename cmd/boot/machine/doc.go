// Package machine boots a kernel of another version in an emulated machine
// (QEMU, without KVM), runs commands in it and returns their exit statuses. The
// machine has no disk and no network: what the commands need is in its initial
// root file system, which is memory. It needs QEMU, of Debian's qemu-system-x86 and
// seabios or qemu-system-arm, and Go, to build the first process; it does not need
// root.
//
// Time is emulated as well: the guest's clock is as true as the host's, but what
// takes a microsecond elsewhere takes ten to a hundred there, and the host's own
// scheduling shows.
package machine
