package ikev2

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// Redirect, the client: RFC 5685. A is the client, B all gateways: which one a message is for
// its address says.

// The gateways: the first is the one that A is configured for.
var firstGateway, secondGateway, thirdGateway = netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3"), netip.MustParseAddr("10.0.0.4")

// follows is a client that can be redirected.
func follows(c *testPolicy) { c.MaxRedirects, c.Children[0].Follows = 5, true }

// gateways are a client and gateways of which that sends clients elsewhere of whom choose says
// so: in IKE_SA_INIT, or in IKE_AUTH.
func gateways(t *testing.T, inAuth bool, choose func(Redirectee) netip.Addr, edit ...func(*testPolicy)) *talk {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, append([]func(*testPolicy){quick, follows}, edit...)...))
	c.end("B").configure(testConfig(1, quick, func(p *testPolicy) {
		p.Choose, p.AtInit, p.Profiles[0].RedirectAuth, p.MaxRedirects = choose, !inAuth, inAuth, 5
		for i, at := range []netip.Addr{secondGateway, thirdGateway} {
			other := p.Children[0]
			other.Entry, other.Local = []string{"Tunnel2", "Tunnel3"}[i], at
			p.Children = append(p.Children, other)
		}
		for i := range p.Children {
			p.Children[i].ResponderOnly, p.Children[i].Follows = true, true // as clients of others
		}
	}))
	return c
}

// sends is who sends the clients that come to one gateway to another one.
func sends(from, to netip.Addr) func(Redirectee) netip.Addr {
	return func(r Redirectee) netip.Addr {
		if r.Local == from {
			return to
		}
		return netip.Addr{}
	}
}

func nobody(Redirectee) netip.Addr { return netip.Addr{} }

// requireAt checks that the client has its SA, and no other, with a gateway.
func (c *talk) requireAt(gateway netip.Addr) {
	c.t.Helper()
	require.Empty(c.t, c.sent)
	for i := range c.peers {
		require.Len(c.t, c.peers[i].SAs(), 1, endNames[i])
		require.Len(c.t, c.peers[i].pairs, 1, endNames[i])
	}
	require.Equal(c.t, gateway, c.peers[0].SAs()[0].Remote.Addr())
	require.Equal(c.t, EntryIsUp, c.peers[0].EntryState(entryName))
}

// redirectOf is the REDIRECT in a message.
func redirectOf(t *testing.T, m *wire.Message) wire.Redirect {
	n := m.Notify(wire.REDIRECT)
	require.NotNil(t, n)
	// "The 'SPI Size' field MUST be set to 0" and "The 'Protocol ID' MUST be set to 0" (RFC 5685 9.2)
	require.Zero(t, n.Protocol)
	require.Empty(t, n.SPI)
	r, err := wire.ParseRedirect(n.Data)
	require.NoError(t, err)
	return r
}

const redirectedInitRequest = "IKE_SA_INIT request 0 { ... N(REDIRECTED_FROM) }"

// "The VPN client indicates support for the IKEv2 redirect mechanism and its willingness to be
// redirected by including a REDIRECT_SUPPORTED notification message in the initial IKE_SA_INIT
// request" and "After verifying the nonce data, the client initiates a new IKE_SA_INIT exchange
// with the VPN gateway listed in the REDIRECT payload" "In the IKE_SA_INIT exchange with the new
// VPN gateway, the client MUST include the REDIRECTED_FROM payload" (RFC 5685 3); "Note that
// when the IKE_SA_INIT response includes the REDIRECT notification, the exchange does not result
// in the creation of an IKE_SA and the responder Security Parameter Index (SPI) will be zero."
func TestRedirectInInit(t *testing.T) {
	c := gateways(t, false, sends(firstGateway, secondGateway))
	c.acquire(0)
	first := c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... N(REDIRECT_SUPPORTED) }")
	support := c.end("A").message(first.Datagram).Notify(wire.REDIRECT_SUPPORTED)
	require.Equal(t, wire.Notify{Kind: wire.REDIRECT_SUPPORTED}, *support) // neither protocol nor SPI (9.1)
	answer := c.end("B").message(c.wantSend("B", "IKE_SA_INIT response 0 { N(REDIRECT) }").Datagram)
	nonce, _ := wire.Get[*wire.Nonce](c.end("A").message(first.Datagram))
	require.Equal(t, wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}, Nonce: nonce.Data}, redirectOf(t, answer))
	require.Zero(t, answer.SPIr)
	second := c.wantSend("A", redirectedInitRequest)
	require.Empty(t, c.end("B").SAs())
	require.Equal(t, netip.AddrPortFrom(secondGateway, ikePort), second.Remote)
	from := c.end("A").message(second.Datagram).Notify(wire.REDIRECTED_FROM)
	require.Equal(t, wire.Notify{Kind: wire.REDIRECTED_FROM, Data: append([]byte{1, 4}, firstGateway.AsSlice()...)}, *from)
	c.pass(3)
	c.settle()
	c.requireAt(secondGateway)
}

// "If the IKE_SA_INIT request did not indicate support for the redirect mechanism, the responder
// MUST NOT send the REDIRECT payload to the VPN client. This is applicable to all REDIRECT
// scenarios described in this document." (RFC 5685 3)
func TestRedirectOfNobodyElse(t *testing.T) {
	for _, inAuth := range []bool{false, true} {
		c := gateways(t, inAuth, sends(firstGateway, secondGateway), func(p *testPolicy) { p.MaxRedirects = 0 })
		c.acquire(0)
		require.Nil(t, c.end("A").message(c.wantSend("A", "IKE_SA_INIT request 0 { ... }").Datagram).Notify(wire.REDIRECT_SUPPORTED))
		c.pass(3)
		c.settle()
		c.requireAt(firstGateway)
		b := c.end("B")
		b.apply(Redirect(b.Engine, c.now, secondGateway, func(SAInfo) bool { return true }))
		c.quiet("the client cannot be redirected")
	}
}

// "When the client receives the IKE_SA_INIT response, it MUST verify that the nonce data matches
// the value sent in the IKE_SA_INIT request. If the values do not match, the client MUST silently
// discard the response (and keep waiting for another response)." (RFC 5685 3)
func TestRedirectWithAnotherNonce(t *testing.T) {
	c := gateways(t, false, nobody)
	c.acquire(0)
	request := c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { ... }"))
	m := c.end("A").message(request.Datagram)
	nonce, _ := wire.Get[*wire.Nonce](m)
	wrong := bytes.Clone(nonce.Data)
	wrong[0]++
	for _, data := range [][]byte{
		wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}, Nonce: wrong}.Data(), wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}}.Data(),
		wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}, Nonce: append(bytes.Clone(nonce.Data), 1)}.Data(), {1, 4, 10, 0}, {},
	} {
		c.answersInit(m, &wire.Notify{Kind: wire.REDIRECT, Data: data})
		c.quiet("the answer is discarded")
	}
	// "The 'SPI Size' field MUST be set to 0 to indicate that the SPI is not present in this message." (9.2)
	good := wire.Redirect{Gateway: wire.Gateway{Addr: secondGateway}, Nonce: nonce.Data}.Data()
	c.answersInit(m, &wire.Notify{Protocol: wire.ProtoESP, SPI: []byte{1, 2, 3, 4}, Kind: wire.REDIRECT, Data: good})
	c.quiet("the answer is discarded")
	require.Len(t, events[RedirectHeard](c.end("A")), 6)
	c.deliver(request)
	c.pass(3)
	c.settle()
	c.requireAt(firstGateway)
}

// answersInit lets an answer to A's first request arrive that anybody may have sent.
func (c *talk) answersInit(request *wire.Message, list ...wire.Payload) {
	h := request.Header
	h.Flags = wire.FlagResponse
	c.forge("A", (&wire.Message{Header: h, Payloads: list}).Append(nil))
}

// A client that has not said that it can be redirected is not: nobody else decides where it goes.
func TestRedirectNeverAskedFor(t *testing.T) {
	c := gateways(t, false, nobody, func(p *testPolicy) { p.MaxRedirects = 0 })
	c.acquire(0)
	request := c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { ... }"))
	m := c.end("A").message(request.Datagram)
	nonce, _ := wire.Get[*wire.Nonce](m)
	c.answersInit(m, redirect(secondGateway, nonce.Data))
	c.quiet("the client waits on")
	c.deliver(request)
	c.pass(3)
	c.settle()
	c.requireAt(firstGateway)
	c.forge("A", sealed(c.end("B"), wire.INFORMATIONAL, 0, redirect(secondGateway, nil)))
	c.wantSend("A", "INFORMATIONAL response 0 { }")
	c.quiet("nor under an SA")
	require.Equal(t, RedirectUnasked, events[RedirectHeard](c.end("A"))[0].Verdict)
	c.requireAt(firstGateway)
}

// "The client MAY get redirected again by the new VPN gateway if the new VPN gateway also cannot
// serve the client." (RFC 5685 3)
func TestRedirectTwice(t *testing.T) {
	c := gateways(t, false, func(r Redirectee) netip.Addr {
		switch r.Local {
		case firstGateway:
			require.False(t, r.From.IsValid())
			return secondGateway
		case secondGateway:
			require.Equal(t, firstGateway, r.From)
			return thirdGateway
		}
		return netip.Addr{}
	})
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", redirectedInitRequest)
	c.wantSend("B", "IKE_SA_INIT response 0 { N(REDIRECT) }")
	third := c.wantSend("A", redirectedInitRequest)
	from, err := wire.ParseRedirectedFrom(c.end("A").message(third.Datagram).Notify(wire.REDIRECTED_FROM).Data)
	require.NoError(t, err)
	require.Equal(t, secondGateway, from)
	c.pass(3)
	c.settle()
	c.requireAt(thirdGateway)
}

// "When the client gets redirected, it MUST use the same Peer Authorization Database (PAD) and
// Security Policy Database (SPD) entries as it would have used with the original gateway.
// Receiving a redirect notification MUST NOT result in the modification of any PAD or SPD
// entries." (RFC 5685 3): keys are those of the first gateway, and one whose identity the
// profile does not take is refused. "The redirect mechanism MUST NOT update any state on the
// client apart from the VPN gateway information." (11)
func TestRedirectKeepsPolicies(t *testing.T) {
	for name, row := range map[string]struct {
		takes netip.Prefix
		up    bool
	}{
		"a group of gateways": {netip.MustParsePrefix("10.0.0.0/24"), true},
		"the first one only":  {netip.MustParsePrefix("10.0.0.2/32"), false},
	} {
		t.Run(name, func(t *testing.T) {
			c := gateways(t, false, sends(firstGateway, secondGateway), func(p *testPolicy) {
				p.Profiles[0].MatchRemote = []IdentityMatch{{Prefix: row.takes}}
				p.Keyrings[0].Peers = []KeyringPeer{
					{Name: "other", Address: netip.PrefixFrom(secondGateway, 32), Local: []byte("wrong"), Remote: []byte("wrong")},
					{Name: "first", Address: netip.PrefixFrom(firstGateway, 32), Local: []byte("cisco"), Remote: []byte("cisco")},
				}
			})
			before := c.end("A").entries.Get(entryName).cfg
			c.acquire(0)
			c.pass(6)
			if row.up {
				c.settle()
				c.requireAt(secondGateway)
				after := c.end("A").entries.Get(entryName).cfg
				after.Remote = before.Remote
				require.Equal(t, before, after)
				return
			}
			c.wantSend("A", "INFORMATIONAL request 2 { N(AUTHENTICATION_FAILED) }")
			c.settle()
			require.Empty(t, c.end("A").SAs())
			require.Equal(t, firstGateway, c.end("A").entries.Get(entryName).cfg.Remote, "it goes back")
		})
	}
}

// "this means the new gateway either has to use the same responder identity (IDr) as the
// original gateway" (RFC 5685 3); the selectors of a tunnel that are its ends follow it.
func TestRedirectOfATunnelBetweenHosts(t *testing.T) {
	hosts := func(p *testPolicy) { endsOnly(&p.Children[0]) }
	c := gateways(t, false, sends(firstGateway, secondGateway), hosts)
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", redirectedInitRequest)
	require.Equal(t, secondGateway, c.end("A").entries.Get(entryName).cfg.Selectors[1][0].Start)
}

// endsOnly has a policy be for what two ends send each other.
func endsOnly(c *ChildPolicy) {
	for i, a := range []netip.Addr{c.Local, c.Remote} {
		c.Selectors[i] = c.Selectors[i][:1:1]
		c.Selectors[i][0].Start, c.Selectors[i][0].End = a, a
	}
	c.Hosts = true
}

// "To prevent this, the client SHOULD be configured to not accept more than a certain number of
// redirects (MAX_REDIRECTS) within a short time period (REDIRECT_LOOP_DETECT_PERIOD) for a
// particular IKEv2 SA setup." (RFC 5685 7) "The client could even end up in a loop with two or
// more gateways redirecting the client to each other."
func TestRedirectLoop(t *testing.T) {
	for _, most := range []int{1, 5} {
		c := gateways(t, false, func(r Redirectee) netip.Addr {
			if r.Local == firstGateway {
				return secondGateway
			}
			return firstGateway
		}, func(p *testPolicy) { p.MaxRedirects = most })
		c.acquire(0)
		c.pass(2)
		for range most {
			c.wantSend("A", redirectedInitRequest)
			c.wantSend("B", "IKE_SA_INIT response 0 { N(REDIRECT) }")
		}
		c.quiet("it has been sent on often enough")
		heard := events[RedirectHeard](c.end("A"))
		require.Equal(t, RedirectTooOften, heard[len(heard)-1].Verdict)
		c.look()
		for len(events[Failure](c.end("A"))) == 0 { // nobody has proved to be the gateway: it asks on
			c.run(10 * time.Second)
			c.sent = nil
		}
		failure := events[Failure](c.end("A"))[0]
		require.Equal(t, [2]any{ReasonSentAway, CauseRedirects}, [2]any{failure.Reason, failure.Cause})
		require.Equal(t, firstGateway, c.end("A").entries.Get(entryName).cfg.Remote)
		c.run(RedirectPeriod) // then it may be redirected once more
		c.acquire(0)
		c.pass(2)
		c.wantSend("A", redirectedInitRequest)
	}
}

// To where it comes from, to the client itself, to an address of another family or of nobody, by
// a name that nobody knows: the client goes on with the gateway that it has.
func TestRedirectToNowhere(t *testing.T) {
	for name, row := range map[string]struct {
		to   wire.Gateway
		want RedirectVerdict
	}{
		"itself": {wire.Gateway{Addr: firstGateway}, RedirectNowhere}, "the client": {wire.Gateway{Addr: netip.MustParseAddr("10.0.0.1")}, RedirectNowhere},
		"IPv6": {wire.Gateway{Addr: netip.MustParseAddr("2001:db8::1")}, RedirectNowhere}, "nobody": {wire.Gateway{Addr: netip.MustParseAddr("0.0.0.0")}, RedirectNowhere},
		"everybody": {wire.Gateway{Addr: netip.MustParseAddr("255.255.255.255")}, RedirectNowhere}, "a group": {wire.Gateway{Addr: netip.MustParseAddr("224.0.0.1")}, RedirectNowhere},
		"no name": {wire.Gateway{FQDN: "gone.example"}, RedirectUnresolved}, "a name": {wire.Gateway{FQDN: "GW2.example"}, RedirectFollowed},
	} {
		t.Run(name, func(t *testing.T) {
			c := gateways(t, false, nobody, func(p *testPolicy) { p.Hosts = map[string]netip.Addr{"gw2.example": secondGateway} })
			c.acquire(0)
			request := c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { ... }"))
			m := c.end("A").message(request.Datagram)
			nonce, _ := wire.Get[*wire.Nonce](m)
			c.answersInit(m, &wire.Notify{Kind: wire.REDIRECT, Data: wire.Redirect{Gateway: row.to, Nonce: nonce.Data}.Data()})
			require.Equal(t, row.want, events[RedirectHeard](c.end("A"))[0].Verdict)
			if row.want == RedirectFollowed {
				c.wantSend("A", redirectedInitRequest)
				c.pass(3)
				c.settle()
				c.requireAt(secondGateway)
				return
			}
			c.quiet("it waits on")
			c.deliver(request)
			c.pass(3)
			c.settle()
			c.requireAt(firstGateway)
			c.forge("A", sealed(c.end("B"), wire.INFORMATIONAL, 0, &wire.Notify{Kind: wire.REDIRECT, Data: wire.Redirect{Gateway: row.to}.Data()}))
			c.wantSend("A", "INFORMATIONAL response 0 { }")
			c.quiet("nor under the SA")
			c.requireAt(firstGateway)
		})
	}
}

// A gateway that does not answer is given up, and the one that is configured asked again.
func TestRedirectToASilentGateway(t *testing.T) {
	c := gateways(t, false, sends(firstGateway, secondGateway))
	c.acquire(0)
	c.pass(2)
	c.drop(c.wantSend("A", redirectedInitRequest))
	for len(events[EntryDown](c.end("A"))) == 0 {
		c.run(10 * time.Second)
		c.sent = nil
	}
	told := events[Redirected](c.end("A"))
	require.Equal(t, Redirected{Entry: entryName, From: secondGateway, To: firstGateway, Back: true}, told[len(told)-1])
	c.look()
	c.acquire(0)
	require.Equal(t, firstGateway, c.wantSend("A", "IKE_SA_INIT request 0 { ... N(REDIRECT_SUPPORTED) }").Remote.Addr())
}

// quiet requires that nobody sends anything for a moment.
func (c *talk) quiet(why string) {
	c.t.Helper()
	c.run(50 * time.Millisecond)
	for _, l := range c.sent {
		require.Fail(c.t, why, "%s sends %s", endNames[l.from], l.text)
	}
}
