// Package debug renders records as the lines of `debug …` and of syslog, and
// keeps the registry of the kinds of record that a router emits.
//
//	v := debug.View{Generation: iosconfig.IOS151, LogSession: true}
//	for _, l := range debug.Render(body, switches, v) { … } // lines to print
//	debug.Kinds()                                           // the registry
//
// A kind has one row: what it is, whether it holds secrets, and how it reads.
// Rendering is pure. What a row prints depends on nothing but the body and the
// View; which of its lines are wanted is the Switches' affair, so nothing is
// rendered for a debug that is off. What IOS prints at a step and for nothing else
// is derived from the step (steps.go); constants that only its screen has are
// here, marked where IOS's rule is not known. The texts and their levels are those of IOS
// 15.1's tech note; failures are the IKEv2 toolkit's, which IOS prints behind
// ": ".
package debug
