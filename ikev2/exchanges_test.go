package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// The exchanges of RFC 7296, sections 1.2 to 1.5.

// "The first pair of messages (IKE_SA_INIT) negotiate cryptographic algorithms,
// exchange nonces, and do a Diffie-Hellman exchange [DH]. The second pair of messages
// (IKE_AUTH) authenticate the previous messages, exchange identities and
// certificates, and establish the first Child SA." (RFC 7296 1.2)
func TestInitialExchanges(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }")
	c.wantSend("A", "IKE_AUTH request 1 { ... IDi AUTH ... SA TSi TSr ... }")
	c.wantSend("B", "IKE_AUTH response 1 { ... IDr AUTH SA TSi TSr ... }")
	c.wantEvent("B", "IKE SA up")
	c.wantEvent("B", "pair up")
	c.settle()
	c.wantEvent("A", "IKE SA up")
	c.wantEvent("A", "pair up")
	c.wantIdle("two pairs of messages are all")
	c.requireUp()
}

// "If the initiator guesses wrong, the responder will respond with a Notify
// payload of type INVALID_KE_PAYLOAD indicating the selected group. In this
// case, the initiator MUST retry the IKE_SA_INIT with the corrected
// Diffie-Hellman group." (RFC 7296 1.2)
func TestGroupGuessedWrong(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, groups(14, 19)))
	c.acquire(0)
	first := c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	c.wantSend("B", "IKE_SA_INIT response 0 { N(INVALID_KE_PAYLOAD) }")
	second := c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	require.EqualValues(t, 14, keOf(t, first).Group)
	require.EqualValues(t, 19, keOf(t, second).Group)
	// "The initiator MUST again propose its full set of acceptable cryptographic
	// suites because the rejection message was unauthenticated and otherwise an
	// active attacker could trick the endpoints into negotiating a weaker suite
	// than a stronger one that they both prefer." (RFC 7296 1.2)
	require.Equal(t, offerOf(t, first), offerOf(t, second))
	c.pass(3)
	c.settle()
	c.requireUp()
}

// "If creating the Child SA during the IKE_AUTH exchange fails for some reason,
// the IKE SA is still created as usual." (RFC 7296 1.2)
func TestFirstChildRefused(t *testing.T) {
	c := newTalk(t)
	c.end("B").configure(testConfig(1, quick, onlyUDP))
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 { ... AUTH ... SA TSi TSr ... }")
	c.wantSend("B", "IKE_AUTH response 1 { ... IDr AUTH N(TS_UNACCEPTABLE) ... }")
	c.wantEvent("B", "IKE SA up")
	// It has no use for an IKE SA without a child, so it deletes it as usual.
	c.wantSend("A", "INFORMATIONAL request 2 { D(IKE) }")
	c.wantEvent("A", "IKE SA up")
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	c.wantEvent("A", "tunnel down: TS unacceptable")
	c.wantEvent("B", "IKE SA down: peer deleted")
}

// "A Child SA may be created by sending a CREATE_CHILD_SA request. The
// CREATE_CHILD_SA request for creating a new Child SA is:" HDR, SK {SA, Ni, [KEi],
// TSi, TSr} (RFC 7296 1.3.1)
func TestNewChild(t *testing.T) {
	c := upTalk(t)
	c.clearChild(0)
	c.pass(2)
	c.settle()
	c.acquire(0)
	c.wantSend("A", "CREATE_CHILD_SA request 3 { SA Nonce TSi TSr ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 3 { SA Nonce TSi TSr ... }")
	c.settle()
	c.requireUp()
}

// "A failed attempt to create a Child SA SHOULD NOT tear down the IKE SA:
// there is no reason to lose the work done to set up the IKE SA." (RFC 7296 1.3.1)
func TestNewChildRefused(t *testing.T) {
	c := upTalk(t)
	c.clearChild(0)
	c.pass(2)
	c.settle()
	c.end("B").configure(testConfig(1, quick, onlyUDP))
	c.acquire(0)
	c.wantSend("A", "CREATE_CHILD_SA request 3 { SA Nonce TSi TSr ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 3 { N(TS_UNACCEPTABLE) }")
	c.settle()
	require.Len(t, c.end("A").SAs(), 1)
	require.Len(t, c.end("B").SAs(), 1)
	c.look()
	c.wantIdle("the IKE SA stays")
}

// "The CREATE_CHILD_SA request for rekeying an IKE SA is:" HDR, SK {SA, Ni, KEi}
// (RFC 7296 1.3.2)
func TestRekeyIKE(t *testing.T) {
	c := upTalk(t)
	old := c.end("A").SAs()[0]
	c.rekeyIKE(0)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce KE ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce KE ... }")
	// "After the new equivalent IKE SA is created, the initiator deletes the old
	// IKE SA, and the Delete payload to delete itself MUST be the last request
	// sent over the old IKE SA." (RFC 7296 2.8)
	del := c.wantSend("A", "INFORMATIONAL request 3 { D(IKE) }")
	require.Equal(t, old.SPIi, del.header(t).SPIi)
	c.wantSend("B", "INFORMATIONAL response 3 { }")
	c.settle()
	c.requireUp()
	require.NotEqual(t, old.SPIi, c.end("A").SAs()[0].SPIi)
	// "The new IKE SA MUST reset its message counters to 0." (RFC 7296 2.18)
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 0 { N(REKEY_SA) ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 0 { SA ... }")
}

// "The REKEY_SA notification MUST be included in a CREATE_CHILD_SA exchange if
// the purpose of the exchange is to replace an existing ESP or AH SA."
// (RFC 7296 1.3.3)
func TestRekeyChild(t *testing.T) {
	c := upTalk(t)
	old := c.pair(0).In.SPI
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 2 { N(REKEY_SA) SA Nonce TSi TSr ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }")
	c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
	c.wantEvent("A", "pair up")
	c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
	c.wantEvent("B", "pair up")
	c.wantEvent("B", "pair down: rekeyed")
	c.settle()
	c.wantEvent("A", "pair down: rekeyed")
	c.requireUp()
	require.NotEqual(t, old, c.pair(0).In.SPI)
}

// "The recipient of an INFORMATIONAL exchange request MUST send some response;
// otherwise, the sender will assume the message was lost in the network and will
// retransmit it." (RFC 7296 1.4) The response may be empty.
func TestEveryInformationalIsAnswered(t *testing.T) {
	for name, inside := range map[string][]wire.Payload{
		"nothing":  nil,
		"a status": {&wire.Notify{Kind: wire.NotifyType(40000)}},
		"an error": {&wire.Notify{Kind: wire.INVALID_SYNTAX}},
		// "If no attributes were accepted, the responder MUST return either an empty CFG_ACK
		// payload or a response message without a CFG_ACK payload." (3.15.1)
		"a CFG_SET":          {&wire.CP{Kind: wire.CFGSet, Attributes: []wire.CPAttribute{{Type: wire.INTERNAL_IP4_DNS, Value: []byte{192, 0, 2, 1}}}}},
		"a vendor":           {&wire.VendorID{Data: []byte("somebody")}},
		"a Delete of nobody": {&wire.Delete{Protocol: wire.ProtoESP, SPIs: [][]byte{{1, 2, 3, 4}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t)
			c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 2, inside...))
			c.wantSend("B", "INFORMATIONAL response 2 { }")
			require.Len(t, c.end("B").SAs(), 1)
			require.Len(t, c.end("B").pairs, 1)
		})
	}
}

// "INFORMATIONAL exchanges MUST ONLY occur after the initial exchanges and are
// cryptographically protected with the negotiated keys." (RFC 7296 1.4)
func TestInformationalTooEarly(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(2)
	auth := c.hold(c.wantSend("A", "IKE_AUTH request 1 { ... }"))
	c.look()
	for _, id := range []uint32{0, 1, 2} {
		c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, id, &wire.Delete{Protocol: wire.ProtoIKE}))
		c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, id, &wire.Nonce{Data: make([]byte, 20)}))
	}
	c.wantIdle("before IKE_AUTH nothing else is answered")
	c.deliver(auth)
	c.wantSend("B", "IKE_AUTH response 1 { ... AUTH SA ... }")
	c.settle()
	c.requireUp()
}

// "To delete an SA, an INFORMATIONAL exchange with one or more Delete payloads
// is sent listing the SPIs (as they would be expected in the headers of inbound
// packets) of the SAs to be deleted. The recipient MUST close the designated
// SAs." (RFC 7296 1.4.1)
func TestDeleteChild(t *testing.T) {
	c := upTalk(t)
	c.clearChild(0)
	c.wantSend("A", "INFORMATIONAL request 2 { D(ESP SPI) }")
	// "Normally, the response in the INFORMATIONAL exchange will contain Delete
	// payloads for the paired SAs going in the other direction." (RFC 7296 1.4.1)
	c.wantSend("B", "INFORMATIONAL response 2 { D(ESP SPI) }")
	c.wantEvent("B", "pair down: peer deleted")
	c.settle()
	c.wantEvent("A", "pair down: cleared")
	require.Empty(t, c.end("A").pairs)
	require.Len(t, c.end("A").SAs(), 1)
}

// "Deleting an IKE SA implicitly closes any remaining Child SAs negotiated under
// it. The response to a request that deletes the IKE SA is an empty
// INFORMATIONAL response." (RFC 7296 1.4.1) IOS deletes them first all the same,
// without a wait between the two.
func TestDeleteIKE(t *testing.T) {
	c := upTalk(t)
	c.clearIKE(1)
	c.wantSend("B", "INFORMATIONAL request 0 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL request 1 { D(IKE) }")
	c.wantSend("A", "INFORMATIONAL response 0 { D(ESP SPI) }")
	c.wantSend("A", "INFORMATIONAL response 1 { }")
	c.wantEvent("A", "pair down: peer deleted")
	c.wantEvent("A", "IKE SA down: peer deleted")
	c.settle()
	c.requireEmpty()
}

// "This message is not part of an INFORMATIONAL exchange, and the receiving node
// MUST NOT respond to it because doing so could cause a message loop."
// (RFC 7296 1.5)
func TestMessagesOutsideOfAnSA(t *testing.T) {
	c := upTalk(t)
	h := wire.Header{SPIi: 1, SPIr: 2, Exchange: wire.INFORMATIONAL, Flags: wire.FlagResponse}
	c.forge("A", plain(h, ikeNotify(wire.INVALID_IKE_SPI, nil)))
	live := c.end("A").SAs()[0]
	h.SPIi, h.SPIr = live.SPIi, live.SPIr
	c.forge("A", plain(h, ikeNotify(wire.INVALID_IKE_SPI, nil)))
	c.wantIdle("an unprotected notify is neither answered nor believed")
	c.requireUp()
}

// groups are those of an end, the first in its KE payload.
func groups(list ...ipsec.Group) func(*testPolicy) {
	return func(c *testPolicy) { c.Proposals[0].Group = list }
}

// onlyUDP is an end that protects nothing but UDP.
func onlyUDP(c *testPolicy) {
	s := c.Children[0].Selectors[0][0]
	s.Proto = 17
	c.Children[0].Selectors[0] = []spd.Selector{s}
	c.Children[0].Selectors[1] = nil
}

// keOf and offerOf are payloads of a message in clear.
func keOf(t *testing.T, l *letter) *wire.KE {
	m, err := wire.Parse(l.Data)
	require.NoError(t, err)
	ke, ok := wire.Get[*wire.KE](m)
	require.True(t, ok)
	return ke
}

func offerOf(t *testing.T, l *letter) []wire.Proposal {
	m, err := wire.Parse(l.Data)
	require.NoError(t, err)
	sa, ok := wire.Get[*wire.SA](m)
	require.True(t, ok)
	return sa.Proposals
}

// sealed are the octets of an authentic request of an end.
func sealed(p *end, exchange wire.ExchangeType, id uint32, payloads ...wire.Payload) []byte {
	first := wire.NoNext
	if len(payloads) > 0 {
		first = payloads[0].Type()
	}
	return sealedBy(p, exchange, 0, id, first, (&wire.Message{Payloads: payloads}).Append(nil)[wire.HeaderLen:])
}
