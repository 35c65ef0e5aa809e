package wire_test

import (
	"reflect"
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/wire"
	"github.com/ebpftrace/ebpftrace/tracer/wire/wiretest"
)

// A cut packet is either an error or says the same as the whole one, save that
// less is quoted and the extensions may be gone.
func TestParseAnswerTruncated(t *testing.T) {
	extension := wiretest.Structure(wiretest.MPLS(16001, 0, 1))
	for _, message := range []wiretest.ICMPError{error4(11, 0), error4(3, 4), error6(3, 0), error6(2, 0)} {
		if message.Type != 2 {
			message.Extension, message.Framing = extension, wiretest.Declared
		}
		packet := message.Packet()
		whole, err := wire.ParseAnswer(packet)
		if err != nil {
			t.Fatal(err)
		}
		headers := len(packet) - len(message.Extension) - max(128, len(message.Quote))
		if message.Type == 2 {
			headers = len(packet) - len(message.Quote)
		}
		enough := headers + len(message.Quote) - 32
		for n := range packet {
			got, err := wire.ParseAnswer(packet[:n:n])
			if n < enough {
				wantParseError(t, "cut", got, err)
				continue
			}
			checkCut(t, n, got, err, whole)
		}
	}
}

func checkCut(t *testing.T, n int, got wire.Answer, err error, whole wire.Answer) {
	t.Helper()
	if err != nil {
		t.Errorf("cut to %d bytes: %v", n, err)
		return
	}
	all, part := whole.Quote.Transport, got.Quote.Transport
	if len(part) < 8 || len(part) > len(all) || string(part) != string(all[:len(part)]) {
		t.Errorf("cut to %d bytes: quotes % x", n, part)
	}
	want := whole
	quote := *whole.Quote
	quote.Transport = part
	want.Quote, want.Extensions = &quote, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("cut to %d bytes: got %+v, want %+v", n, got, want)
	}
}
