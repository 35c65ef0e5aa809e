// Package multipath finds all paths that packets to a host can take, where routers
// balance load over several.
//
// It is the multipath detection algorithm (MDA: Augustin, Friedman and Teixeira,
// E2EMON 2007), which varies flows hop by hop until, at each vertex, a stopping rule
// says that another successor would have been seen; with control of failure over
// the whole graph (Veitch, Augustin, Teixeira and Friedman, INFOCOM 2009); and with
// the savings of MDA-Lite where diamonds are found to be unmeshed and uniform
// (Vermeulen, Strowes, Fourmaux and Friedman, IMC 2018).
//
// A vertex is an interface at a hop, or the silence there behind another vertex,
// called a star. What a flow does at a hop is a spot; from the spots of all flows
// the graph is worked out. A survey says which spot to ask for; what is sent and
// awaited for it is the business of package flight. [Run] does it all through the seam
// of package tracer, and says of what it could not make sure.
package multipath
