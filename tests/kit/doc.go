// Package kit is what test packages share: the tools that a test needs of the
// machine, ikelab itself as a process, and devices on one link.
package kit
