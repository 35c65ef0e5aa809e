package sim

import "testing"

// FuzzHandle feeds every scenario with whatever comes: nothing panics, and
// whatever comes back is a packet.
func FuzzHandle(f *testing.F) {
	for _, ipv6 := range family {
		for i, protocol := range protocols {
			b := testProbe{ipv6: ipv6, protocol: protocol, ttl: uint8(i + 2), size: 40}.bytes(f)
			f.Add(b)
			f.Add(b[:len(b)/2])
		}
	}
	var all []*Scenario
	for _, name := range Names() {
		s, err := Load(name)
		must(f, err)
		all = append(all, s)
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, s := range all {
			for _, d := range New(s, 1).Handle(start, packet) {
				readAnswer(t, d)
			}
		}
	})
}

// FuzzParse reads whatever comes as a scenario, and runs it if it is one.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		text, err := read(name)
		must(f, err)
		f.Add(text)
	}
	packet := testProbe{ttl: 2}.bytes(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		New(s, 1).Handle(start, packet)
	})
}
