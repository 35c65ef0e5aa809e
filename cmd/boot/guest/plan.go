// Package guest is the first process of a booted kernel: it mounts what
// programs expect, loads modules, runs commands and powers off.
package guest

import "encoding/json"

// PlanFile is where the guest finds its Plan, as JSON.
const PlanFile = "/plan.json"

// Plan says what to do.
type Plan struct {
	// Modules are to be loaded in this order.
	Modules []Module
	// Commands run one after the other, whatever came of those before. What one
	// leaves running is killed before the next.
	Commands []Command
}

// Module is a kernel module to load.
type Module struct {
	File string
	// Parameters are as insmod(8) takes them.
	Parameters string
}

// Command is a program to run.
type Command struct {
	// Argv is a path and its arguments.
	Argv []string
	// Env is its environment.
	Env []string
	// Dir is where it runs.
	Dir string
	// Tests, if not empty, is the package that the command tests. As with go
	// test, stderr is stdout then, and a line with the result ends the output.
	Tests string
}

// The names of the virtio ports to the host.
const (
	PortStdout = "stdout"
	PortStderr = "stderr"
	// PortReport carries Reports.
	PortReport = "report"
)

// Report is what the guest tells the host, as a JSON document a line: one
// before the first command starts, and one after each that ended.
type Report struct {
	// Release is what uname -r says.
	Release string
	// BTF says that the kernel describes its types, in /sys/kernel/btf/vmlinux.
	BTF bool
	// Statuses are the exit statuses of the commands so far: 128 and the
	// signal's number where a signal ended one.
	Statuses []int `json:",omitempty"`
	// Failure says why there is no command that could be run.
	Failure string `json:",omitempty"`
}

// Marshal returns the plan as the file that the guest reads.
func (p Plan) Marshal() ([]byte, error) { return json.Marshal(p) }
