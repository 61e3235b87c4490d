// Package sentence is what lines of IKEv2 debug and syslog are printed from and read by: one
// table for both directions.
//
//	sentence.PolicyFound.Say("default")  // "Found Policy 'default'"
//	sentence.PolicyFound.Pattern()       // "Found Policy '{}'"
//
// A Sentence is a format with places. Room debug, which says them, takes nothing else, so
// that no line is printed which a reader of logs cannot know; and whoever learns something
// from a line names the same variable. What stands before a sentence (the debug's level, the
// SA) is no part of it, nor is at which level it is said. The lines that tell of a step and of
// nothing else have no place: they are rows of the table of steps, debug.Sayings.
package sentence
