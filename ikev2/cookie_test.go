package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Cookies that we ask for: RFC 7296 2.6 and 2.6.1.

// cookies asks for cookies from one half-open SA on.
func cookies(c *testPolicy) { c.CookiesFrom = 1 }

// besieged is a conversation in which B has a half-open SA with a stranger, so
// that it asks A for a cookie.
func besieged(t *testing.T, edit ...func(*testPolicy)) *talk {
	c := newTalk(t, append(edit, cookies)...)
	c.strange("172.16.0.1")
	c.settle()
	c.sent = nil // an answer to nowhere
	c.look()
	return c
}

// strange lets a stranger's request arrive at B.
func (c *talk) strange(from string) {
	stranger := newLab(c.t, 100, quick)
	stranger.tamper = func(_ int, d Datagram) []Datagram {
		c.arrives(from, d.Data)
		return nil
	}
	stranger.acquire(0)
	stranger.run(10 * time.Millisecond)
}

// arrives lets a datagram of some address arrive at B.
func (c *talk) arrives(from string, data []byte) {
	b := c.end("B")
	b.apply(b.Receive(c.now, Datagram{
		Local: netip.AddrPortFrom(netip.MustParseAddr("10.0.0.2"), ikePort), Remote: netip.AddrPortFrom(netip.MustParseAddr(from), ikePort), Data: data,
	}))
}

// cookieOf is the cookie in a letter.
func cookieOf(t *testing.T, l *letter) *wire.Notify {
	m, err := wire.Parse(l.Data)
	require.NoError(t, err)
	n := m.Notify(wire.COOKIE)
	require.NotNil(t, n)
	return n
}

// "When a responder detects a large number of half-open IKE SAs, it SHOULD reply
// to IKE_SA_INIT requests with a response containing the COOKIE notification.
// The data associated with this notification MUST be between 1 and 64 octets in
// length (inclusive)" (RFC 7296 2.6)
func TestCookieToThePeer(t *testing.T) {
	c := besieged(t)
	c.acquire(0)
	first := c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	answer := c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }")
	size := len(cookieOf(t, answer).Data)
	require.True(t, 1 <= size && size <= 64)
	require.Zero(t, answer.header(t).SPIr)
	require.Len(t, c.end("B").SAs(), 1, "nothing is kept but the stranger's")
	second := c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }")
	was, err := wire.Parse(first.Data)
	require.NoError(t, err)
	is, err := wire.Parse(second.Data)
	require.NoError(t, err)
	require.Equal(t, was.Payloads, is.Payloads[1:])
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
	c.pass(2)
	c.settle()
	require.Len(t, c.end("A").pairs, 1)
	require.Equal(t, CookieCounts{Accepted: 1, Missing: 1}, c.end("B").Stats().Cookies)
}

func TestNoCookieBelowTheMark(t *testing.T) {
	c := newTalk(t, func(p *testPolicy) { p.CookiesFrom = 2 })
	c.strange("172.16.0.1")
	c.sent = nil
	c.acquire(0)
	c.pass(1)
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
}

// "When one party receives an IKE_SA_INIT request containing a cookie whose
// contents do not match the value expected, that party MUST ignore the cookie
// and process the message as if no cookie had been included; usually this means
// sending a response containing a new cookie." (RFC 7296 2.6)
func TestWrongCookie(t *testing.T) {
	c := besieged(t)
	_, m := firstRequest(t, c)
	for _, data := range [][]byte{{0}, {1}, make([]byte, 33), make([]byte, 64)} {
		n := &wire.Notify{Kind: wire.COOKIE, Data: data}
		c.forge("B", plain(m.Header, append([]wire.Payload{n}, m.Payloads...)...))
		l := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }"))
		require.NotEqual(t, data, cookieOf(t, l).Data)
	}
	require.EqualValues(t, 4, c.end("B").Stats().Cookies.Rejected)
	c.end("B").configure(testConfig(1, quick))
	c.forge("B", plain(m.Header, append([]wire.Payload{&wire.Notify{Kind: wire.COOKIE, Data: []byte{9}}}, m.Payloads...)...))
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
}

// "A good way to do this is to set the responder cookie to be: Cookie =
// <VersionIDofSecret> | Hash(Ni | IPi | SPIi | <secret>)": another address,
// another SPI and another nonce want a cookie of their own (RFC 7296 2.6).
func TestCookieIsOfOneRequest(t *testing.T) {
	c := besieged(t)
	c.acquire(0)
	c.pass(2)
	second := c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }"))
	m, err := wire.Parse(second.Data)
	require.NoError(t, err)
	c.arrives("10.0.0.3", second.Data)
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }"))
	h := m.Header
	h.SPIi++
	c.forge("B", plain(h, m.Payloads...))
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }"))
	for i, p := range m.Payloads {
		if p.Type() == wire.TypeNonce {
			m.Payloads[i] = &wire.Nonce{Data: make([]byte, 20)}
		}
	}
	c.forge("B", plain(m.Header, m.Payloads...))
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }"))
	c.deliver(second)
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
}

// "The responder should change the value of <secret> frequently, especially if
// under attack" and "If a new value for <secret> is chosen while there are
// connections in the process of being initialized, an IKE_SA_INIT might be
// returned with other than the current <VersionIDofSecret>. The responder in
// that case MAY reject the message by sending another response with a new cookie
// or it MAY keep the old value of <secret> around for a short time and accept
// cookies computed from either one." (RFC 7296 2.6)
func TestCookieAcrossAChangeOfSecret(t *testing.T) {
	m := &wire.Message{Header: wire.Header{SPIi: 7}, Payloads: []wire.Payload{&wire.Nonce{Data: make([]byte, 20)}}}
	from := netip.MustParseAddr("10.0.0.1")
	for _, row := range []struct {
		after   time.Duration
		verdict CookieVerdict
	}{
		{0, CookieGood}, {secretLife - 1, CookieGood}, {secretLife, CookieGood}, {2*secretLife - 1, CookieGood}, {2 * secretLife, CookieStale},
	} {
		var j jar
		draws := newLab(t, 1).peers[0].draws
		verdict, cookie := j.ask(labEpoch, draws, from, m)
		require.Equal(t, CookieMissing, verdict)
		again := &wire.Message{Header: m.Header, Payloads: append([]wire.Payload{&wire.Notify{Kind: wire.COOKIE, Data: cookie}}, m.Payloads...)}
		verdict, _ = j.ask(labEpoch.Add(row.after), draws, from, again)
		require.Equal(t, row.verdict, verdict, "after %v", row.after)
	}
}

// A cookie outlives one change of the secret and no second one.
func TestCookieAcrossTwoChangesOfSecret(t *testing.T) {
	m := &wire.Message{Header: wire.Header{SPIi: 7}, Payloads: []wire.Payload{&wire.Nonce{Data: make([]byte, 20)}}}
	from, draws := netip.MustParseAddr("10.0.0.1"), newLab(t, 1).peers[0].draws
	var j jar
	_, cookie := j.ask(labEpoch, draws, from, m)
	for i := range 3 {
		require.Equal(t, i < 2, j.good(cookie, from, m), "after %d changes", i)
		j.turn(j.changed.Add(secretLife), draws)
	}
}

// "If both peers support including the cookie in all retries, a slightly shorter
// exchange can happen. ... Implementations SHOULD support this shorter exchange,
// but MUST NOT fail if other implementations do not support this shorter
// exchange." (RFC 7296 2.6.1)
func TestCookieAndAnotherGroup(t *testing.T) {
	c := besieged(t)
	a := testConfig(0, quick)
	a.Proposals[0].Group = append(a.Proposals[0].Group[:0:0], 14, 19)
	c.end("A").configure(a)
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	c.wantSend("B", "IKE_SA_INIT response 0 { N(COOKIE) }")
	second := c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }")
	c.wantSend("B", "IKE_SA_INIT response 0 { N(INVALID_KE_PAYLOAD) }")
	third := c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }")
	require.Equal(t, cookieOf(t, second).Data, cookieOf(t, third).Data)
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
	c.pass(2)
	c.settle()
	require.Len(t, c.end("A").pairs, 1)
}

// A flood of requests that bring no cookie back holds what it held before
// cookies were asked for, and whoever answers gets in.
func TestFloodWithCookies(t *testing.T) {
	c := newTalk(t, func(p *testPolicy) { p.CookiesFrom = 10 })
	_, m := firstRequest(t, c)
	for i := range 2000 {
		h := m.Header
		h.SPIi += uint64(i + 1)
		c.arrives(netip.AddrFrom4([4]byte{172, 16, byte(i >> 8), byte(i)}).String(), plain(h, m.Payloads...))
	}
	b := c.end("B")
	require.Equal(t, 10, b.Stats().Incoming.Negotiating)
	require.Len(t, b.SAs(), 10)
	c.sent = nil
	c.tamper = nil
	c.acquire(0)
	c.run(3 * time.Second)
	require.Len(t, c.end("A").pairs, 1, "an honest peer gets in")
}

// TestLimitOfOutgoing: `crypto ikev2 limit max-in-negotation-sa N outgoing`.
func TestLimitOfOutgoing(t *testing.T) {
	c := newTalk(t, func(p *testPolicy) {
		p.MaxOutgoing = 1
		other := p.Children[0]
		other.Entry, other.Remote = "Tunnel1", netip.MustParseAddr("10.0.0.9")
		p.Children = append(p.Children, other)
		p.Keyrings[0].Peers[0].Address = netip.MustParsePrefix("10.0.0.0/24")
	})
	a := c.end("A")
	a.apply(a.Acquire(c.now, "Tunnel1", [2]spd.Selector{}))
	c.drop(c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }"))
	c.acquire(0)
	c.wantEvent("A", "tunnel down: no resources")
	require.EqualValues(t, 1, a.Stats().OutRejected)
}

// A responder that forgets the cookie after INVALID_KE_PAYLOAD and asks for
// another gets that (RFC 7296 2.6.1).
func TestLongerExchangeWithACookieAndAnotherGroup(t *testing.T) {
	c := newTalk(t)
	a := testConfig(0, quick)
	a.Proposals[0].Group = append(a.Proposals[0].Group[:0:0], 14, 19)
	c.end("A").configure(a)
	_, m := firstRequest(t, c)
	h := m.Header
	h.Flags = wire.FlagResponse
	asks := func(crumbs string) { c.forge("A", plain(h, &wire.Notify{Kind: wire.COOKIE, Data: []byte(crumbs)})) }
	asks("one")
	c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }"))
	c.forge("A", plain(h, &wire.Notify{Kind: wire.INVALID_KE_PAYLOAD, Data: []byte{0, 19}}))
	c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }"))
	asks("two")
	last := c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }")
	require.Equal(t, []byte("two"), cookieOf(t, last).Data)
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
	c.pass(2)
	c.settle()
	c.requireUp()
}
