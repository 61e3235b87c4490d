// Package kit is what test packages share: the tools that a test needs of the
// machine, and ikelab itself as a process.
package kit
