package router

import (
	"net/netip"

	"ikelab/ikev2"
)

// balancing is to which other gateway this one sends clients (RFC 5685).
type balancing struct {
	away netip.Addr // everybody; invalid: nobody
}

// gatewayFor is what the engine asks, when `crypto ikev2 redirect gateway` says: of a client that
// comes, or has proved who it is. One that another gateway has just sent here stays, or two
// would send it to and fro.
func (b *balancing) gatewayFor(c ikev2.Redirectee) netip.Addr {
	if c.From == b.away {
		return netip.Addr{}
	}
	return b.away
}
