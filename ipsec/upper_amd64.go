package ipsec

import "golang.org/x/sys/cpu"

// circl's AVX2 code leaves the upper halves of the vector registers in use (v1.6.5 has no
// VZEROUPPER). Until somebody clears them, SSE instructions merge with them, and some
// processors then take a hundred times as long for a block of SHA-256.

// zeroUpper is VZEROUPPER.
func zeroUpper()

// cleanVectors is called behind each operation of circl's.
func cleanVectors() {
	if cpu.X86.HasAVX {
		zeroUpper()
	}
}
