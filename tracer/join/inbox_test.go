package join_test

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
)

func TestInbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := make(join.Inbox, 2)
		box <- tracer.Answer{Ident: 1}
		if a, open, err := box.Next(time.Time{}); a.Ident != 1 || !open || err != nil {
			t.Errorf("what is there: %v, open %v, %v", a.Ident, open, err)
		}
		deadline := time.Now().Add(time.Second)
		if _, open, err := box.Next(deadline); !open || !errors.Is(err, os.ErrDeadlineExceeded) || !time.Now().Equal(deadline) {
			t.Errorf("nothing: open %v, %v, %v early", open, err, time.Until(deadline))
		}
		go func() {
			time.Sleep(time.Minute)
			box <- tracer.Answer{Ident: 2}
			close(box)
		}()
		if a, open, err := box.Next(time.Now().Add(time.Hour)); a.Ident != 2 || !open || err != nil {
			t.Errorf("awaited: %v, open %v, %v", a.Ident, open, err)
		}
		if _, open, err := box.Next(time.Now().Add(time.Hour)); open || err != nil {
			t.Errorf("after the end: open %v, %v", open, err)
		}
	})
}
