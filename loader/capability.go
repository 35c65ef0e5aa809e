package loader

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// needed are the capabilities to load and attach tc programs. CAP_SYS_ADMIN
// includes both, as before Linux 5.8 split CAP_BPF off. CAP_PERFMON, for programs
// that read the kernel's memory, is not among them: without it there is merely no
// driver stamp.
var needed = []cap.Value{cap.BPF, cap.NET_ADMIN}

// inAdmin are the capabilities that CAP_SYS_ADMIN includes.
var inAdmin = []cap.Value{cap.BPF, cap.NET_ADMIN, cap.PERFMON}

// CapabilityError says that this process may not load eBPF programs. It is
// os.ErrPermission.
type CapabilityError struct {
	// Missing are the capabilities that the effective set lacks.
	Missing []cap.Value
	// Executable is the path of this program, for the advice.
	Executable string
}

func (e *CapabilityError) Error() string {
	return fmt.Sprintf("tracing with kernel timestamps needs %s, which this process lacks: run it with sudo, or once "+
		"`sudo setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep %s`", e.names(), e.Executable)
}

// Short says what is missing, without advice.
func (e *CapabilityError) Short() string { return "needs " + e.names() }

func (e *CapabilityError) names() string {
	names := make([]string, len(e.Missing))
	for i, c := range e.Missing {
		names[i] = strings.ToUpper(c.String())
	}
	return strings.Join(names, " and ")
}

// Unwrap makes the error os.ErrPermission.
func (e *CapabilityError) Unwrap() error { return os.ErrPermission }

// CheckCapabilities reports as a [*CapabilityError] which capabilities this
// process lacks of those that Open needs, and of more that the caller needs. It
// looks before the kernel does: its EPERM does not tell which one it missed.
func CheckCapabilities(more ...cap.Value) error {
	missing, err := missingFrom(cap.GetProc(), slices.Concat(needed, more))
	if err != nil {
		return fmt.Errorf("read the process's capabilities: %w", err)
	}
	if len(missing) == 0 {
		return nil
	}
	return lacking(missing...)
}

func lacking(missing ...cap.Value) error {
	path, err := os.Executable()
	if err != nil {
		path = os.Args[0]
	}
	return &CapabilityError{Missing: missing, Executable: path}
}

// missingFrom returns which of the wanted capabilities the effective ones in
// set lack.
func missingFrom(set *cap.Set, wanted []cap.Value) (missing []cap.Value, err error) {
	admin, err := set.GetFlag(cap.Effective, cap.SYS_ADMIN)
	if err != nil {
		return nil, err
	}
	for _, c := range wanted {
		has, err := set.GetFlag(cap.Effective, c)
		if err != nil {
			return nil, err
		}
		if !has && !(admin && slices.Contains(inAdmin, c)) {
			missing = append(missing, c)
		}
	}
	return missing, nil
}
