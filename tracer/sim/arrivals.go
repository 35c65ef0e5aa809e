package sim

import (
	"container/heap"
	"time"
)

// arrival is a packet on the way to this host.
type arrival struct {
	at     time.Time
	order  uint64 // decides between packets that arrive at the same time
	packet []byte
}

// arrivals holds packets under way. See [heap.Interface] for its methods; add
// and due are for the others.
type arrivals struct {
	heap  []arrival
	added uint64
}

func (a *arrivals) add(at time.Time, packet []byte) {
	a.added++
	heap.Push(a, arrival{at, a.added, packet})
}

// due removes and returns the first packet to arrive, if it does by now.
func (a *arrivals) due(now time.Time) (first arrival, ok bool) {
	if len(a.heap) == 0 || a.heap[0].at.After(now) {
		return first, false
	}
	return heap.Pop(a).(arrival), true
}

func (a *arrivals) Len() int      { return len(a.heap) }
func (a *arrivals) Swap(i, j int) { a.heap[i], a.heap[j] = a.heap[j], a.heap[i] }
func (a *arrivals) Push(x any)    { a.heap = append(a.heap, x.(arrival)) }

func (a *arrivals) Less(i, j int) bool {
	if c := a.heap[i].at.Compare(a.heap[j].at); c != 0 {
		return c < 0
	}
	return a.heap[i].order < a.heap[j].order
}

func (a *arrivals) Pop() any {
	last := a.heap[len(a.heap)-1]
	a.heap = a.heap[:len(a.heap)-1]
	return last
}
