package datagram

// Deafen has nothing wake the reading of a socket. It is for those with
// UserClock, which do not undo it.
func (s *Socket) Deafen() error { return s.waker.ignore(s.fd) }
