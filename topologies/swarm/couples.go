package swarm

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/record"
)

// couples holds the pairs that are installed, by the address and inbound SPI of
// their end.
type couples struct {
	live     map[end]couple
	behind   func(netip.Addr) netip.Addr // who sends by an address
	violated func(Invariant, string)
}

type end struct {
	address netip.Addr
	spi     ipsec.SPI
}

type couple struct {
	node string
	peer netip.Addr
	pair crypto.Pair

	since    time.Time
	lifetime time.Duration
}

func newCouples(behind func(netip.Addr) netip.Addr, violated func(Invariant, string)) *couples {
	return &couples{map[end]couple{}, behind, violated}
}

// take listens to the stream.
func (c *couples) take(r record.Record) {
	switch b := r.Body.(type) {
	case crypto.Installed:
		c.installed(r.Node, b, r.At)
	case crypto.Removed:
		had, known := c.live[end{b.Local, b.Pair.In.SPI}]
		delete(c.live, end{b.Local, b.Pair.In.SPI})
		if known {
			c.aged(had, r.At)
		}
	}
}

// installed compares a pair with its other half, if that is there.
func (c *couples) installed(node string, b crypto.Installed, at time.Time) {
	own := end{b.Local, b.Pair.In.SPI}
	if had, known := c.live[own]; known && had.node == node {
		c.violated(Paired, fmt.Sprintf("%s installs a second pair under the inbound SPI %v", node, own.spi))
	}
	c.live[own] = couple{node, b.Remote, b.Pair, at, b.Lifetime}
	other, known := c.live[end{c.behind(b.Remote), b.Pair.Out.SPI}]
	if known && !c.fits(b.Pair, other.pair) {
		c.violated(Paired, fmt.Sprintf("%s installs in %v, out %v, and %s has in %v, out %v of other kind", node, b.Pair.In.SPI, b.Pair.Out.SPI, other.node, other.pair.In.SPI, other.pair.Out.SPI))
	}
}

// fits says whether two pairs are the ends of one. In transport mode each has the
// addresses that it sees (RFC 7296 2.23.1).
func (c *couples) fits(a, b crypto.Pair) bool {
	return a.In.SPI == b.Out.SPI && a.Out.SPI == b.In.SPI && a.In.Encr == b.Out.Encr && a.In.Integ == b.Out.Integ && a.PFS == b.PFS && slices.Equal(a.AddKE, b.AddKE) &&
		a.In.Transport == b.In.Transport && fmt.Sprint(c.real(a.Local), c.real(a.Remote)) == fmt.Sprint(c.real(b.Remote), c.real(b.Local))
}

// real are selectors with the addresses of who sends by them.
func (c *couples) real(list []crypto.Selector) []crypto.Selector {
	list = slices.Clone(list)
	for i := range list {
		list[i].Start, list[i].End = c.behind(list[i].Start), c.behind(list[i].End)
	}
	return list
}

// grace is how much longer than it was to a pair may last: the clocks of both ends
// differ by the time that its negotiation took.
const grace = time.Second

// aged says whether a pair has lasted longer than it was to.
func (c *couples) aged(p couple, now time.Time) {
	if age := now.Sub(p.since); p.lifetime > 0 && age > p.lifetime+grace {
		c.violated(Lasting, fmt.Sprintf("%s has had in %v for %v, and it was to last %v", p.node, p.pair.In.SPI, age, p.lifetime))
	}
}

// look is at those that are there.
func (c *couples) look(now time.Time) {
	for _, at := range slices.SortedFunc(maps.Keys(c.live), func(a, b end) int { return cmp.Compare(a.spi, b.spi) }) {
		c.aged(c.live[at], now)
	}
}

// emptied says whether no router has a pair any more.
func (c *couples) emptied() {
	for _, at := range slices.SortedFunc(maps.Keys(c.live), func(a, b end) int { return cmp.Compare(a.spi, b.spi) }) {
		c.violated(LeavesNone, fmt.Sprintf("%s has installed in %v and never removed it", c.live[at].node, at.spi))
	}
}

// lost forgets the pairs of a router that has lost its memory.
func (c *couples) lost(node string) {
	for at, had := range c.live {
		if had.node == node {
			delete(c.live, at)
		}
	}
}
