package nat

import "net/netip"

// Mapped says that an inside endpoint has got a port outside.
type Mapped struct {
	Protocol        uint8
	Inside, Outside netip.AddrPort
	Remote          netip.AddrPort // whom the first packet goes to
}

// Kind names the body in the stream.
func (Mapped) Kind() string { return "nat.mapped" }

// Unmapped says that a mapping has ended.
type Unmapped struct {
	Protocol        uint8
	Inside, Outside netip.AddrPort
	Why             End
}

// Kind names the body in the stream.
func (Unmapped) Kind() string { return "nat.unmapped" }

// End is why a mapping ended.
type End string

// The ends.
const (
	Expired End = "no packet for too long"
	Flushed End = "all mappings were cleared"
	Removed End = "nothing maps it any more"
	Rebound End = "another port outside"
)

// Refused is a packet that was not translated, and goes no further.
type Refused struct {
	From, To netip.Addr
	Protocol uint8
	Why      Refusal
}

// Kind names the body in the stream.
func (Refused) Kind() string { return "nat.refused" }

// Refusal is why.
type Refusal string

// The refusals.
const (
	NoMapping    Refusal = "there is no mapping"
	Filtered     Refusal = "the filter lets no such peer in"
	NotForNAT    Refusal = "a packet without ports, or broken"
	TableFull    Refusal = "there are too many mappings, or no port is free"
	NoHairpinned Refusal = "no way from the inside to the inside"
)
