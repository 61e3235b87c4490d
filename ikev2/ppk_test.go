package ikev2

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// RFC 8784.

// withPPK is a configuration with a post-quantum preshared key, in the keyring of the
// others.
func withPPK(ppk *PPK) func(*testPolicy) {
	return func(c *testPolicy) {
		quick(c)
		if ppk != nil {
			c.Keyrings[0].Peers[0].PPK = ppk
			c.Profiles[0].PPKKeyring = "KEYRNG"
		}
	}
}

// What becomes of an SA by what either end has configured (after RFC 8784 section 3).
func TestPPK(t *testing.T) {
	a, aMust := &PPK{ID: "a", Key: []byte("quantum safe")}, &PPK{ID: "a", Key: []byte("quantum safe"), Required: true}
	b, bMust := &PPK{ID: "b", Key: []byte("quantum safe")}, &PPK{ID: "b", Key: []byte("quantum safe"), Required: true}
	other := &PPK{ID: "a", Key: []byte("another key")}
	const used, without, none = "used", "without", "none"
	for _, row := range []struct {
		initiator, responder *PPK
		want                 string
		cause                Cause // of whoever finds out
	}{
		{nil, nil, without, 0}, {nil, a, without, 0}, {a, nil, without, 0}, {a, a, used, 0}, {a, aMust, used, 0}, {aMust, a, used, 0}, {aMust, aMust, used, 0},
		// A responder that has not the initiator's key, and requires none, goes by NO_PPK_AUTH.
		{a, b, without, 0},
		// One that requires a key answers AUTHENTICATION_FAILED.
		{nil, aMust, none, CauseNoPPK}, {a, bMust, none, CauseNoPPK},
		// An initiator that requires one gives up.
		{aMust, nil, none, CauseNoPPK}, {aMust, b, none, CauseNoPPK}, {bMust, aMust, none, CauseNoPPK},
		{a, other, none, CauseBadAuth},
	} {
		l := newLab(t, 1)
		l.peers[0].configure(testConfig(0, withPPK(row.initiator)))
		l.peers[1].configure(testConfig(1, withPPK(row.responder)))
		l.acquire(0)
		l.run(10 * time.Minute) // an answer that nobody vouches for is tried again for long
		name := []any{"%+v with %+v", row.initiator, row.responder}
		if row.want == none {
			require.Empty(t, l.peers[1].pairs, name...)
			require.Empty(t, l.peers[0].pairs, name...)
			require.True(t, slices.ContainsFunc(l.peers[:], func(p *end) bool {
				return slices.ContainsFunc(p.Diagnoses(), func(d Diagnosis) bool { return d.Cause == row.cause })
			}), name...)
			continue
		}
		for _, p := range l.peers {
			require.Len(t, p.pairs, 1, name...)
			sa := p.sorted()[0]
			require.Equal(t, row.want == used, sa.mixed(), name...)
			require.Equal(t, l.peers[0].sorted()[0].keys.D(), sa.keys.D(), name...)
		}
	}
}

// SK_d = prf+ (PPK, SK_d') is that of the IKE SA that is made first; what replaces it comes of
// that SK_d, and no later exchange speaks of the PPK.
func TestPPKOutlivesRekeys(t *testing.T) {
	l := newLab(t, 1)
	for i, p := range l.peers {
		p.configure(testConfig(i, withPPK(&PPK{ID: "a", Key: []byte("quantum safe"), Required: true}), func(c *testPolicy) { c.Profiles[0].Lifetime = 2 * time.Minute }))
	}
	l.acquire(0)
	l.run(time.Second)
	first := l.peers[0].sorted()[0].spiI
	for i, p := range l.peers { // "It MUST NOT be used when these subkeys are calculated as result of IKE SA rekey" (RFC 8784 3): what it is does not matter any more
		p.sorted()[0].ppk = &PPK{ID: "a", Key: []byte{byte(i)}}
	}
	l.run(5 * time.Minute)
	require.Equal(t, l.peers[0].sorted()[0].keys.D(), l.peers[1].sorted()[0].keys.D())
	for _, p := range l.peers {
		require.Len(t, p.SAs(), 1)
		require.Equal(t, "a", p.SAs()[0].PPK)
		for _, m := range p.clear {
			require.True(t, m.Exchange == wire.IKE_SA_INIT || m.Exchange == wire.IKE_AUTH || m.Notify(wire.USE_PPK) == nil && m.Notify(wire.PPK_IDENTITY) == nil)
		}
	}
	require.NotEqual(t, first, l.peers[0].sorted()[0].spiI)
}

// ppkTalk is a conversation of two ends that have the same key.
func ppkTalk(t *testing.T, required bool) *talk {
	return newTalk(t, withPPK(&PPK{ID: "a", Key: []byte("quantum safe"), Required: required}))
}

// "If no PPK_IDENTITY notification is found and the peers successfully exchanged USE_PPK notifications in
// the IKE_SA_INIT exchange, then the responder MUST send back an AUTHENTICATION_FAILED notification and
// then fail the negotiation." (RFC 8784 3) However good the proof is that goes without.
func TestPPKIsNotNamed(t *testing.T) {
	for _, has := range []bool{true, false} { // the responder may have one for the peer, or for others only
		c := newTalk(t, withPPK(&PPK{ID: "a", Key: []byte("quantum safe")}))
		if !has {
			c.end("B").configure(testConfig(1, withPPK(&PPK{ID: "a", Key: []byte("quantum safe")}), func(p *testPolicy) { p.Profiles[0].PPKKeyring = "" }, func(p *testPolicy) {
				other := *p.Profiles[0]
				other.Name, other.PPKKeyring, other.MatchRemote = "OTHER", "KEYRNG", []IdentityMatch{{Identity: named(wire.IDFQDN, "other")}}
				p.Profiles = append(p.Profiles, &other)
			}))
		}
		c.acquire(0)
		c.wantSend("A", "IKE_SA_INIT request 0 { ... N(USE_PPK) }")
		c.wantSend("B", "IKE_SA_INIT response 0 { ... N(USE_PPK) ... }")
		said := c.end("A").message(c.hold(c.wantSend("A", "IKE_AUTH request 1 { ... N(PPK_IDENTITY) N(NO_PPK_AUTH) }")).Datagram)
		bare := unsaid(unsaid(said.Payloads, wire.PPK_IDENTITY), wire.NO_PPK_AUTH)
		for i, p := range bare {
			if auth, ok := p.(*wire.Auth); ok {
				bare[i] = &wire.Auth{Method: auth.Method, Data: said.Notify(wire.NO_PPK_AUTH).Data}
			}
		}
		c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 1, bare...))
		c.wantSend("B", "IKE_AUTH response 1 { N(AUTHENTICATION_FAILED) }")
		require.Empty(t, c.end("B").SAs())
	}
}

// "then the initiator MUST include a NO_PPK_AUTH notification in the above message", if a PPK is optional
// for it, and not if it is mandatory; "If it receives one, it marks the SA as using the configured PPK ...;
// the content of the received PPK_IDENTITY (if any) MUST be ignored." (RFC 8784 3)
func TestPPKNotifies(t *testing.T) {
	for required, auth := range map[bool]string{
		false: "IKE_AUTH request 1 { ... AUTH ... N(PPK_IDENTITY) N(NO_PPK_AUTH) }", true: "IKE_AUTH request 1 { ... AUTH ... N(PPK_IDENTITY) }",
	} {
		c := ppkTalk(t, required)
		c.acquire(0)
		for _, l := range []*letter{c.wantSend("A", "IKE_SA_INIT request 0 { ... N(USE_PPK) }"), c.wantSend("B", "IKE_SA_INIT response 0 { ... N(USE_PPK) ... }")} {
			require.Empty(t, parsed(t, l).Notify(wire.USE_PPK).Data)
		}
		said := c.end("A").message(c.wantSend("A", auth).Datagram)
		require.Equal(t, append([]byte{2}, "a"...), said.Notify(wire.PPK_IDENTITY).Data)
		answer := c.end("B").message(c.hold(c.wantSend("B", "IKE_AUTH response 1 { ... AUTH ... N(PPK_IDENTITY) }")).Datagram)
		require.Empty(t, answer.Notify(wire.PPK_IDENTITY).Data)
		c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, saying(answer.Payloads, wire.PPK_IDENTITY, []byte("\x02another"))...))
		c.settle()
		c.requireUp()
		require.Equal(t, "a", c.end("A").SAs()[0].PPK)
	}
}

// "If the initiator does not receive the PPK_IDENTITY, it MUST either fail the IKE SA negotiation sending
// the AUTHENTICATION_FAILED notification in the INFORMATIONAL exchange (if the PPK was configured as
// mandatory) or continue without using the PPK" (RFC 8784 3)
func TestPPKIsNotUsed(t *testing.T) {
	c := ppkTalk(t, true)
	c.acquire(0)
	c.pass(3)
	answer := c.end("B").message(c.hold(c.wantSend("B", "IKE_AUTH response 1 { ... N(PPK_IDENTITY) }")).Datagram)
	c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, unsaid(answer.Payloads, wire.PPK_IDENTITY)...))
	c.wantSend("A", "INFORMATIONAL request 2 { N(AUTHENTICATION_FAILED) }")
	require.Empty(t, c.end("A").SAs())
	require.Equal(t, CauseNoPPK, c.end("A").Diagnoses()[0].Cause)
}

// "it is RECOMMENDED that, if using PPKs is mandatory for the initiator and the received response doesn't
// contain the USE_PPK notification, the initiator not abort the exchange immediately. Instead, it waits for
// more response messages, retransmitting the request as if no responses were received at all, until either
// the received message contains the USE_PPK notification or the exchange times out" (RFC 8784 6)
func TestPPKForgedAnswer(t *testing.T) {
	c := ppkTalk(t, true)
	c.acquire(0)
	c.pass(1)
	good := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { ... N(USE_PPK) ... }"))
	m := parsed(t, good)
	c.forge("A", plain(m.Header, unsaid(m.Payloads, wire.USE_PPK)...))
	c.wantIdle("the answer may be anybody's")
	require.Equal(t, 2*time.Second-patience, c.advanceToDeadline("A").Round(time.Second))
	c.wantSend("A", "IKE_SA_INIT request 0 { ... N(USE_PPK) }")
	c.settle()
	c.sent = nil // B's answer again
	c.deliver(good)
	c.pass(2)
	c.settle()
	c.requireUp()
	require.True(t, c.end("A").sorted()[0].mixed())
}

// Where a responder has not received USE_PPK, and need not have a PPK, what follows is "Standard IKEv2
// protocol" (RFC 8784 3, table 1), whatever IKE_AUTH says of one.
func TestPPKThatWasNotAgreed(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(2)
	said := c.end("A").message(c.hold(c.wantSend("A", "IKE_AUTH request 1 { ... AUTH ... }")).Datagram)
	c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 1, append(said.Payloads, ikeNotify(wire.PPK_IDENTITY, []byte("\x02a")), ikeNotify(wire.NO_PPK_AUTH, make([]byte, 32)))...))
	c.wantSend("B", "IKE_AUTH response 1 { ... AUTH ... }")
	c.settle()
	c.requireUp()
	require.Empty(t, c.end("B").SAs()[0].PPK)
}
