package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
)

// Redirect (RFC 5685), the gateway: it sends clients that have said that they can be redirected
// to another one, before there is an SA, in IKE_AUTH, or while an SA is up.

// redirectTime is how long a gateway waits for a client to delete an SA that it has redirected:
// "it should allow sufficient time for the client to set up the required security associations
// with the new security gateway" (RFC 5685 5).
const redirectTime = time.Minute

// redirectable says whether a client can be sent elsewhere: "The presence of the REDIRECT_FROM
// payload in the IKE_SA_INIT exchange with the new gateway indicates to the new gateway that the
// client supports the redirect mechanism." (RFC 5685 3)
func redirectable(m *wire.Message) bool {
	return m.Notify(wire.REDIRECT_SUPPORTED) != nil || m.Notify(wire.REDIRECTED_FROM) != nil
}

// redirectedFrom is the gateway that has sent a client to us; invalid: none that can be read.
func redirectedFrom(m *wire.Message) netip.Addr {
	n := m.Notify(wire.REDIRECTED_FROM)
	if n == nil {
		return netip.Addr{}
	}
	from, _ := wire.ParseRedirectedFrom(n.Data)
	return from
}

// redirect is the notify that sends a client elsewhere: with its nonce only in the answer to
// IKE_SA_INIT (RFC 5685 9.2).
func redirect(to netip.Addr, nonce []byte) *wire.Notify {
	return &wire.Notify{Kind: wire.REDIRECT, Data: wire.Redirect{Gateway: wire.Gateway{Addr: to}, Nonce: nonce}.Data()}
}

// awayInInit is where a client is sent that begins; invalid: it stays. Then "the exchange does not
// result in the creation of an IKE_SA and the responder Security Parameter Index (SPI) will be
// zero" (RFC 5685 3).
func awayInInit(c *Global, d Datagram, m *wire.Message) (to netip.Addr, n *wire.Notify) {
	nonce, ok := wire.Get[*wire.Nonce](m)
	if !c.AtInit || !ok || !redirectable(m) {
		return to, nil
	}
	to = c.choose(Redirectee{VRF: d.VRF, Local: d.Local.Addr(), Peer: d.Remote.Addr(), From: redirectedFrom(m)})
	if !to.IsValid() {
		return to, nil
	}
	return to, redirect(to, nonce.Data)
}

// awayInAuth is where a client is sent that has proved who it is; invalid: it stays. "The gateway
// MUST verify the client's AUTH payload before sending the REDIRECT payload" (RFC 5685 6)
func awayInAuth(rec *recording, c *Global, x *exchange) netip.Addr {
	sa := x.sa
	asks := sa.redirects && sa.profile.RedirectAuth && c.Choose != nil
	tell(rec, RedirectChecked{SA: sa.ref(), Asks: asks})
	if !asks {
		return netip.Addr{}
	}
	to := c.choose(Redirectee{VRF: sa.vrf, Local: sa.local.Addr(), Peer: sa.remote.Addr(), From: x.init.from, Profile: sa.profile.Name, Identity: sa.remoteID})
	if to.IsValid() {
		rec.emit(RedirectSent{SA: sa.ref(), Peer: sa.remote, To: to, Exchange: wire.IKE_AUTH})
	}
	return to
}

// awaitDelete has an SA that was redirected go in a while, should the client not delete it.
func awaitDelete(a *agenda, now time.Time, sa *ikeSA) {
	sa.holdAt = now.Add(redirectTime)
	a.touch(sa)
}
