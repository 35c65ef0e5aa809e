package cli_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/ebpftrace/ebpftrace/cmd/lab"
)

// copies is how many copies of one true answer a trace gets.
const copies = 200_000

// tap returns a packet socket that sees what the lab's client receives.
func tap(t *testing.T, l *lab.Lab) (fd int) {
	t.Helper()
	err := l.Do(lab.Client, func() (err error) {
		kind := int(nl.Swap16(unix.ETH_P_IP)) // in network byte order
		fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, kind)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	limit := unix.NsecToTimeval(int64(patience))
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit); err != nil {
		t.Fatal(err)
	}
	return fd
}

// answer returns the first ICMP message that is received, to what the process sends.
func answer(t *testing.T, fd int, p *process) []byte {
	t.Helper()
	buffer := make([]byte, 2048)
	for {
		n, from, err := unix.Recvfrom(fd, buffer, 0)
		if err != nil {
			t.Fatalf("no answer came by: %v; the trace says %q", err, p.stderr.String())
		}
		outgoing := from.(*unix.SockaddrLinklayer).Pkttype == unix.PACKET_OUTGOING
		if !outgoing && n > 20 && buffer[9] == unix.IPPROTO_ICMP {
			return slices.Clone(buffer[:n])
		}
	}
}

// Copies of an answer are all counted, by the hundred thousand, and kept by none:
// neither the trace nor what waits for stamps of a second source grows.
func TestCopies(t *testing.T) {
	eachSources(t, func(t *testing.T, f *flood, p *process, same packet) {
		before := f.sent(t)[kindCopy]
		if err := f.lab.Do(lab.Client, func() error { return f.send(same, copies) }); err != nil {
			t.Fatal(err)
		}
		sent := int(f.sent(t)[kindCopy] - before)
		after := p.footprint(t)
		c := p.interrupted(t).Counters
		t.Logf("of %d copies, %d were handed over and %d found a buffer full", sent, c["answers"]-1, c["overflow"])
		if c["duplicates"] != sent || c["stray"] != 0 || c["unmatched"] != 0 {
			t.Errorf("counted %v; want %d duplicates and no other", c, sent)
		}
		if lost := sent + 1 - c["answers"]; lost < 0 || lost > c["overflow"] {
			t.Errorf("%d answers, and %d lost, to one probe with %d copies", c["answers"], c["overflow"], sent)
		}
		checkFootprint(t, "after the copies", after, slotsDefault)
	})
}

// A trace that gets nothing but copies, without end, does not grow, and still ends
// when it is told to.
func TestCopiesWithoutEnd(t *testing.T) {
	eachSources(t, func(t *testing.T, f *flood, p *process, same packet) {
		var d document
		var took time.Duration
		sent, _ := f.during(t, func() packet { return same }, func() {
			time.Sleep(1200 * time.Millisecond)
			checkFootprint(t, "amid copies", p.footprint(t), slotsDefault)
			start := time.Now()
			d = p.interrupted(t)
			took = time.Since(start)
		})
		t.Logf("it ended %v after the signal; %d copies were sent, %d counted", took, sent[kindCopy], d.Counters["duplicates"])
		if d.Counters["duplicates"] == 0 {
			t.Errorf("counted %v, want duplicates", d.Counters)
		}
	})
}

// eachSources runs a test with the kernel's clock alone, and with the process's
// beside it: on a trace that has sent one probe, to which there is an answer, and
// does not send the next one soon.
func eachSources(t *testing.T, test func(*testing.T, *flood, *process, packet)) {
	needsKernel(t, 5, 18, "live frames of BPF_PROG_TEST_RUN")
	l := chain(t, 1)
	f := newFlood(t, l)
	for _, flags := range [][]string{{"--timing", "auto"}, {"--stamps"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			fd := tap(t, l)
			p := slowly(t, l, append(flags, "-z", "5")...)
			test(t, f, p, packet{kindCopy, answer(t, fd, p)})
		})
	}
}

// interrupted ends a trace by SIGINT and returns what it knows.
func (p *process) interrupted(t *testing.T) document {
	t.Helper()
	p.signal(t, os.Interrupt)
	got := p.end(t)
	d := got.document(t)
	if got.status != 1 || got.stderr != "" || d.StopReason != "interrupted" {
		t.Errorf("status %d, stopped with %s\n%s", got.status, d.StopReason, got.stderr)
	}
	return d
}
