// Package script types at the consoles of a lab, in virtual time:
//
//	s, err := script.Open(l, l.Sim, nil, false)
//	s.Begin()                                // power on
//	r, err := script.Find(l, "Router1")
//	result, err := s.Type(r, "show version")
//
// A command that takes time (a ping) is waited for, up to Consoles.Limit; long
// output is not paged. Nothing is answered by itself: where a command asks a
// question, the next line for that router is the answer, whatever happens
// between, and Unanswered tells what was left open. Time passes by a Driver: as
// fast as possible, or by the wall clock. What else may be done to a lab, in
// what order and with what expected, is package scenario's.
package script
