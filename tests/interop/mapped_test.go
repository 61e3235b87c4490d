package interop

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cryptoMap takes the place of our tunnel: two lines, the second wider than the
// peer has it.
const cryptoMap = `no ip route INNER 255.255.255.255 Tunnel0
no interface Tunnel0
ip access-list extended VPN
permit ip INSIDE.0 0.0.0.255 host INNER
permit ip INSIDE.0 0.0.0.255 OTHER.0 0.0.0.255
crypto map MAP 10 ipsec-isakmp
set peer THEIRS
set transform-set T
set ikev2-profile P
match address VPN
interface Ethernet0/0
crypto map MAP
ip route INNER 255.255.255.255 THEIRS
ip route OTHER.0 255.255.255.0 THEIRS`

// mapped: the peer begins with one pair; the second is ours to ask for, when a
// packet wants it, and the peer's to narrow (RFC 7296 2.9).
func (m *matrix) mapped(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	m.traffic(t, c)
	m.counters(t, c)
	m.inner.do(t, "ping "+c.other()+".2 1 3") // the first packet is for the pair
	repeat(t, patience, "echoes", func() string { return m.inner.do(t, "ping "+c.other()+".2 3 10") }, has("3 of 3"))
	m.peer.until(t, patience, "pairs", func(out string) bool { return strings.Count(about(out, c.ours()+" "), "\n") == 4 })
	m.onlyOne(t, c)
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ipsec sa"), "("+c.other()+".2/255.255.255.255/", "narrowed")
	m.theyRekey(t, c)
	m.traffic(t, c)
	m.mapEnds(t, c)
}

// mapEnds has the peer end all of it, and once more where a late packet of a connection that
// is closing has made our map begin anew, until nothing has been left for a while.
func (m *matrix) mapEnds(t *testing.T, c cell) {
	t.Helper()
	m.over(t, c)
	const enough = 5 // looks, half a second from one to the next
	quiet := 0
	repeat(t, patience, "what is left", func() string {
		left := about(m.peer.ask(t, m.sas), m.mark(c))
		if left != "" {
			m.over(t, c)
		}
		left += about(m.peer.ask(t, "pairs"), c.ours()+" ") + about(m.lab.at(t, c.router(), "show crypto ikev2 sa"), c.shown()+"/")
		if quiet++; left != "" {
			quiet = 0
		}
		return left
	}, func(string) bool { return quiet == enough })
	m.nothingLeft(t, c)
}

// mappedByTCP is mapped with a peer that narrows to the packet that wanted the
// pair (RFC 7296 2.9): each connection has one of its own.
func (m *matrix) mappedByTCP(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	m.traffic(t, c)
	m.counters(t, c)
	require.Equal(t, textSum, strings.TrimSpace(m.inner.do(t, "get "+c.other()+".2")))
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ipsec sa"), "("+c.other()+".2/255.255.255.255/6/5000)", "narrowed")
	m.onlyOne(t, c)
	m.tell(t, m.terminate(c.besides()))
	m.mapEnds(t, c)
}

// bothMapped: the peer begins with both pairs, of which the second is narrower
// than our line.
func (m *matrix) bothMapped(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	m.tell(t, m.initiate(c.besides()))
	repeat(t, patience, "echoes", func() string { return m.inner.do(t, "ping "+c.other()+".2 3 10") }, has("3 of 3"))
	m.traffic(t, c)
	m.onlyOne(t, c)
	m.tell(t, m.terminate(c.besides()))
	m.mapEnds(t, c)
}

// narrowedByUs: the peer offers selectors for both lines of our map, of which a
// pair can have one.
func (m *matrix) narrowedByUs(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	m.traffic(t, c)
	m.counters(t, c)
	m.theyRekey(t, c)
	m.traffic(t, c)
	m.mapEnds(t, c)
}
