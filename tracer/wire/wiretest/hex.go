package wiretest

import (
	"encoding/hex"
	"strings"
	"testing"
)

// Hex decodes a dump with blanks and line breaks in it. It fails the test if
// the dump is broken.
func Hex(t testing.TB, dump string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(dump), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
