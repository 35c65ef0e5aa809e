// Init is the first process of a kernel that boot boots.
package main

import "github.com/ebpftrace/ebpftrace/cmd/boot/guest"

func main() { guest.Main() }
