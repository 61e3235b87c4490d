// Package tests holds the tests that cross packages: the tech note's
// transcripts and screens, captures in tshark, a real peer, lifetimes,
// failures and bad input. The rules of the house are in tests/house. Nothing imports it.
package tests
