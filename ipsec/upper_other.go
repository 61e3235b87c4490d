//go:build !amd64

package ipsec

// cleanVectors has nothing to do where vector registers have no upper halves.
func cleanVectors() {}
