// Package exercise is labs with a task: networks in which something is wrong or missing,
// and what it takes to mend them.
//
//	e, err := exercise.Open("proposals", 7)     // names, addresses and the place of the fault follow from the seed
//	e.Topology                                  // the network as it is found
//	g, err := e.Grade(configurations, nil)         // by router; points for each thing that must hold
//
// A lab is a file in the folder labs, a text/template over a Draw, in YAML then: its task, its
// fault as lines of configuration, hints, checks made of a scenario's steps, the solution, wrong
// mends that must not pass, and an explanation. Its network is a folder in bases, of templates
// as well. A grade judges configurations, not a lab that runs: the network is built anew from them
// for each check, so that it is the same whoever asks, when, and how often.
package exercise
