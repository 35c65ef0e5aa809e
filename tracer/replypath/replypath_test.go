package replypath_test

import (
	"testing"

	"github.com/ebpftrace/ebpftrace/tracer/replypath"
)

func TestInfer(t *testing.T) {
	for _, tt := range []struct {
		ttl     uint8
		forward int
		want    replypath.Path
	}{
		{64, 1, replypath.Path{Initial: 64, Hops: 1}},
		{255, 1, replypath.Path{Initial: 255, Hops: 1}},
		{128, 1, replypath.Path{Initial: 128, Hops: 1}},
		{32, 1, replypath.Path{Initial: 32, Hops: 1}},
		{33, 30, replypath.Path{Initial: 64, Hops: 32}},
		{65, 9, replypath.Path{Initial: 128, Hops: 64, Asymmetric: true}},
		{129, 9, replypath.Path{Initial: 255, Hops: 127, Asymmetric: true}},
		{25, 8, replypath.Path{Initial: 32, Hops: 8}},
		{30, 34, replypath.Path{Initial: 64, Hops: 35}},
		{0, 30, replypath.Path{Initial: 32, Hops: 33, Asymmetric: true}},
		{240, 14, replypath.Path{Initial: 255, Hops: 16}},
		{240, 18, replypath.Path{Initial: 255, Hops: 16}},
		{240, 13, replypath.Path{Initial: 255, Hops: 16, Asymmetric: true}},
		{240, 19, replypath.Path{Initial: 255, Hops: 16, Asymmetric: true}},
	} {
		if got := replypath.Infer(tt.ttl, tt.forward); got != tt.want {
			t.Errorf("reply TTL %d at hop %d: %+v, want %+v", tt.ttl, tt.forward, got, tt.want)
		}
	}
}
