package lab

import (
	"container/heap"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// maxWaiting is the number of answers that may wait in a queue.
const maxWaiting = 1 << 16

// queue holds packets until they are due, in that order, and in the order of
// their arrival where they are due at once. Its clock is a timerfd: the runtime's own
// timers round a wait of its idle process up to the next millisecond.
type queue struct {
	timer *os.File

	mu      sync.Mutex // guards what follows and the setting of timer
	waiting waiting
	pushed  uint64
}

func newQueue() (*queue, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	return &queue{timer: os.NewFile(uintptr(fd), "timer")}, nil
}

// Close ends pop.
func (q *queue) Close() error { return q.timer.Close() }

// push adds a packet, and reports whether there was room for it.
func (q *queue) push(due time.Time, packet []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == maxWaiting {
		return false
	}
	q.pushed++
	heap.Push(&q.waiting, delivery{due, q.pushed, packet})
	if q.waiting[0].number == q.pushed {
		q.set()
	}
	return true
}

// pop waits until packets are due and returns them, perhaps none. It fails once
// the queue is closed.
func (q *queue) pop() ([][]byte, error) {
	var expirations [8]byte
	if _, err := q.timer.Read(expirations[:]); err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var packets [][]byte
	for now := time.Now(); len(q.waiting) > 0 && !q.waiting[0].due.After(now); {
		packets = append(packets, heap.Pop(&q.waiting).(delivery).packet)
	}
	q.set()
	return packets, nil
}

// set makes the timer expire when the first packet is due, if there is one.
func (q *queue) set() {
	if len(q.waiting) == 0 {
		return
	}
	// Zero would disarm the timer.
	wait := max(time.Until(q.waiting[0].due), 1)
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(wait))}
	conn, err := q.timer.SyscallConn()
	if err == nil {
		// It fails only if the queue is closed, which pop tells.
		conn.Control(func(fd uintptr) { unix.TimerfdSettime(int(fd), 0, &spec, nil) })
	}
}

// delivery is a packet that waits.
type delivery struct {
	due    time.Time
	number uint64
	packet []byte
}

// waiting is a heap of deliveries, the first to be due on top.
type waiting []delivery

func (w waiting) Len() int      { return len(w) }
func (w waiting) Swap(i, j int) { w[i], w[j] = w[j], w[i] }

func (w waiting) Less(i, j int) bool {
	if w[i].due.Equal(w[j].due) {
		return w[i].number < w[j].number
	}
	return w[i].due.Before(w[j].due)
}

func (w *waiting) Push(x any) { *w = append(*w, x.(delivery)) }

func (w *waiting) Pop() any {
	last := len(*w) - 1
	d := (*w)[last]
	(*w)[last].packet = nil // for the garbage collector
	*w = (*w)[:last]
	return d
}
