package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cacheVariable makes this test binary a cache of the go command (GOCACHEPROG, see `go
// help cacheprog`): it names a directory for what is new, and the usual cache, from
// which everything is had but what is made of this module. To compile all else anew as
// well takes minutes, and would test Go's own modules and compiler.
const cacheVariable = "EBPFTRACE_TEST_CACHE"

const ownPath = "github.com/ebpftrace/ebpftrace"

// The protocol's messages: cmd/go/internal/cacheprog.
type (
	cacheRequest struct {
		ID                 int64
		Command            string
		ActionID, OutputID []byte
		BodySize           int64
	}
	cacheResponse struct {
		ID            int64
		Err           string   `json:",omitempty"`
		KnownCommands []string `json:",omitempty"`
		Miss          bool     `json:",omitempty"`
		OutputID      []byte   `json:",omitempty"`
		Size          int64    `json:",omitempty"`
		DiskPath      string   `json:",omitempty"`
	}
)

// cache is where the objects are: first what is new, then the usual.
type cache struct{ fresh, usual string }

func (c cache) serve(from io.Reader, to io.Writer) error {
	in, out := json.NewDecoder(from), json.NewEncoder(to)
	err := out.Encode(cacheResponse{KnownCommands: []string{"get", "put", "close"}})
	for err == nil {
		var r cacheRequest
		if err = in.Decode(&r); err != nil {
			return err
		}
		var body []byte
		if r.BodySize > 0 {
			err = in.Decode(&body)
		}
		err = errors.Join(err, out.Encode(c.answer(r, body)))
		if r.Command == "close" {
			return err
		}
	}
	return err
}

func (c cache) answer(r cacheRequest, body []byte) (a cacheResponse) {
	switch r.Command {
	case "put":
		a.DiskPath, _ = paths(c.fresh, r.ActionID, r.OutputID)
		if err := c.put(r, body); err != nil {
			a.Err = err.Error()
		}
	case "get":
		a = c.get(r.ActionID)
	}
	a.ID = r.ID
	return a
}

// paths are those of an object and of the entry that names it, as the go command has
// them.
func paths(dir string, action, output []byte) (object, entry string) {
	name := func(id []byte, suffix string) string {
		text := hex.EncodeToString(id)
		return filepath.Join(dir, text[:min(2, len(text))], text+suffix)
	}
	return name(output, "-d"), name(action, "-a")
}

func (c cache) put(r cacheRequest, body []byte) error {
	object, entry := paths(c.fresh, r.ActionID, r.OutputID)
	return errors.Join(
		os.MkdirAll(filepath.Dir(object), 0o755), os.WriteFile(object, body, 0o644), os.MkdirAll(filepath.Dir(entry), 0o755),
		os.WriteFile(entry, fmt.Appendf(nil, "v1 %x %x %d 0\n", r.ActionID, r.OutputID, len(body)), 0o644))
}

func (c cache) get(action []byte) cacheResponse {
	for _, dir := range []string{c.fresh, c.usual} {
		output, size, err := lookUp(dir, action)
		if err != nil {
			continue
		}
		object, _ := paths(dir, action, output)
		content, err := os.ReadFile(object)
		if err != nil || dir == c.usual && bytes.Contains(content, []byte(ownPath)) {
			continue
		}
		return cacheResponse{OutputID: output, Size: size, DiskPath: object}
	}
	return cacheResponse{Miss: true}
}

func lookUp(dir string, action []byte) (output []byte, size int64, err error) {
	_, entry := paths(dir, action, nil)
	text, err := os.ReadFile(entry)
	if err != nil {
		return nil, 0, err
	}
	field := strings.Fields(string(text))
	if len(field) != 5 {
		return nil, 0, fmt.Errorf("%s is no entry of Go's cache", entry)
	}
	if output, err = hex.DecodeString(field[2]); err != nil {
		return nil, 0, err
	}
	size, err = strconv.ParseInt(field[3], 10, 64)
	return output, size, err
}
