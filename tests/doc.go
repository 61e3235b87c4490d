// Package tests holds the tests that cross packages: the tech note's
// transcripts and screens, captures in tshark, a real peer, lifetimes,
// failures, bad input, and the rules of the house. Nothing imports it.
package tests
