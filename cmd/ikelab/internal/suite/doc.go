// Package suite runs scenarios side by side: it finds them, hands each row of
// their matrices to a goroutine, and tells how they went, for people, for JUnit
// and for TAP. Each scenario has a lab and a virtual time of its own. One that
// fails is run again with the same seed, which goes the same way, with capture,
// records and consoles written: what succeeds costs nothing of that.
package suite
