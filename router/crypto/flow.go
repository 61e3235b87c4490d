package crypto

import "time"

// Count counts over all pairs of a flow.
type Count struct {
	Encaps, Decaps         uint64
	SendErrors, RecvErrors uint64
	Aside
	Down uint64 // packets that met an entry without SAs
}

// Refusals are those of the received packets that were refused, by cause; what else was
// wrong is among RecvErrors only.
type Refusals struct {
	Replays  uint64 `json:"replays"`
	Unproven uint64 `json:"integrity_failures"`
}

// Aside counts what is in no count of what is carried.
type Aside struct {
	Refusals
	Cover
}

// Cover counts packets that carry nothing (RFC 4303 section 2.6), which are in no other
// count.
type Cover struct {
	DummiesSent uint64 `json:"dummies_sent"`
	Dummies     uint64 `json:"dummies_received"`
}

// flow is traffic that pairs have in common: all that an entry protects, or a part
// of it that the peer asked for or narrowed to.
type flow struct {
	Count
	since time.Time // it has pairs since then
}
