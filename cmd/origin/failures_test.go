package origin

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/names"
)

// refuses is a source with one error for all.
type refuses struct{ err error }

func (r refuses) Find(context.Context, netip.Addr, *Origin) error { return r.err }

// Questions without answers are counted; that there is nothing to be known is an answer.
func TestFailures(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{&net.DNSError{Err: "no such host", IsNotFound: true}, 0},
		{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, 2},
		{broken, 2},
	} {
		c := New(t.Context(), names.Limits{}, refuses{tt.err})
		for _, addr := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.2", "10.0.0.1"} {
			c.Lookup(netip.MustParseAddr(addr))
		}
		if !c.Wait(time.Minute) {
			t.Fatal("lookups are not over")
		}
		if n, first := c.Failures(); n != tt.want || tt.want > 0 && first != tt.err {
			t.Errorf("%v: %d, %v; want %d", tt.err, n, first, tt.want)
		}
	}
}
