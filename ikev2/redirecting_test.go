package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// Redirect in IKE_AUTH and of an SA that is up: RFC 5685, sections 5 and 6.

const (
	redirectResponse = "IKE_AUTH response 1 { V IDr AUTH N(REDIRECT) }"
	redirectRequest  = "INFORMATIONAL request 0 { N(REDIRECT) }"
)

// "If the gateway decides to redirect the client during the IKE_AUTH exchange, based on the
// identity presented by the client in the IKE_AUTH request message, it prevents the creation of a
// CHILD SA and sends the REDIRECT payload in the IKE_AUTH response." "When the client receives the
// IKE_AUTH response with the REDIRECT payload, it SHOULD delete the IKEv2 security association
// with the gateway by sending an INFORMATIONAL message with a DELETE payload." (RFC 5685 6) Nonce
// data "MUST NOT be included in the REDIRECT payload if sent in an IKE_AUTH response" (9.2).
func TestRedirectInAuth(t *testing.T) {
	c := gateways(t, true, func(r Redirectee) netip.Addr {
		require.Equal(t, "IKEV2-SETUP", r.Profile)
		require.Equal(t, addressIdentity(netip.MustParseAddr("10.0.0.1")), r.Identity)
		return sends(firstGateway, secondGateway)(r)
	})
	c.acquire(0)
	c.pass(3)
	answer := c.end("B").message(c.wantSend("B", redirectResponse).Datagram)
	require.Equal(t, wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}}, redirectOf(t, answer))
	require.Empty(t, c.end("B").pairs)
	gone := c.wantSend("A", "INFORMATIONAL request 2 { D(IKE) }")
	require.Equal(t, firstGateway, gone.Remote.Addr())
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	next := c.wantSend("A", redirectedInitRequest)
	require.Equal(t, secondGateway, next.Remote.Addr())
	c.pass(3)
	c.settle()
	c.requireAt(secondGateway)
	require.Empty(t, c.end("A").rest())
}

// "the client MUST verify the gateway's AUTH payload before acting on the REDIRECT payload" (RFC
// 5685 6)
func TestRedirectByAnImpostor(t *testing.T) {
	c := gateways(t, true, sends(firstGateway, secondGateway))
	c.acquire(0)
	c.pass(3)
	answer := c.end("B").message(c.hold(c.wantSend("B", redirectResponse)).Datagram)
	list := answer.Payloads
	auth, _ := wire.Get[*wire.Auth](answer)
	auth.Data[0]++
	c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, list...))
	c.wantSend("A", "INFORMATIONAL request 2 { N(AUTHENTICATION_FAILED) }")
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	c.quiet("it goes nowhere")
	require.Empty(t, events[Redirected](c.end("A")))
}

// "The gateway MUST verify the client's AUTH payload before sending the REDIRECT payload" (RFC
// 5685 6)
func TestRedirectOfAnImpostor(t *testing.T) {
	c := gateways(t, true, func(Redirectee) netip.Addr { require.Fail(t, "asked of an impostor"); return secondGateway },
		func(p *testPolicy) { p.Keyrings[0].Peers[0].Local = []byte("wrong") })
	c.acquire(0)
	c.pass(3)
	c.wantSend("B", "IKE_AUTH response 1 { N(AUTHENTICATION_FAILED) }")
}

// A redirect in IKE_AUTH with a nonce, in another form, or to where nobody can go: there is no
// pair, and no other gateway; the SA goes.
func TestRedirectInAuthRefused(t *testing.T) {
	for name, row := range map[string]struct {
		data []byte
		want Cause
	}{
		"with a nonce":  {wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}, Nonce: make([]byte, 20)}.Data(), CausePayloadMissing},
		"malformed":     {[]byte{1, 5, 10, 0, 0, 3}, CausePayloadMissing},
		"to itself":     {wire.Redirect{Gateway: wire.Gateway{Addr: firstGateway}}.Data(), CauseNowhere},
		"by a bad name": {wire.Redirect{Gateway: wire.Gateway{FQDN: "gone.example"}}.Data(), CauseNowhere},
	} {
		t.Run(name, func(t *testing.T) {
			c := gateways(t, true, sends(firstGateway, secondGateway))
			c.acquire(0)
			c.pass(3)
			answer := c.end("B").message(c.hold(c.wantSend("B", redirectResponse)).Datagram)
			answer.Notify(wire.REDIRECT).Data = row.data
			c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, answer.Payloads...))
			require.Equal(t, row.want, events[Failure](c.end("A"))[0].Cause)
			if row.want == CauseNowhere {
				c.wantSend("A", "INFORMATIONAL request 2 { D(IKE) }")
			} else {
				c.wantSend("A", "INFORMATIONAL request 2 { N(INVALID_SYNTAX) }")
			}
			c.wantSend("B", "INFORMATIONAL response 2 { }")
			c.quiet("no other gateway is asked")
			require.Empty(t, c.end("A").SAs())
			require.Empty(t, events[Redirected](c.end("A")))
			require.Equal(t, EntryIsDown, c.end("A").EntryState(entryName))
		})
	}
}

// "In all of the cases above, the client MUST accept the REDIRECT notification only in the first
// IKE_AUTH response or the last IKE_AUTH response." (RFC 5685 6): in no other exchange.
func TestRedirectInOtherExchanges(t *testing.T) {
	c := gateways(t, false, nobody)
	c.acquire(0)
	c.pass(4)
	c.settle()
	c.requireAt(firstGateway)
	c.rekeyChild(0)
	answer := c.end("B").message(func() Datagram {
		c.wantSend("A", "CREATE_CHILD_SA request 2 { ... }")
		return c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { ... }")).Datagram
	}())
	c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, append(answer.Payloads, redirect(secondGateway, nil))...))
	c.pass(2)
	c.settle()
	require.Empty(t, events[RedirectHeard](c.end("A")))
	c.requireAt(firstGateway)
}

// "To redirect a client, the gateway should send an INFORMATIONAL message with the REDIRECT
// Notify payload. The REDIRECT payload MUST carry information about the new VPN gateway. The
// gateway MUST NOT include any nonce data in the REDIRECT payload" "When the client receives this
// message, it sends a response (usually empty) to the gateway." "Once the client sends an
// acknowledgement to the gateway, it SHOULD delete the existing security associations with the old
// gateway by sending an INFORMATIONAL message with a DELETE payload." (RFC 5685 5)
func TestRedirectOfAnSA(t *testing.T) {
	for _, rekeyed := range []bool{false, true} {
		c := gateways(t, false, nobody)
		c.acquire(0)
		c.pass(4)
		c.settle()
		c.requireAt(firstGateway)
		b := c.end("B")
		if rekeyed { // "only the original responder can redirect the original initiator" (10), whoever rekeys
			c.rekeyIKE(1)
			c.pass(4)
			c.settle()
		}
		b.apply(Redirect(b.Engine, c.now, secondGateway, func(i SAInfo) bool { return i.Local.Addr() == firstGateway }))
		require.Equal(t, wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}}, redirectOf(t, b.message(c.next2("B", "{ N(REDIRECT) }"))))
		c.next2("A", "{ }")
		c.next2("A", "{ D(ESP SPI) }")
		c.next2("A", "{ D(IKE) }")
		c.pass(2)
		c.wantSend("A", redirectedInitRequest)
		c.pass(3)
		c.settle()
		c.requireAt(secondGateway)
		require.Empty(t, c.end("A").rest())
	}
}

// next2 is the next message, an INFORMATIONAL of some id.
func (c *talk) next2(from, payloads string) Datagram {
	c.t.Helper()
	l := c.next()
	require.Equal(c.t, from, endNames[l.from])
	require.Regexp(c.t, `^INFORMATIONAL (request|response) \d+ `, l.text)
	require.Contains(c.t, l.text, payloads)
	c.posted = append(c.posted, l)
	return l.Datagram
}

// With a nonce, in another form, from a client to its gateway: what is asked is not done. "But
// this protocol is asymmetric, meaning that only the original responder can redirect the original
// initiator to another server." (RFC 5685 10)
func TestRedirectOfAnSARefused(t *testing.T) {
	for name, row := range map[string]struct {
		data []byte
		by   string
		want RedirectVerdict
	}{
		"with a nonce": {wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}, Nonce: make([]byte, 20)}.Data(), "B", RedirectMalformed},
		"cut off":      {[]byte{1, 4, 10, 0}, "B", RedirectMalformed},
		"of a gateway": {wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}}.Data(), "A", RedirectUnasked},
	} {
		t.Run(name, func(t *testing.T) {
			c := gateways(t, false, nobody)
			c.acquire(0)
			c.pass(4)
			c.settle()
			to, id := "A", uint32(0)
			if row.by == "A" {
				to, id = "B", 2
			}
			p := c.end(to)
			p.apply(p.Receive(c.now, Datagram{
				Local: p.SAs()[0].Local, Remote: p.SAs()[0].Remote, Data: sealed(c.end(row.by), wire.INFORMATIONAL, id, &wire.Notify{Kind: wire.REDIRECT, Data: row.data}),
			}))
			c.next2(to, "response")
			c.quiet("nobody moves")
			require.Equal(t, row.want, events[RedirectHeard](p)[0].Verdict)
			c.requireAt(firstGateway)
		})
	}
}

// "The INFORMATIONAL message exchange described above is protected by the existing IKEv2 SA
// between the client and the gateway." (RFC 5685 5): who does not have its keys redirects nobody.
func TestRedirectOfAnSAByAStranger(t *testing.T) {
	c := gateways(t, false, nobody)
	c.acquire(0)
	c.pass(4)
	c.settle()
	b := c.end("B")
	b.apply(Redirect(b.Engine, c.now, secondGateway, func(SAInfo) bool { return true }))
	forged := c.hold(c.wantSend("B", redirectRequest))
	data := append([]byte(nil), forged.Data...)
	data[len(data)-1]++
	c.forge("A", data)
	clear := &wire.Message{Header: c.end("B").sorted()[0].header(wire.INFORMATIONAL, 0, false), Payloads: []wire.Payload{redirect(secondGateway, nil)}}
	c.forge("A", clear.Append(nil))
	c.quiet("nobody moves")
	require.Empty(t, events[RedirectHeard](c.end("A")))
}

// "The gateway MAY also decide to delete the security associations without any signaling from the
// client, again by sending an INFORMATIONAL message with a DELETE payload; however, it should
// allow sufficient time for the client" (RFC 5685 5)
func TestRedirectedClientStays(t *testing.T) {
	c := gateways(t, false, nobody)
	c.acquire(0)
	c.pass(4)
	c.settle()
	c.end("A").cfg.MaxRedirects = 0 // it has changed its mind
	b := c.end("B")
	b.apply(Redirect(b.Engine, c.now, secondGateway, func(SAInfo) bool { return true }))
	c.wantSend("B", redirectRequest)
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	c.settle()
	require.Equal(t, RedirectTooOften, events[RedirectHeard](c.end("A"))[0].Verdict)
	c.requireAt(firstGateway)
	require.InDelta(t, redirectTime.Seconds(), c.advanceToDeadline("B").Seconds(), 1)
	c.wantSend("B", "INFORMATIONAL request 1 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL request 2 { D(IKE) }")
	c.pass(2)
	c.settle()
	require.Empty(t, b.SAs())
	require.Equal(t, ReasonRedirected, events[SADown](b)[0].Reason)
}

// The gateway that a client was sent to is lost: it goes back to the one that it knows.
func TestRedirectedClientGoesBack(t *testing.T) {
	c := gateways(t, false, sends(firstGateway, secondGateway))
	c.acquire(0)
	c.pass(6)
	c.settle()
	c.requireAt(secondGateway)
	c.clearIKE(1)
	c.pass(4)
	c.settle()
	require.Equal(t, firstGateway, c.end("A").entries.Get(entryName).cfg.Remote)
	c.run(RedirectPeriod)
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", redirectedInitRequest)
	// What its ends are is the configuration's matter, too.
	c.sent, c.posted = nil, nil
	moved := testConfig(0, quick, follows, func(p *testPolicy) { p.Children[0].Remote = thirdGateway })
	c.end("A").configure(moved)
	told := events[Redirected](c.end("A"))
	require.True(t, told[len(told)-1].Back)
	c.run(time.Second)
}

// The same after IKE_AUTH, whose SA has no pair.
func TestRedirectedClientStaysInAuth(t *testing.T) {
	c := gateways(t, true, sends(firstGateway, secondGateway))
	c.acquire(0)
	c.pass(3)
	c.drop(c.wantSend("B", redirectResponse))
	require.InDelta(t, redirectTime.Seconds(), func() float64 {
		began := c.now
		for c.end("B").SAs()[0].Status == StatusReady {
			c.run(time.Second)
			c.sent = nil
		}
		return c.now.Sub(began).Seconds()
	}(), 2)
}

// "The VPN gateway that received the IKE_SA_INIT request MAY redirect the client to its own unicast
// address" (RFC 5685 4): not to the one that it has come to.
func TestRedirectToWhereTheClientIs(t *testing.T) {
	for _, inAuth := range []bool{false, true} {
		c := gateways(t, inAuth, func(Redirectee) netip.Addr { return firstGateway })
		c.acquire(0)
		c.pass(4)
		c.settle()
		c.requireAt(firstGateway)
		b := c.end("B")
		b.apply(Redirect(b.Engine, c.now, firstGateway, func(SAInfo) bool { return true }))
		c.quiet("the client is there")
	}
}
