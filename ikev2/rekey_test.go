package ikev2

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Rekeying and the lives of SAs: RFC 7296, sections 1.3, 2.4, 2.8 and 2.25, where
// only one end acts.

// "From a technical correctness and interoperability perspective, the responder
// MAY begin sending on an SA as soon as it sends its response to the
// CREATE_CHILD_SA request." (RFC 7296 2.8) While the initiator computes the keys
// it says what may arrive, and later that the pair is up or will not be.
func TestAnsweredPairIsExpected(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*talk)
		end       string
	}{
		"the keys are computed":      {func(*talk) {}, "pair up"},
		"all is cleared here":        {func(c *talk) { c.clearIKE(0) }, "pair down: cleared"},
		"all is cleared there":       {func(c *talk) { c.clearIKE(1) }, "pair down: peer deleted"},
		"the peer deletes the pair":  {func(c *talk) { c.clearChild(1) }, "pair down: peer deleted"},
		"the SA is lost":             {func(c *talk) { c.loseSA(0) }, "pair down: timeout"},
		"the peer's half is no good": {func(c *talk) { c.spoilSecret(0) }, "pair down: invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t, func(p *testPolicy) { p.Children[0].PFS = 21 })
			c.rekeyChild(0)
			c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) SA Nonce KE TSi TSr ... }")
			c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce KE TSi TSr ... }")
			c.run(2 * time.Millisecond)
			c.wantEvent("A", "pair expected")
			require.Contains(t, c.end("A").early, c.end("B").newest().out)
			c.record()
			row.meanwhile(c)
			c.settle()
			c.wantEvent("A", row.end)
			require.Empty(t, c.end("A").early)
		})
	}
}

// loseSA has an end give its IKE SA up.
func (l *lab) loseSA(i int) {
	p := l.peers[i]
	p.begin(l.now)
	p.drop(p.byAge()[0], saLost, ReasonTimeout)
	p.apply(p.Engine.end())
}

// spoilSecret has the key exchange that an end computes come to nothing.
func (l *lab) spoilSecret(i int) {
	p := l.peers[i]
	var ids []uint64
	for id := range p.waiting.All() {
		ids = append(ids, id)
	}
	for _, id := range ids {
		p.apply(p.Deliver(l.now, id, keys.Result{Err: ipsec.ErrParams}))
	}
}

// "The responder to a CREATE_CHILD_SA MUST be prepared to accept messages on an
// SA before sending its response to the creation request, so there is no
// ambiguity for the initiator." (RFC 7296 2.8)
func TestResponderIsReadyFirst(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.pass(1)
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }")
	require.Len(t, c.end("B").pairs, 2)
}

// "When there are two SAs eligible to receive packets, a node MUST accept
// incoming packets through either SA." (RFC 7296 2.8.1) "The initiator MAY begin
// sending on an SA as soon as it processes the response" (2.8): the responder
// keeps sending on the old pair until then.
func TestBothPairsLiveMeanwhile(t *testing.T) {
	c := upTalk(t)
	old := c.pair(1).In.SPI
	c.rekeyChild(0)
	c.pass(2)
	c.hold(c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }"))
	for _, name := range []string{"A", "B"} {
		require.Len(t, c.end(name).pairs, 2, name)
	}
	for _, pair := range c.end("B").pairs {
		if pair.In.SPI != old {
			require.Equal(t, old, pair.Replaces)
			require.True(t, pair.Standby)
		}
	}
}

// "When the lifetime of a Security Association expires, the Security Association
// MUST NOT be used." (RFC 7296 2.8) The peer's answers to rekeys are lost.
func TestHardLifetime(t *testing.T) {
	c := upTalk(t, func(p *testPolicy) { p.Children[0].Lifetime = 3 * time.Minute })
	began := c.now
	for len(c.end("A").pairs) > 0 && c.now.Sub(began) < 10*time.Minute {
		c.sent, c.posted = nil, nil
		c.lab.run(time.Second)
	}
	require.LessOrEqual(t, c.now.Sub(began), 3*time.Minute+time.Second)
}

// "To delete an SA, an INFORMATIONAL exchange with one or more Delete payloads
// is sent listing the SPIs (as they would be expected in the headers of inbound
// packets) of the SAs to be deleted." (RFC 7296 1.4.1) So of a pair that expires
// while our rekey of it is on the wire: the peer, whose lifetime may be longer, is
// told, and the successor stays.
func TestExpiresDuringItsRekey(t *testing.T) {
	c := upTalk(t)
	old := c.pair(0).In.SPI
	c.rekeyChild(0)
	request := c.hold(c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }"))
	a := c.end("A")
	a.begin(c.now)
	a.expireChild(a.children.Get(old))
	a.apply(a.end())
	require.Empty(t, a.pairs)
	told := c.hold(c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }"))
	c.deliver(request)
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }")
	c.deliver(told)
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.settle()
	c.requireUp()
}

// "When a peer receives a TEMPORARY_FAILURE notification, it MUST NOT immediately
// retry the operation; it MUST wait so that the sender may complete whatever
// operation caused the temporary condition." (RFC 7296 2.25)
func TestTemporaryFailure(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.drop(c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }"))
	c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, ikeNotify(wire.TEMPORARY_FAILURE, nil)))
	c.look()
	c.wantIdle("not at once")
	wait := c.advanceToDeadline("A")
	require.Less(t, wait, 5*time.Minute, "over a period of several minutes")
	c.wantSend("A", "CREATE_CHILD_SA request 3 { N(REKEY_SA) ... }")
	c.pass(3)
	c.settle()
	c.requireUp()
}

// "A peer that receives a CHILD_SA_NOT_FOUND notification SHOULD silently delete
// the Child SA (if it still exists) and send a request to create a new Child SA
// from scratch (if the Child SA does not yet exist)." (RFC 7296 2.25)
func TestChildNotFound(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.drop(c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }"))
	about := &wire.Notify{Protocol: wire.ProtoESP, SPI: spiOctets(c.pair(0).In.SPI), Kind: wire.CHILD_SA_NOT_FOUND}
	c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, about))
	c.wantSend("A", "CREATE_CHILD_SA request 3 { SA Nonce TSi TSr ... }")
}

// "TEMPORARY_FAILURE ... a temporary condition such as a rekeying operation"
// (RFC 7296 2.25): a rekey that was refused for its content is judged afresh.
func TestRefusedRekeyMayComeAgain(t *testing.T) {
	c := upTalk(t)
	other := func(p *testPolicy) { p.Children[0].Suites[0].Integ = ipsec.IntegMD5 }
	c.end("B").configure(testConfig(1, quick, other))
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 2 { N(NO_PROPOSAL_CHOSEN) }")
	c.settle()
	c.end("B").configure(testConfig(1, quick))
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 3 { N(REKEY_SA) ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 3 { SA Nonce ... }")
	c.pass(2)
	c.settle()
	c.requireUp()
}

// "The responder sends a NO_ADDITIONAL_SAS notification to indicate that a
// CREATE_CHILD_SA request is unacceptable because the responder is unwilling to
// accept any more Child SAs on this IKE SA." (RFC 7296 1.3)
func TestChildrenHaveALimit(t *testing.T) {
	c := upTalk(t)
	any4 := testConfig(0).Children[0].Selectors[0]
	for id := range uint32(300) {
		spi := binary.BigEndian.AppendUint32(nil, 0x1000+id)
		c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2+id,
			&wire.SA{Proposals: propose.Offer(espMenus(&testConfig(0).Children[0], true), spi)},
			&wire.Nonce{Data: make([]byte, 20)}, toWire(true, any4), toWire(false, any4)))
		if l := c.next(); reads(l.text, "CREATE_CHILD_SA response ... N(NO_ADDITIONAL_SAS) }") {
			return
		}
		c.settle()
	}
	require.Fail(t, "the peer may make as many pairs as it likes")
}

// "The SPI value ... The set of SPI values in the range 1 through 255 are
// reserved by the Internet Assigned Numbers Authority (IANA) for future use"; "The
// SPI value of zero (0) is reserved for local, implementation-specific use and
// MUST NOT be sent on the wire." (RFC 4303 2.1)
func TestReservedSPIs(t *testing.T) {
	for _, spi := range []byte{0, 1, 255} {
		c := upTalk(t)
		any4 := testConfig(0).Children[0].Selectors[0]
		payloads := []wire.Payload{
			&wire.Notify{Protocol: wire.ProtoESP, SPI: spiOctets(c.pair(0).In.SPI), Kind: wire.REKEY_SA},
			&wire.SA{Proposals: propose.Offer(espMenus(&testConfig(0).Children[0], true), []byte{0, 0, 0, spi})},
			&wire.Nonce{Data: make([]byte, 20)}, toWire(true, any4), toWire(false, any4),
		}
		c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, payloads...))
		c.wantSend("B", "CREATE_CHILD_SA response 2 { N(...")
		c.wantIdle("no pair comes of it")
		c.requireUp()
	}
}

// The successor of an IKE SA dies with it: "If a peer receives a request to close
// an IKE SA that it is currently rekeying, it SHOULD reply as usual, and forget
// about its own rekeying request." (RFC 7296 2.25.2) The same end may do both.
func TestClearDuringOwnRekey(t *testing.T) {
	for _, answered := range []bool{false, true} {
		c := upTalk(t)
		c.tamper = nil
		c.rekeyIKE(0)
		c.run(5 * time.Millisecond)
		if answered {
			c.run(7 * time.Millisecond)
		}
		c.clearIKE(0)
		c.run(5 * time.Minute)
		c.requireEmpty()
	}
}

// An authentication method that is not configured is not used: "There is no
// requirement that the initiator and responder sign with the same cryptographic
// algorithms." (RFC 7296 2.15) Each end's method is its own policy.
func TestNoKeyThatIsNotConfigured(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, func(p *testPolicy) { p.Profiles[0].AuthLocal = 0 }))
	all := c.record()
	c.acquire(0)
	c.run(time.Second)
	for _, m := range *all {
		require.NotEqual(t, wire.IKE_AUTH, m.Exchange, "%s", describe(m))
	}
	require.Empty(t, c.end("A").pairs)
}

// Tunnel-ids are the lowest free numbers.
func TestIDsAreUsedAgain(t *testing.T) {
	c := upTalk(t)
	c.tamper = nil
	for range 20 {
		c.rekeyIKE(0)
		c.run(time.Minute)
	}
	require.LessOrEqual(t, c.end("A").SAs()[0].ID, 2)
	require.LessOrEqual(t, c.end("B").SAs()[0].ID, 2)
}

// A retransmission is no fault of anybody's (RFC 7296 2.1).
func TestRetransmissionsAreNotDrops(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.pass(1)
	c.drop(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }"))
	c.advanceToDeadline("A")
	c.pass(4)
	c.settle()
	c.requireUp()
	require.Zero(t, c.end("A").Stats().Dropped)
	require.Zero(t, c.end("B").Stats().Dropped)
}

// When both ends initiate, both SAs stay usable until one of them is deleted, by
// a Delete: "If an IKE endpoint chooses to delete Child SAs, it MUST send Delete
// payloads to the other end notifying it of the deletion." (RFC 7296 2.4)
func TestNothingGoesInSilence(t *testing.T) {
	for seed := range uint64(8) {
		for lost := range 16 {
			c := talkOf(t, seed)
			all := c.record()
			pass := c.tamper
			c.tamper = func(from int, d Datagram) []Datagram {
				if n := len(*all); pass(from, d) == nil || n == lost {
					return nil
				}
				return []Datagram{d}
			}
			c.acquire(0)
			c.acquire(1)
			c.run(5 * time.Minute)
			deleted := map[uint64]bool{}
			for _, m := range *all {
				if del, ok := wire.Get[*wire.Delete](m); ok && del.Protocol == wire.ProtoIKE {
					deleted[m.SPIi] = true
				}
			}
			for i, p := range c.peers {
				require.NotEmpty(t, p.pairs)
				for _, down := range events[SADown](p) {
					require.True(t, deleted[down.SA.SPIi], "seed %d, %d lost: %s drops an IKE SA without a word", seed, lost, endNames[i])
				}
			}
		}
	}
}

// sealedResponse are the octets of an authentic response of an end.
func sealedResponse(p *end, exchange wire.ExchangeType, id uint32, payloads ...wire.Payload) []byte {
	inside := (&wire.Message{Payloads: payloads}).Append(nil)[wire.HeaderLen:]
	return sealedBy(p, exchange, wire.FlagResponse, id, payloads[0].Type(), inside)
}
