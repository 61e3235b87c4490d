package crypto

import "time"

// Count counts over all pairs of a flow.
type Count struct {
	Encaps, Decaps         uint64
	SendErrors, RecvErrors uint64
	Down                   uint64 // packets that met an entry without SAs
}

// flow is traffic that pairs have in common: all that an entry protects, or a part
// of it that the peer asked for or narrowed to.
type flow struct {
	Count
	since time.Time // it has pairs since then
}
