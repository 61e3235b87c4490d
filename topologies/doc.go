// Package topologies turns topology files into running simulations. It is the
// only place where routers and the fabric meet.
//
// The walk from a file to a lab:
//
//	Parse      one file in containerlab's schema -> Topology (or every error in it)
//	Embedded   the labs that come with the program, by name
//	Build      Topology + Options -> Lab: a netsim.Sim with its routers wired up
//	Lab.Exec   commands in order, in virtual time -> records
//	Bench…     the scenarios of `ikelab bench`
//
// Nothing here reads the wall clock, starts a goroutine, opens a file or draws
// from a global source: Parse is handed a function that reads files, Build a
// place for a capture's files (Folder) and, for labs with a link to a real
// network, a source of entropy; the benchmarks are handed a stopwatch.
//
// A Lab is used from one goroutine. Its time is Lab.Sim.Now; everything that
// makes time pass goes through Lab.Sim.
package topologies
