package machine

import (
	"io"
	"os"
	"os/exec"
	"sync"
)

// wires are the pipes from an emulator.
type wires struct {
	theirs  []*os.File
	reading sync.WaitGroup
	writing sync.Mutex // writers may be one and the same
}

// run runs the emulator, whose files from 3 on go to the readers, and waits for
// all of them.
func (w *wires) run(cmd *exec.Cmd, readers ...func(io.Reader)) error {
	defer w.reading.Wait()
	defer w.cut()
	for _, read := range readers {
		if err := w.add(cmd, read); err != nil {
			return err
		}
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	w.cut()
	return cmd.Wait()
}

// add makes a pipe from the next of the emulator's files to a reader.
func (w *wires) add(cmd *exec.Cmd, read func(io.Reader)) error {
	ours, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	w.theirs = append(w.theirs, theirs)
	cmd.ExtraFiles = append(cmd.ExtraFiles, theirs)
	w.reading.Go(func() {
		defer ours.Close()
		read(ours)
	})
	return nil
}

// cut closes the emulator's ends here, so that the readers end with it.
func (w *wires) cut() {
	for _, f := range w.theirs {
		f.Close()
	}
	w.theirs = nil
}

// copyTo returns a reader that copies, and does not block the machine when the
// writer fails.
func (w *wires) copyTo(to io.Writer) func(io.Reader) {
	return func(from io.Reader) {
		io.Copy(inTurn{&w.writing, to}, from)
		io.Copy(io.Discard, from)
	}
}

// inTurn is a writer that others use as well.
type inTurn struct {
	turn *sync.Mutex
	to   io.Writer
}

func (t inTurn) Write(b []byte) (int, error) {
	t.turn.Lock()
	defer t.turn.Unlock()
	return t.to.Write(b)
}
