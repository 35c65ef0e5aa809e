package socket

import (
	"bytes"
	"errors"
	"syscall"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// news waits until something may have changed. down says that the interface was
// down, though perhaps for a moment only.
func (w *watch) news() (down bool, err error) {
	for {
		if err := w.events.SetReceiveTimeout(w.patience()); err != nil {
			return false, err
		}
		messages, from, err := w.events.Receive()
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.ENOBUFS):
			return false, nil // patience is over, or messages were lost
		case err != nil:
			return false, err
		case from.Pid != nl.PidKernel:
			continue
		}
		if concerned, down := w.sift(messages); concerned {
			return down, nil
		}
	}
}

// patience returns how long to wait for the carrier; 0: nobody waits for it.
func (w *watch) patience() *unix.Timeval {
	var left time.Duration
	if !w.lost.IsZero() {
		left = max(time.Until(w.lost.Add(carrierGrace)), time.Millisecond)
	}
	tv := unix.NsecToTimeval(int64(left))
	return &tv
}

// sift tells whether messages concern the interface or the source address. An
// address that a message merely mentions costs a look, no more.
func (w *watch) sift(messages []syscall.NetlinkMessage) (concerned, down bool) {
	for _, m := range messages {
		switch m.Header.Type {
		case unix.RTM_NEWLINK, unix.RTM_DELLINK:
			if len(m.Data) < unix.SizeofIfInfomsg {
				continue
			}
			if info := nl.DeserializeIfInfomsg(m.Data); int(info.Index) == w.route.Index {
				concerned = true
				down = down || info.Flags&unix.IFF_UP == 0
			}
		case unix.RTM_NEWADDR, unix.RTM_DELADDR:
			concerned = concerned || bytes.Contains(m.Data, w.route.Source.AsSlice())
		}
	}
	return concerned, down
}
