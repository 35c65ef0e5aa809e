// Package guest is the first process of a booted kernel: it mounts what
// programs expect, loads modules, runs one command and powers off.
package guest

import "encoding/json"

// PlanFile is where the guest finds its Plan, as JSON.
const PlanFile = "/plan.json"

// Plan says what to do.
type Plan struct {
	// Modules are files to load, in this order.
	Modules []string
	// Argv is the command: a path and its arguments.
	Argv []string
	// Env is the command's environment.
	Env []string
	// Dir is where it runs.
	Dir string
}

// The names of the virtio ports to the host.
const (
	PortStdout = "stdout"
	PortStderr = "stderr"
	// PortReport carries Reports.
	PortReport = "report"
)

// Report is what the guest tells the host, as a JSON document a line: one
// before the command starts, and one with a Status after it ended.
type Report struct {
	// Release is what uname -r says.
	Release string
	// BTF says that the kernel describes its types, in /sys/kernel/btf/vmlinux.
	BTF bool
	// Status is the command's exit status, 128 and the signal's number if a
	// signal ended it.
	Status *int `json:",omitempty"`
	// Failure says why there was no command.
	Failure string `json:",omitempty"`
}

// Marshal returns the plan as the file that the guest reads.
func (p Plan) Marshal() ([]byte, error) { return json.Marshal(p) }
