package origin

import (
	"errors"
	"net"
	"sync"
)

// failures counts questions that got no answer.
type failures struct {
	mu    sync.Mutex
	n     int
	first error
}

// note counts an error, unless it says that a name is not in the DNS.
func (f *failures) note(err error) {
	var dns *net.DNSError
	if err == nil || errors.As(err, &dns) && dns.IsNotFound {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n++; f.first == nil {
		f.first = err
	}
}
