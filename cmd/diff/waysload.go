package diff

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ebpftrace/ebpftrace/cmd/output"
	"github.com/ebpftrace/ebpftrace/cmd/record"
)

// LoadAny is Load, and takes files of searches for all paths too: one of the two that it
// returns is nil.
func LoadAny(r io.Reader) (*Trace, *Ways, error) {
	b := bufio.NewReader(r)
	if first, err := b.Peek(1); err == nil && first[0] == '{' {
		return anyDocument(b)
	}
	rec, err := record.Read(b)
	if errors.Is(err, record.ErrForeign) {
		return nil, nil, errForeign
	}
	if err != nil {
		return nil, nil, err
	}
	if rec.Search == nil {
		t, err := recording(rec)
		return t, nil, err
	}
	w, err := search(rec.Search)
	return nil, w, err
}

func anyDocument(r io.Reader) (*Trace, *Ways, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxDocument))
	if err != nil {
		return nil, nil, err
	}
	var kind struct{ Schema string }
	json.NewDecoder(bytes.NewReader(text)).Decode(&kind) // what is damaged is told of below
	if kind.Schema == output.MultipathSchema {
		w, err := waysDocument(bytes.NewReader(text))
		return nil, w, err
	}
	t, err := document(bytes.NewReader(text))
	return t, nil, err
}

// search takes the way of its JSON document too.
func search(s *record.Search) (*Ways, error) {
	f, err := output.MultipathByName("json")
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := s.Play(f.New(&text)); err != nil {
		return nil, err
	}
	return waysDocument(&text)
}

func waysDocument(r io.Reader) (*Ways, error) {
	w := &Ways{}
	if err := json.NewDecoder(r).Decode(w); err != nil {
		return nil, fmt.Errorf("is damaged: %s", output.Safe(err.Error()))
	}
	return w, w.check()
}
