// Package operator is what a person, or the power switch, does to a router, as
// records: lines typed, lines of configuration that changed, counters cleared,
// reloads. It is a leaf, so that those who record them and those who render
// them need not know each other.
package operator
