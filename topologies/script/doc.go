// Package script types commands at the consoles of a lab, in virtual time:
//
//	r, err := script.NewRunner(l, l.Sim, nil)
//	r.Begin()                                       // power on
//	c, err := script.ParseCommand("R1: show version") // or "wait 10s"
//	result, err := r.Do(c)
//
// A command that takes time (a ping) is waited for. Time passes by a Driver:
// as fast as possible, or by the wall clock.
package script
