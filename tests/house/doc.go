// Package house holds the tests that read the source: what imports what, what
// is banned, sizes, names that nobody uses, and the documents that are made
// from the source. No network runs in them.
package house
