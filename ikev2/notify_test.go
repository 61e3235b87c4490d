package ikev2

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// What notifies and flags say, and what they do not: RFC 7296, sections 2.21.2, 3.1 and
// 3.10.

// without are the payloads of a message but those of a type.
func without(m *wire.Message, types ...wire.PayloadType) []wire.Payload {
	var list []wire.Payload
	for _, p := range m.Payloads {
		keep := true
		for _, t := range types {
			keep = keep && p.Type() != t
		}
		if keep {
			list = append(list, p)
		}
	}
	return list
}

// "If authentication has succeeded in the IKE_AUTH exchange, the IKE SA is established;
// however, establishing the Child SA or requesting configuration information may still
// fail. This failure does not automatically cause the IKE SA to be deleted. Specifically,
// a responder may include all the payloads associated with authentication (IDr, CERT, and
// AUTH) while sending error notifications for the piggybacked exchanges
// (FAILED_CP_REQUIRED, NO_PROPOSAL_CHOSEN, and so on), and the initiator MUST NOT fail the
// authentication because of this." (RFC 7296 2.21.2)
func TestErrorsBesideAUTH(t *testing.T) {
	for kind, up := range map[wire.NotifyType]bool{
		wire.NO_PROPOSAL_CHOSEN: true, wire.TS_UNACCEPTABLE: true, wire.SINGLE_PAIR_REQUIRED: true, wire.NO_ADDITIONAL_SAS: true,
		wire.INTERNAL_ADDRESS_FAILURE: true, wire.FAILED_CP_REQUIRED: true,
		// "An implementation receiving a Notify payload with one of these types that it does
		// not recognize in a response MUST assume that the corresponding request has failed
		// entirely." (3.10.1)
		8191: false, wire.INVALID_SYNTAX: false,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			c := newTalk(t)
			c.acquire(0)
			c.pass(3)
			good := c.hold(c.wantSend("B", authResponse))
			list := without(c.end("B").message(good.Datagram), wire.TypeSA, wire.TypeTSi, wire.TypeTSr)
			c.look()
			c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, append(list, &wire.Notify{Kind: kind})...))
			require.Equal(t, up, len(events[SAUp](c.end("A"))) == 1)
			require.Empty(t, c.end("A").pairs)
			if up { // an IKE SA without a pair is of no use to a tunnel
				c.wantSend("A", "INFORMATIONAL request 2 { D(IKE) }")
			}
		})
	}
}

// "Unrecognized error types in a request and status types in a request or response MUST be
// ignored, and they should be logged." (RFC 7296 3.10.1) "If the SPI field is empty, this
// field MUST be sent as zero and MUST be ignored on receipt." (3.10)
func TestNotifiesThatNobodyKnows(t *testing.T) {
	odd := []wire.Payload{
		&wire.Notify{Kind: 8191}, &wire.Notify{Kind: 40000}, &wire.Notify{Kind: 65535, Protocol: wire.ProtoIKE, Data: []byte("x")},
		&wire.Notify{Kind: 40001, Protocol: 200}, &wire.Notify{Kind: 40002, Protocol: wire.ProtoESP, SPI: []byte{1, 2, 3, 4}},
		&wire.Notify{Kind: wire.USE_TRANSPORT_MODE, Protocol: 200},
	}
	t.Run("in a request", func(t *testing.T) {
		c := upTalk(t)
		c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, append(odd, offerFor(c, espMenus(&testConfig(0).Children[0], true))...)...))
		c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }")
	})
	t.Run("in the first request", func(t *testing.T) {
		c := newTalk(t)
		_, m := firstRequest(t, c)
		c.forge("B", plain(m.Header, append(odd, m.Payloads...)...))
		c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	})
	t.Run("in a response", func(t *testing.T) {
		c := upTalk(t)
		c.rekeyChild(0)
		c.pass(1)
		good := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce ... }"))
		c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, append(odd[1:], c.end("B").message(good.Datagram).Payloads...)...))
		c.pass(2)
		c.settle()
		c.requireUp()
	})
	t.Run("an error in a response", func(t *testing.T) {
		c := upTalk(t)
		before := c.pair(0)
		c.rekeyChild(0)
		c.pass(1)
		good := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce ... }"))
		c.look()
		c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, append(c.end("B").message(good.Datagram).Payloads, odd[0])...))
		c.wantEvent("A", "pair down: invalid")
		c.wantIdle("the request has failed entirely")
		require.Len(t, c.end("A").pairs, 1)
		require.Equal(t, before.In.SPI, c.pair(0).In.SPI)
	})
}

// "'X' bits MUST be cleared when sending and MUST be ignored on receipt." and of the
// Version bit: "Implementations of IKEv2 MUST clear this bit when sending and MUST ignore it
// in incoming messages." (RFC 7296 3.1)
func TestBitsThatSayNothing(t *testing.T) {
	const odd = wire.Flags(0xc7) | wire.FlagVersion
	c := newTalk(t)
	_, m := firstRequest(t, c)
	h := m.Header
	h.Flags |= odd
	c.forge("B", plain(h, m.Payloads...))
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))

	c = upTalk(t)
	a := c.end("A").sorted()[0]
	h = a.header(wire.INFORMATIONAL, 2, false)
	h.Flags |= odd
	h.Version = 0x2f
	sealer, _ := a.keys.Cipher(true, nil)
	c.forge("B", (&wire.Message{Header: h}).AppendSealed(nil, sealer, func(iv []byte) { c.end("A").fillIV(a, iv) }))
	c.wantSend("B", "INFORMATIONAL response 2 { }")
}

// "An IKE endpoint MUST NOT generate a response to a message that is marked as being a
// response (with one exception; see Section 2.21.2)." (RFC 7296 3.1)
func TestResponsesAreNeverAnswered(t *testing.T) {
	c := upTalk(t)
	for _, exchange := range []wire.ExchangeType{wire.IKE_SA_INIT, wire.IKE_AUTH, wire.CREATE_CHILD_SA, wire.INFORMATIONAL, 77} {
		for id := range uint32(6) {
			for _, inside := range []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}, strange, ikeNotify(wire.AUTHENTICATION_FAILED, nil), &wire.Nonce{Data: make([]byte, 20)}} {
				c.forge("A", sealedResponse(c.end("B"), exchange, id, inside))
				c.forge("B", sealedResponse(c.end("A"), exchange, id, inside))
			}
		}
	}
	c.wantIdle("nobody has asked")
	c.requireUp()
}

// "This bit MUST be set in messages sent by the original initiator of the IKE SA and MUST
// be cleared in messages sent by the original responder. It is used by the recipient to
// determine which eight octets of the SPI were generated by the recipient. This bit changes
// to reflect who initiated the last rekey of the IKE SA." (RFC 7296 3.1)
func TestWhoseSPIItIs(t *testing.T) {
	c := upTalk(t)
	a := c.end("A").sorted()[0]
	sealer, _ := a.keys.Cipher(true, nil)
	for name, change := range map[string]func(*wire.Header){
		"the other role": func(h *wire.Header) { h.Flags ^= wire.FlagInitiator },
		"SPIs exchanged": func(h *wire.Header) { h.SPIi, h.SPIr = h.SPIr, h.SPIi },
		"another SPI":    func(h *wire.Header) { h.SPIi++ },
		"no SPI":         func(h *wire.Header) { h.SPIi = 0 },
	} {
		h := a.header(wire.INFORMATIONAL, 2, false)
		change(&h)
		m := &wire.Message{Header: h, Payloads: []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}}}
		c.forge("B", m.AppendSealed(nil, sealer, func(iv []byte) { c.end("A").fillIV(a, iv) }))
		c.wantIdle(name)
	}
	c.requireUp()
	c.rekeyIKE(1)
	c.pass(4)
	c.settle()
	c.rekeyChild(1)
	require.True(t, c.wantSend("B", "CREATE_CHILD_SA request 0 { N(REKEY_SA) ... }").header(t).FromInitiator())
	require.False(t, c.wantSend("A", "CREATE_CHILD_SA response 0 { SA ... }").header(t).FromInitiator())
}
