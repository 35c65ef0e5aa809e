package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

const (
	// captureBuffer is in KiB, captureLength in bytes: an ICMPv6 error about
	// an IPv6 probe, its first 8 bytes behind the header included, takes 110.
	captureBuffer = "16384"
	captureLength = "256"
	// flushAfter is how long a packet may wait in the kernel's buffer: libpcap
	// is told of a block of them a second after its first.
	flushAfter = 1200 * time.Millisecond
	// captureStart bounds the wait for tcpdump to listen, and captureEnd that
	// for it to end: it may find itself among busy loops.
	captureStart = 20 * time.Second
	captureEnd   = 20 * time.Second
)

// capture is a tcpdump at work on eth0 of a node.
type capture struct {
	cmd    *exec.Cmd
	file   string
	stderr *bufio.Reader
}

// startCapture returns once tcpdump listens. The caller calls stop.
func startCapture(l *lab.Lab, node, file string) (*capture, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	c := &capture{file: file, stderr: bufio.NewReader(r)}
	c.cmd = exec.Command("tcpdump", "-i", "eth0", "-n", "-p", "-Z", "root", "--time-stamp-precision=nano",
		"-B", captureBuffer, "-s", captureLength, "-w", file)
	c.cmd.Stderr = w
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL}
	if err := l.Do(node, c.cmd.Start); err != nil {
		r.Close()
		return nil, fmt.Errorf("start tcpdump in %s: %w", node, err)
	}
	r.SetReadDeadline(time.Now().Add(captureStart))
	line, err := c.stderr.ReadString('\n')
	if err != nil || !listening.MatchString(line) {
		c.cmd.Process.Kill()
		c.cmd.Wait()
		r.Close()
		return nil, fmt.Errorf("tcpdump in %s does not listen: %q, %v", node, line, err)
	}
	r.SetReadDeadline(time.Time{})
	return c, nil
}

var (
	listening = regexp.MustCompile(`listening on eth0`)
	dropped   = regexp.MustCompile(`(?m)^(\d+) packets? dropped by`)
)

// stop ends the capture and returns what it saw. It fails if a packet is
// missing: then no count would be worth anything.
func (c *capture) stop() ([]frame, error) {
	kill := time.AfterFunc(captureEnd, func() { c.cmd.Process.Kill() })
	defer kill.Stop()
	c.cmd.Process.Signal(unix.SIGINT)
	said, _ := io.ReadAll(c.stderr)
	if err := c.cmd.Wait(); err != nil {
		return nil, fmt.Errorf("tcpdump: %w: %s", err, said)
	}
	drops := dropped.FindAllSubmatch(said, -1)
	if drops == nil {
		return nil, fmt.Errorf("tcpdump did not say what it dropped: %s", said)
	}
	for _, d := range drops {
		if string(d[1]) != "0" {
			return nil, fmt.Errorf("%w: %s", errDropped, said)
		}
	}
	return readCapture(c.file)
}

var errDropped = errors.New("tcpdump dropped packets")
