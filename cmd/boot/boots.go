package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ebpftrace/ebpftrace/cmd/boot/machine"
)

// boot is one kernel's turn.
type boot struct {
	kernel         string
	stdout, stderr *turn
	told           table
	status         int
}

// bootAll runs the commands under each kernel, some at a time, and writes what
// they write as if it was one after the other.
func (o *options) bootAll(ctx context.Context, base machine.Options) (boots []*boot) {
	stdout, stderr := turns{to: os.Stdout}, turns{to: os.Stderr}
	for _, kernel := range o.kernels {
		b := &boot{kernel: kernel, stdout: stdout.add(), stderr: stderr.add()}
		b.told.kernel, b.told.to = kernel, b.stdout
		boots = append(boots, b)
	}
	var running sync.WaitGroup
	places := make(chan struct{}, o.parallel)
	for _, b := range boots {
		places <- struct{}{}
		running.Go(func() {
			b.run(ctx, o, base)
			<-places
		})
	}
	running.Wait()
	return boots
}

// run boots the kernel and says what came of it and how long that took.
func (b *boot) run(ctx context.Context, o *options, m machine.Options) {
	defer b.stderr.Close()
	defer b.stdout.Close()
	m.Stdout, m.Stderr = &b.told, b.stderr
	var r machine.Result
	var err error
	if m.Kernel, err = o.cache.Kernel(ctx, b.kernel); err == nil {
		r, err = machine.Run(ctx, m)
	}
	if b.status = r.Status(); err != nil {
		b.status = exitFailed
		fmt.Fprintf(b.stderr, "boot: Linux %s: %v\n", b.kernel, err)
		return
	}
	describe(b.stderr, r)
}

func describe(to io.Writer, r machine.Result) {
	if r.Console != "" {
		fmt.Fprintf(to, "boot: the kernel printed:\n%s", r.Console)
	}
	if len(r.Lacking) > 0 {
		fmt.Fprintf(to, "boot: Linux %s has no module %s\n", r.Release, strings.Join(r.Lacking, ", "))
	}
	fmt.Fprintf(to, "boot: Linux %s, BTF %v: up in %v, off after %v, status %d\n",
		r.Release, r.BTF, r.Boot.Round(time.Millisecond), r.Elapsed.Round(time.Millisecond), r.Status())
}
