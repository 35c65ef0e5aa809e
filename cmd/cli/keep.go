package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
	"github.com/ebpftrace/ebpftrace/cmd/report"
	"github.com/ebpftrace/ebpftrace/tracer"
)

// keeper writes the files that a run leaves. A nil keeper leaves none.
type keeper struct {
	recorder        *record.Recorder // nil without --save
	stream          *record.Stream   // of rounds, nil without --save
	recording, page *os.File         // nil: none
	header          output.Header
	made            []*os.File // that were not there before
}

// keeper opens the files that were asked for. Nothing that they held is lost before
// there is something to write.
func (o *options) keeper() (k *keeper, err error) {
	k = &keeper{}
	if k.recording, err = k.open("--save", o.save); err != nil {
		return nil, err
	}
	if k.page, err = k.open("--report", o.report); err != nil {
		k.Close()
		return nil, err
	}
	if err := checkApart("--save", k.recording, "--report", k.page); err != nil {
		k.Close()
		return nil, err
	}
	if k.recording != nil {
		k.recorder = record.New()
	}
	if k.recording != nil || k.page != nil {
		signal.Ignore(unix.SIGPIPE) // who reads along may leave before the files are written
	}
	return k, nil
}

// open notes, too, if the file was not there.
func (k *keeper) open(flag, name string) (*os.File, error) {
	_, missing := os.Lstat(name)
	f, err := openLate(flag, name)
	if errors.Is(missing, fs.ErrNotExist) {
		k.made = append(k.made, f)
	}
	return f, err
}

// openLate opens a file to be written when all is over; nil if it has no name.
func openLate(flag, name string) (*os.File, error) {
	switch name {
	case "":
		return nil, nil
	case standardOutput:
		return nil, usage("%s -: standard output has the trace; give a file's name (./- if it is called so)", flag)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|unix.O_NONBLOCK, 0o644)
	if errors.Is(err, unix.ENXIO) { // a FIFO: to wait would be to hang
		return nil, usage("%s: nobody reads from %s: start its reader first", flag, name)
	}
	if err != nil {
		return nil, usage("%s: %w", flag, err)
	}
	return f, nil
}

// Close closes what was not written. A file that was made for it is removed: an empty
// one would say nothing.
func (k *keeper) Close() {
	if k == nil {
		return
	}
	for _, f := range []*os.File{k.recording, k.page} {
		if f.Close() == nil && slices.Contains(k.made, f) {
			os.Remove(f.Name()) // it has no use, and does no harm
		}
	}
}

// record has everything recorded that a clock tells.
func (k *keeper) record(c *clock) {
	if k != nil {
		c.Source = k.recorder.Source(c.Source)
	}
}

// start takes the header, and returns the one to go on with.
func (k *keeper) start(h output.Header) output.Header {
	if k == nil {
		return h
	}
	h.Names = k.recorder.Names(h.Names)
	k.header = h
	return h
}

func (k *keeper) probe(p tracer.Probe) {
	if k != nil {
		k.recorder.Probe(p)
	}
}

// end writes the files, once the output has been written. Without a trace there is
// nothing to write.
func (k *keeper) end(t *tracer.Trace, failed error) error {
	if k == nil || t == nil {
		return nil
	}
	return errors.Join(
		overwrite("--save", k.recording, func(w io.Writer) error { return k.recorder.Write(w, version, k.header, t, failed) }),
		overwrite("--report", k.page, func(w io.Writer) error { return report.WriteTrace(w, k.header, t, failed) }),
	)
}

// overwrite writes a file from its beginning, and closes it. Half a file is of no use:
// one that could not be written to its end is emptied, and left to Close.
func overwrite(flag string, f *os.File, write func(io.Writer) error) error {
	if f == nil {
		return nil
	}
	plain := regular(f) != nil
	var err error
	if plain {
		err = f.Truncate(0)
	}
	if err = cmp.Or(err, write(f)); err != nil {
		if plain {
			_ = f.Truncate(0)
		}
		return fmt.Errorf("%s: %w", flag, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}
