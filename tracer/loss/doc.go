// Package loss says what unanswered probes mean: whether packets get lost, and
// from which hop on, or whether a hop merely limits its answers.
//
// The hops of a path are compared with each other. A probe with a larger TTL
// passes all routers before, so packets that a hop's forwarding loses are missing
// at every hop beyond, while answers that it withholds (RFC 1812, 4.3.2.8; RFC
// 4443, 2.4 f) are missing there alone. [Sum.Judge] decides by these tests, which all
// take probes to be lost independently of each other:
//
//  1. Does a hop's answered fraction fall as the rate of probes rises, or do its
//     answers come at intervals, as a token bucket makes them? (Fisher's exact
//     test; exact test of the least gap.)
//  2. Does a hop lose more than those beyond it? (Fisher's exact test, one-sided,
//     hop by hop from the end of the path.)
//  3. Do the hops from one on lose more than those before? (The same.)
//
// Each family of tests may be wrong with a probability of a third of [Alpha] in
// all, shared out among its tests (Bonferroni, Holm). What no test decides is told as
// not decided.
//
// Out or back can't be told apart: where the answers of a hop and of all beyond
// come back by one lossy link, it looks as if packets were lost on their way out.
package loss
