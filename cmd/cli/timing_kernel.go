package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"kernel.org/pub/linux/libs/security/libcap/cap"

	"github.com/ebpftrace/ebpftrace/loader"
	"github.com/ebpftrace/ebpftrace/tracer"
	"github.com/ebpftrace/ebpftrace/tracer/join"
	"github.com/ebpftrace/ebpftrace/tracer/socket"
)

// nearestClock takes the stamps nearest to the wire that this kernel and these
// capabilities allow, and says which it has to do without.
func nearestClock(s setup) (*clock, error) { return attached(s, loader.Refined) }

// kernelClock takes the nearest there are anywhere, or none.
func kernelClock(s setup) (*clock, error) {
	c, err := attached(s, loader.Refined)
	if err == nil && len(c.notes) > 0 {
		return nil, errors.Join(farther(c.notes), c.Close())
	}
	return c, err
}

// farther says why the stamps are not the nearest. It is os.ErrPermission.
type farther []string

func (f farther) Error() string { return strings.Join(f, "; ") }
func (f farther) Unwrap() error { return os.ErrPermission }

// tcxClock takes those of tcx alone.
func tcxClock(s setup) (*clock, error) { return attached(s, loader.TCXOnly) }

// attached attaches the eBPF programs to the interfaces that packets pass.
func attached(s setup, stamps loader.Stamps) (*clock, error) {
	if err := loader.CheckCapabilities(cap.NET_RAW); err != nil {
		return nil, err
	}
	c, err := openRaw(s)
	if err != nil {
		return nil, err
	}
	if err := c.attach(s, stamps); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *clock) attach(s setup, stamps loader.Stamps) error {
	cookie, err := c.raw.Cookie()
	if err != nil {
		return err
	}
	uplinks := socket.Indices(s.uplinks)
	session, err := loader.Open(loader.Options{
		Interface: s.route.Index, Uplinks: uplinks, Hooks: s.hooks,
		Cookie: cookie, Port: c.port, Ports: uint16(c.ports), Secret: s.flow.Secret, Protocol: s.number(),
		Slots: uint32(join.SlotsFor(s.probes)), Stamps: stamps,
	})
	if err != nil {
		return err
	}
	c.closers = append(c.closers, session)
	if session.Hooks() == loader.Clsact {
		c.guard(append(uplinks, s.route.Index)...)
	}
	c.Source, c.timing, c.needs = session, session.Timing(), session.Needs()
	c.rung = "eBPF by " + string(session.Hooks())
	for _, f := range session.Fallbacks() {
		c.notes = append(c.notes, f.Error())
	}
	return c.addUser(s)
}

// guard has the filters guarded. Without, all works; only after a crash something
// stays, which the next run removes.
func (c *clock) guard(indices ...int) {
	g, err := startGuard(indices)
	if err != nil {
		c.notes = append(c.notes, fmt.Sprintf("nobody will remove the filters if this process crashes: %v", err))
		return
	}
	// To be relieved, so closed, after the session.
	c.closers = slices.Insert(c.closers, len(c.closers)-1, io.Closer(g))
}

// addUser has this process receive the answers as well, if that is asked for.
func (c *clock) addUser(s setup) error {
	if !s.user {
		return nil
	}
	listener, err := c.listen(s, false)
	if err != nil {
		return err
	}
	c.Source, c.sender = tracer.Merge(c.Source, listener), listener
	return nil
}
