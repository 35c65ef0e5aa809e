package main

import (
	"bytes"
	"testing"
)

// Rows are found in the output, however it is cut, and all of it is passed on.
func TestTable(t *testing.T) {
	const output = "=== RUN   TestError/udp4\n" +
		"=== ATTR  TestError/udp4 attachment clsact\n" +
		"=== ATTR  TestError/udp4 error +0.3 µs\n" +
		"    === ATTR  TestOther indented no\n" +
		"=== ATTR  TestError/udp6 error 1 µs | 2 µs\n" +
		"=== ATTR  TestError/udp4 error 2 µs\n=== ATTR  TestError"
	var passed, printed bytes.Buffer
	first, second := table{kernel: "5.10", to: &passed}, table{kernel: "6.12", to: new(bytes.Buffer)}
	for i := range len(output) {
		first.Write([]byte(output[i : i+1]))
	}
	second.Write([]byte("=== ATTR  TestError/udp4 stamps driver, receive\n"))
	var all table
	all.join(&first)
	all.join(&second)
	if err := all.print(&printed); err != nil || passed.String() != output {
		t.Errorf("%v, passed on %q", err, passed.String())
	}
	want := `
| kernel | test | attachment | error | stamps |
|---|---|---|---|---|
| 5.10 | TestError/udp4 | clsact | 2 µs |  |
| 5.10 | TestError/udp6 |  | 1 µs \| 2 µs |  |
| 6.12 | TestError/udp4 |  |  | driver, receive |
`
	if printed.String() != want {
		t.Errorf("printed %s, want %s", printed.String(), want)
	}
	printed.Reset()
	if new(table).print(&printed); printed.Len() > 0 {
		t.Errorf("an empty table is %q", printed.String())
	}
}
