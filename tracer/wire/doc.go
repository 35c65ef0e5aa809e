// Package wire turns probes into packets and packets into answers.
//
// Headers are structs with the section of the RFC that defines them. Building
// is exact to the bit, for a probe's identity lies in fields such as the UDP
// checksum; parsing takes bytes from the network, never panics on them, and
// looks no further than the snapshot that it is given.
package wire
