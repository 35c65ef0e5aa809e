// Package stats sums up what many probes measured: distributions with
// percentiles, jitter, the sources of timestamps beside each other, and where on
// its way a probe spent its time.
//
// Everything here takes samples one by one, in bounded memory, and is read at
// any time. Nothing is safe for use by several goroutines.
package stats
