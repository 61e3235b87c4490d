package netsim

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// Seed is where all randomness of a lab comes from.
type Seed uint64

// Stream is the randomness of one purpose on one device. Streams do not share
// a position: one more draw in one place leaves every other stream alone.
func (s Seed) Stream(device, purpose string) *rand.ChaCha8 {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 64), uint64(s)) // as long as most
	b = append(b, device...)
	b = append(b, 0) // "a", "bc" is not "ab", "c"
	b = append(b, purpose...)
	return rand.NewChaCha8(sha256.Sum256(b))
}

// unit draws from [0, 1).
func unit(r *rand.ChaCha8) float64 { return float64(r.Uint64()>>11) / (1 << 53) }
