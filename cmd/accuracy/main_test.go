package main

import (
	"os"
	"testing"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

func TestMain(m *testing.M) {
	lab.Enter(os.Args)
	// The race detector would have each stage that a lab starts sleep for a
	// second when it exits.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	os.Exit(m.Run())
}
