// Ebpftrace traces the path to a host with times taken in the kernel.
package main

import (
	"os"

	"github.com/ebpftrace/ebpftrace/cmd/cli"
	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

func main() {
	lab.Enter(os.Args)
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
