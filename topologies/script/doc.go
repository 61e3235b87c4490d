// Package script types commands at the consoles of a lab, in virtual time:
//
//	r, err := script.NewRunner(l, l.Sim, nil)
//	r.Begin()                                         // power on
//	c, err := script.ParseCommand("R1: show version") // Verbs lists what else there is
//	result, err := r.Do(c)
//
// A command that takes time (a ping) is waited for, up to Runner.Limit; long
// output is not paged. Nothing is answered by itself: where a command asks a
// question, the next line for that router is the answer, whatever happens
// between, and Unanswered tells what was left open. Time passes by a Driver: as
// fast as possible, or by the wall clock.
package script
