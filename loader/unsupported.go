package loader

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
)

// UnsupportedError says that the running kernel lacks a feature. It is
// errors.ErrUnsupported.
type UnsupportedError struct {
	// Feature is what the kernel lacks.
	Feature string
	// Since is the first version of Linux that has it.
	Since string
	// Err is what the attempt to use it gave.
	Err error
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("this kernel lacks %s: Linux %s or later has it", e.Feature, e.Since)
}

// Unwrap returns errors.ErrUnsupported and the cause.
func (e *UnsupportedError) Unwrap() []error { return []error{errors.ErrUnsupported, e.Err} }

// unsupported puts a name to an error that means a missing feature, and returns
// other errors as they are.
func unsupported(feature, since string, err error) error {
	if errors.Is(err, ebpf.ErrNotSupported) {
		return &UnsupportedError{feature, since, err}
	}
	return err
}
