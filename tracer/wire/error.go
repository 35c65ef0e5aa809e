package wire

import "fmt"

// ParseError says why bytes from the network are not what they were taken for.
type ParseError struct {
	// What names the part that is at fault, such as "IPv4 header".
	What string
	// Problem says what is wrong with it.
	Problem string
}

func (e *ParseError) Error() string { return e.What + ": " + e.Problem }

func malformed(what, format string, args ...any) error {
	return &ParseError{What: what, Problem: fmt.Sprintf(format, args...)}
}

// need returns an error unless b has at least n bytes.
func need(what string, b []byte, n int) error {
	if len(b) < n {
		return malformed(what, "%d bytes where %d are needed", len(b), n)
	}
	return nil
}
