// Package clsact attaches programs where Linux before 6.6, which has no tcx, lets
// them be: as direct-action filters of the queueing discipline clsact.
//
// Unlike a tcx link, a filter outlives the process that added it. So that none
// stays for good,
//
//   - a filter's name says which run it belongs to, and that run holds a socket
//     of this name for as long as it lives: a filter without one is a killed
//     run's, and the next run that comes to the interface removes it;
//   - the discipline, if a run had to make it, bears a mark: a filter in a chain
//     that no packet ever comes to. It is made in one call with the discipline,
//     between which and the mark nobody can be killed. Whoever of us is the last
//     to leave a marked discipline removes it, unless somebody else uses it by
//     then: in that case he removes the mark.
//
// All of this is done under a lock for the interface. Locks and names are sockets
// in the abstract namespace (unix(7)), which are per network namespace, as
// interfaces are, and go away with their process.
package clsact
