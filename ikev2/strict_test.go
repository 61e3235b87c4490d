package ikev2

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
)

// What is held to exactly.

// "A value chosen by the initiator to identify a unique IKE Security Association. This value MUST
// NOT be zero." (RFC 7296 3.1) "The Message ID is a 32-bit quantity, which is zero for the
// IKE_SA_INIT messages" (RFC 7296 2.2).
func TestHeadersThatBeginNothing(t *testing.T) {
	for name, spoil := range map[string]func(*wire.Header){
		"no SPI": func(h *wire.Header) { h.SPIi = 0 }, "another id": func(h *wire.Header) { h.MessageID = 1 },
		"an SPI of ours": func(h *wire.Header) { h.SPIr = 1 }, "of no initiator": func(h *wire.Header) { h.Flags = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t)
			_, m := firstRequest(t, c)
			h := m.Header
			spoil(&h)
			c.forge("B", plain(h, m.Payloads...))
			c.wantEvent("B", "refused: "+ErrBadHeader.Error())
			c.wantIdle("no SA begins so")
			require.Empty(t, c.end("B").SAs())
		})
	}
}

// "The initiator should limit the number of cookie exchanges it tries before giving up" (RFC 7296
// 2.6): a cookie that we bring already is not brought again at once, whoever asks for it.
func TestTheSameCookieTwice(t *testing.T) {
	c := newTalk(t)
	_, m := firstRequest(t, c)
	h := m.Header
	h.Flags = wire.FlagResponse
	asks := plain(h, &wire.Notify{Kind: wire.COOKIE, Data: []byte("one")})
	c.forge("A", asks)
	c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }"))
	c.forge("A", asks)
	c.run(patience)
	require.Empty(t, c.sent)
}

// "The Notification Data contains the SPI of the invalid packet." (RFC 7296 1.5) What is longer is no
// SPI, and no pair is made in place of another.
func TestStrangeInvalidSPI(t *testing.T) {
	for _, more := range [][]byte{{0}, {0, 0, 0, 0}} {
		c := upTalk(t)
		data := append(spiOctets(c.pair(1).In.SPI), more...)
		c.forge("A", sealed(c.end("B"), wire.INFORMATIONAL, 0, &wire.Notify{Kind: wire.INVALID_SPI, Data: data}))
		c.wantSend("A", "INFORMATIONAL response 0 { }")
		c.run(patience)
		require.Empty(t, c.sent)
		c.requireUp()
	}
}

// "The initiator SPI... MUST NOT be zero" (RFC 7296 3.1) holds for the SPI of a rekey, too, which
// stands in its proposal: "New initiator and responder SPIs are supplied in the SPI fields of the SA
// payloads." (RFC 7296 1.3.2)
func TestRekeyOfTheIKESAWithoutSPI(t *testing.T) {
	for _, spi := range [][]byte{make([]byte, 8), {1, 2, 3, 4}} {
		c := upTalk(t)
		sa := c.end("A").newest().sa
		c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2,
			&wire.SA{Proposals: propose.Offer(sa.choice.menus, spi)}, &wire.Nonce{Data: make([]byte, 32)}, &wire.KE{Group: 19, Data: make([]byte, 64)}))
		c.wantSend("B", "CREATE_CHILD_SA response 2 { N(INVALID_SYNTAX) }")
		c.wantIdle("no SA comes of it")
		c.requireUp()
	}
}

// "The SPI is an arbitrary 32-bit value that is used by a receiver to identify the SA to which an
// incoming packet is bound." (RFC 4303 2.1) One by which the peer receives already tells it nothing.
func TestSPIThatThePeerHasInUse(t *testing.T) {
	c := upTalk(t)
	any4 := testConfig(0).Children[0].Selectors[0]
	used := spiOctets(c.pair(0).In.SPI)
	c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2,
		&wire.Notify{Protocol: wire.ProtoESP, SPI: used, Kind: wire.REKEY_SA},
		&wire.SA{Proposals: propose.Offer(espMenus(&testConfig(0).Children[0], true), used)},
		&wire.Nonce{Data: make([]byte, 20)}, toWire(true, any4), toWire(false, any4)))
	c.wantSend("B", "CREATE_CHILD_SA response 2 { N(INVALID_SYNTAX) }")
	c.wantIdle("no pair comes of it")
	c.requireUp()
}

// "If a peer receives a request to close an IKE SA that it is currently trying to close, it SHOULD
// reply as usual, and forget about its own close request." (RFC 7296 2.25.2)
func TestBothCloseTheIKESA(t *testing.T) {
	c := upTalk(t)
	theirs := sealed(c.end("B"), wire.INFORMATIONAL, 0, &wire.Delete{Protocol: wire.ProtoIKE})
	c.clearIKE(0)
	c.drop(c.wantSend("A", "INFORMATIONAL request 2 { D(ESP SPI) }"))
	c.drop(c.wantSend("A", "INFORMATIONAL request 3 { D(IKE) }"))
	c.forge("A", theirs)
	c.drop(c.wantSend("A", "INFORMATIONAL response 0 { }"))
	require.Empty(t, c.end("A").SAs())
	c.run(time.Minute)
	require.Empty(t, c.sent, "its own request is forgotten")
}

// "If the two ends have different lifetime policies, the end with the shorter lifetime will end up
// always being the one to request the rekeying." (RFC 7296 2.8) With the same lifetime it is the end
// that has made the SA: the other leaves it the time to begin.
func TestResponderRekeysLater(t *testing.T) {
	short := func(p *testPolicy) { p.Profiles[0].Lifetime = 10 * time.Minute }
	for _, who := range []string{"A", "B"} {
		c := newTalk(t)
		c.end(who).configure(testConfig(c.end(who).index, quick, short))
		c.establish()
		began := c.now
		c.advanceToDeadline(who)
		c.hold(c.wantSend(who, "CREATE_CHILD_SA request ..."))
		left := 10*time.Minute - c.now.Sub(began)
		latest := map[string]time.Duration{"A": 60 * time.Second, "B": 48 * time.Second}[who]
		require.Less(t, latest-left, 3*time.Second, who)
		require.Less(t, left-latest, time.Second, who)
	}
}
