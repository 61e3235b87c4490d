// Package topologies reads topology files in containerlab's schema and holds
// the labs that come with the program.
//
//	Parse      one file -> Topology, or every error in it
//	Embedded   the labs that come with the program, by name
//
// What a Topology is made into lives in the rooms below: lab builds a running
// simulation, script types commands at it, bench measures it.
//
// Nothing here opens a file: Parse is handed a function that reads.
package topologies
