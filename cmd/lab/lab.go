package lab

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"sync"

	"github.com/vishvananda/netns"
)

// Client and Target are the names of a lab's ends; a router's name is "r" and
// its distance from the client.
const (
	Client = "client"
	Target = "target"
)

// ErrClosed is what a lab returns once Close was called or its context ended.
var ErrClosed = errors.New("lab: closed")

// Node is a host or router that has a name in the lab.
type Node struct {
	// Name is the node's name; inside the lab it resolves as Name.lab.
	Name string
	// V4 and V6 are the addresses that the node answers from: for routers
	// and the target those that face the client.
	V4, V6 netip.Addr
}

// Lab is a running network. Its methods may be called by several goroutines.
type Lab struct {
	nodes  []Node
	spaces map[string]netns.NsHandle

	// ctx ends with Close; commands live no longer.
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex // guards closed, and what nobody begins once it is set
	closed   bool
	running  sync.WaitGroup
	closers  []func()
	released sync.Once
}

// start returns the lab that bringUp makes, which is closed when ctx ends.
func start(ctx context.Context, bringUp func(*Lab) error) (*Lab, error) {
	l := &Lab{spaces: make(map[string]netns.NsHandle)}
	l.ctx, l.cancel = context.WithCancel(ctx)
	if err := errors.Join(ctx.Err(), bringUp(l)); err != nil {
		l.Close()
		return nil, err
	}
	context.AfterFunc(l.ctx, func() { l.Close() })
	return l, nil
}

// Nodes returns the nodes that have names, in the order of their distance from
// the client, which is the first.
func (l *Lab) Nodes() []Node { return slices.Clone(l.nodes) }

// Node returns the node of that name, and whether there is one.
func (l *Lab) Node(name string) (Node, bool) {
	i := slices.IndexFunc(l.nodes, func(n Node) bool { return n.Name == name })
	if i < 0 {
		return Node{}, false
	}
	return l.nodes[i], true
}

// Do calls fn on the caller's goroutine, whose thread is in the node's network
// namespace until fn returns. Sockets that fn opens stay in that namespace and
// keep it alive. Goroutines that fn starts are outside of it; among them are
// those that package net starts to resolve names, so dial literal addresses.
//
// The error is fn's, or says that the thread could not change namespaces. In
// the unlikely case that it cannot return, the goroutine stays locked to it and
// must end.
func (l *Lab) Do(node string, fn func() error) (err error) {
	runtime.LockOSThread()
	leave, err := l.enter(node)
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer func() {
		if back := leave(); back != nil {
			err = errors.Join(err, back)
			return
		}
		runtime.UnlockOSThread()
	}()
	return fn()
}

// enter moves the calling thread into the node's namespace and returns what
// moves it back.
func (l *Lab) enter(node string) (leave func() error, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ErrClosed
	}
	space, ok := l.spaces[node]
	if !ok {
		return nil, fmt.Errorf("lab: there is no node %q", node)
	}
	return visit(space)
}

// Close ends the commands and the network and waits for both. It may be called
// more than once. What still holds sockets of a namespace keeps that namespace.
func (l *Lab) Close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.running.Wait()
	l.released.Do(l.release)
	return nil
}

// release runs the closers, the latest first, and lets go of the namespaces.
func (l *Lab) release() {
	for _, f := range slices.Backward(l.closers) {
		f()
	}
	for _, space := range l.spaces {
		space.Close()
	}
}

// begin counts a user of the network that Close must wait for; the caller calls
// l.running.Done in the end.
func (l *Lab) begin() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	l.running.Add(1)
	return nil
}
