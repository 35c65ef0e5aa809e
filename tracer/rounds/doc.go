// Package rounds traces a path again and again, a probe a hop each time, and keeps
// what the rounds find out: of each hop and each address that answers there, the
// latest time, percentiles, jitter, and when somebody else began to answer.
package rounds
