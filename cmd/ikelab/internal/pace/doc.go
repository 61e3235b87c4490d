// Package pace is the wall clock's side of a simulation: a Pacer lets virtual
// time follow the wall clock while others hand it functions, and Workers compute
// public-key operations on the other cores.
//
// The goroutine in RunUntil owns the simulation. Do hands it a function, to be
// called between two events; between events it sleeps.
package pace
