package ikev2

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Versions, cookies, choices and errors: RFC 7296, sections 2.5 to 2.7, 2.9 and
// 2.21 to 2.23.

// firstRequest is A's IKE_SA_INIT request, which does not arrive.
func firstRequest(t *testing.T, c *talk) (*letter, *wire.Message) {
	c.acquire(0)
	l := c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { ... }"))
	m, err := wire.Parse(l.Data)
	require.NoError(t, err)
	return l, m
}

var strange = &wire.Unknown{Kind: 200, Critical: true, Data: []byte{1}}

// "If the critical flag is set and the payload type is unrecognized, the message
// MUST be rejected and the response to the IKE request containing that payload
// MUST include a Notify payload UNSUPPORTED_CRITICAL_PAYLOAD, indicating an
// unsupported critical payload was included. In that Notify payload, the
// notification data contains the one-octet payload type." (RFC 7296 2.5)
func TestUnknownCriticalPayload(t *testing.T) {
	c := upTalk(t)
	c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 2, strange, &wire.Delete{Protocol: wire.ProtoIKE}))
	c.wantSend("B", "INFORMATIONAL response 2 { N(UNSUPPORTED_CRITICAL_PAYLOAD) }")
	c.wantIdle("the message is rejected whole, the SA stays")
	c.requireUp()
}

func TestUnknownCriticalPayloadInInit(t *testing.T) {
	c := newTalk(t)
	_, m := firstRequest(t, c)
	c.forge("B", plain(m.Header, append(m.Payloads, strange)...))
	l := c.wantSend("B", "IKE_SA_INIT response 0 { N(UNSUPPORTED_CRITICAL_PAYLOAD) }")
	answer, err := wire.Parse(l.Data)
	require.NoError(t, err)
	require.Equal(t, []byte{200}, answer.Notify(wire.UNSUPPORTED_CRITICAL_PAYLOAD).Data)
	c.drop(l)
	require.Empty(t, c.end("B").SAs())
}

// "If the critical flag is not set and the payload type is unsupported, that
// payload MUST be ignored." (RFC 7296 2.5)
func TestUnknownPayload(t *testing.T) {
	c := newTalk(t)
	_, m := firstRequest(t, c)
	c.forge("B", plain(m.Header, append(m.Payloads, &wire.Unknown{Kind: 200, Data: []byte{1}})...))
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
}

// "Although new payload types may be added in the future and may appear
// interleaved with the fields defined in this specification, implementations
// SHOULD send the payloads defined in this specification in the order shown in
// the figures in Sections 1 and 2; implementations MUST NOT reject as invalid a
// message with those payloads in any other order." (RFC 7296 2.5)
func TestPayloadsInAnyOrder(t *testing.T) {
	c := newTalk(t)
	_, m := firstRequest(t, c)
	slices.Reverse(m.Payloads)
	c.forge("B", plain(m.Header, m.Payloads...))
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
}

// "The minor version number indicates new capabilities, and MUST be ignored by a
// node with a smaller minor version number" (RFC 7296 2.5)
func TestMinorVersion(t *testing.T) {
	c := newTalk(t)
	l, _ := firstRequest(t, c)
	data := slices.Clone(l.Data)
	data[17] = 0x2f
	c.forge("B", data)
	c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
}

// "If an endpoint receives a message with a higher major version number, it MUST
// drop the message and SHOULD send an unauthenticated Notify message of type
// INVALID_MAJOR_VERSION containing the highest (closest) version number it
// supports." (RFC 7296 2.5)
func TestMajorVersion(t *testing.T) {
	c := newTalk(t)
	l, _ := firstRequest(t, c)
	data := slices.Clone(l.Data)
	data[17] = 0x30
	c.forge("B", data)
	answer := c.wantSend("B", "IKE_SA_INIT response 0 { N(INVALID_MAJOR_VERSION) }")
	require.EqualValues(t, 0x20, answer.Data[17])
	c.drop(answer)
	require.Empty(t, c.end("B").SAs())
}

// "If the IKE_SA_INIT response includes the COOKIE notification, the initiator
// MUST then retry the IKE_SA_INIT request, and include the COOKIE notification
// containing the received data as the first payload, and all other payloads
// unchanged." (RFC 7296 2.6)
func TestCookieFromThePeer(t *testing.T) {
	c := newTalk(t)
	first, m := firstRequest(t, c)
	h := m.Header
	h.Flags = wire.FlagResponse
	c.forge("A", plain(h, &wire.Notify{Kind: wire.COOKIE, Data: []byte("crumbs")}))
	second := c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }")
	again, err := wire.Parse(second.Data)
	require.NoError(t, err)
	require.Equal(t, []byte("crumbs"), again.Notify(wire.COOKIE).Data)
	require.Equal(t, m.Payloads, again.Payloads[1:])
	require.Equal(t, first.header(t).SPIi, second.header(t).SPIi)
	c.pass(3)
	c.settle()
	c.requireUp()
}

// "The initiator should limit the number of cookie exchanges it tries before
// giving up, possibly using exponential back-off." (RFC 7296 2.6)
func TestAnotherCookieEveryTime(t *testing.T) {
	c := newTalk(t)
	_, m := firstRequest(t, c)
	h := m.Header
	h.Flags = wire.FlagResponse
	for i := range maxCookies {
		c.forge("A", plain(h, &wire.Notify{Kind: wire.COOKIE, Data: []byte{byte(i)}}))
		c.wantSend("A", "IKE_SA_INIT request 0 { N(COOKIE) SA KE Nonce ... }")
	}
	c.forge("A", plain(h, &wire.Notify{Kind: wire.COOKIE, Data: []byte{maxCookies}}))
	require.Empty(t, c.sent, "it waits until it would ask again")
}

// TestOwnRequestSentBack: with one key for both directions whoever sends our
// messages back would have us prove ourselves to ourselves.
func TestOwnRequestSentBack(t *testing.T) {
	c := newTalk(t)
	first, _ := firstRequest(t, c)
	c.forge("A", first.Data)
	require.Empty(t, c.sent)
	c.wantEvent("A", "refused: "+ErrSelfDatagram.Error())
}

// "Two expected attacks against IKE are state and CPU exhaustion, where the
// target is flooded with session initiation requests from forged IP addresses."
// (RFC 7296 2.6)
func TestFloodOfRequests(t *testing.T) {
	c := newTalk(t)
	b := c.end("B")
	flood := func(from int) {
		stranger := newLab(t, uint64(from+100), quick)
		stranger.tamper = func(_ int, d Datagram) []Datagram {
			addr := netip.AddrFrom4([4]byte{172, 16, byte(from >> 8), byte(from)})
			b.apply(b.Receive(c.now, Datagram{Local: d.Remote, Remote: netip.AddrPortFrom(addr, ikePort), Data: d.Data}))
			return nil
		}
		stranger.acquire(0)
		stranger.run(10 * time.Millisecond)
	}
	for i := range 300 {
		flood(i)
		c.lab.run(20 * time.Millisecond)
	}
	c.sent = nil // answers to nowhere
	c.tamper = nil
	c.acquire(0)
	c.run(time.Second)
	require.Len(t, c.end("A").pairs, 1, "an honest peer gets in")
}

// "The responder MUST accept a single proposal or reject them all and return an
// error. The error is given in a notification of type NO_PROPOSAL_CHOSEN."
// (RFC 7296 2.7)
func TestNoProposalChosen(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, func(p *testPolicy) { p.Proposals[0].Encr = p.Proposals[0].Encr[:1] }))
	c.end("B").configure(testConfig(1, quick, func(p *testPolicy) { p.Proposals[0].Encr = p.Proposals[0].Encr[1:] }))
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 { SA KE Nonce ... }")
	c.wantSend("B", "IKE_SA_INIT response 0 { N(NO_PROPOSAL_CHOSEN) }")
	require.Empty(t, c.end("B").SAs())
	require.Empty(t, c.end("B").pairs)
}

// "IKEv2 allows the responder to choose a subset of the traffic proposed by the
// initiator." (RFC 7296 2.9)
func TestNarrowing(t *testing.T) {
	c := newTalk(t)
	half := spd.Selector{EndPort: 65535, Start: netip.MustParseAddr("192.168.2.0"), End: netip.MustParseAddr("192.168.2.255")}
	c.end("B").configure(testConfig(1, quick, func(p *testPolicy) { p.Children[0].Selectors[0] = []spd.Selector{half} }))
	c.establish()
	require.Equal(t, []spd.Selector{half}, c.pair(1).Local)
	require.Equal(t, []spd.Selector{half}, c.pair(0).Remote)
	require.Equal(t, c.pair(1).Remote, c.pair(0).Local)
}

// "Because all error notifications are completely unauthenticated, the recipient
// should continue trying for some time before giving up. The recipient should
// not immediately act based on the error notification unless corrective actions
// are defined in this specification" (RFC 7296 2.21.1)
func TestForgedRefusalOfInit(t *testing.T) {
	for _, kind := range []wire.NotifyType{wire.NO_PROPOSAL_CHOSEN, wire.AUTHENTICATION_FAILED, wire.INVALID_SYNTAX, wire.TS_UNACCEPTABLE} {
		c := newTalk(t)
		first, m := firstRequest(t, c)
		h := m.Header
		h.Flags = wire.FlagResponse
		c.forge("A", plain(h, &wire.Notify{Kind: kind}))
		c.wantIdle("a hint is no verdict")
		c.deliver(first)
		c.pass(3)
		c.settle()
		c.requireUp()
	}
}

// "If the error occurred on the responder, the notification is returned in the
// protected response, and is usually the only payload in that response."
// (RFC 7296 2.21.2)
func TestWrongKeyAtTheResponder(t *testing.T) {
	c := newTalk(t)
	c.end("B").configure(testConfig(1, quick, func(p *testPolicy) { p.Keyrings[0].Peers[0].Remote = []byte("other") }))
	c.acquire(0)
	c.pass(2)
	c.wantSend("A", "IKE_AUTH request 1 { ... AUTH ... }")
	c.wantSend("B", "IKE_AUTH response 1 { N(AUTHENTICATION_FAILED) }")
	c.settle()
	c.wantEvent("A", "tunnel down: auth failed")
	c.wantIdle("neither end tries again by itself")
	c.requireEmpty()
}

// "If the error occurs on the initiator, the notification MAY be returned in a
// separate INFORMATIONAL exchange, usually with no other payloads. This is an
// exception for the general rule of not starting new exchanges based on errors
// in responses." (RFC 7296 2.21.2)
func TestWrongKeyAtTheInitiator(t *testing.T) {
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, func(p *testPolicy) { p.Keyrings[0].Peers[0].Remote = []byte("other") }))
	c.acquire(0)
	c.pass(3)
	c.wantSend("B", "IKE_AUTH response 1 { ... AUTH SA ... }")
	c.wantSend("A", "INFORMATIONAL request 2 { N(AUTHENTICATION_FAILED) }")
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	c.wantEvent("B", "IKE SA down: auth failed")
	c.settle()
	c.requireEmpty()
}

// "After the IKE SA is authenticated, all requests having errors MUST result in
// a response notifying the other end of the error." (RFC 7296 2.21.3)
func TestErrorsInRequests(t *testing.T) {
	nonce, spi := &wire.Nonce{Data: make([]byte, 20)}, []byte{1, 2, 3, 4}
	any4 := testConfig(0).Children[0].Selectors[0]
	esp := &wire.SA{Proposals: propose.Offer(espMenus(&testConfig(0).Children[0], true), spi)}
	for name, row := range map[string]struct {
		payloads []wire.Payload
		notify   string
	}{
		"no nonce":           {[]wire.Payload{esp, toWire(true, any4), toWire(false, any4)}, "INVALID_SYNTAX"},
		"no SA":              {[]wire.Payload{nonce, toWire(true, any4), toWire(false, any4)}, "INVALID_SYNTAX"},
		"no selectors":       {[]wire.Payload{esp, nonce}, "INVALID_SYNTAX"},
		"rekey of no pair":   {[]wire.Payload{&wire.Notify{Protocol: wire.ProtoESP, SPI: spi, Kind: wire.REKEY_SA}, esp, nonce, toWire(true, any4), toWire(false, any4)}, "CHILD_SA_NOT_FOUND"},
		"an IKE SA, no KE":   {[]wire.Payload{&wire.SA{Proposals: propose.Offer(ikeMenus([]*Proposal{testConfig(0, quick).Proposals[0]}), make([]byte, 8))}, nonce}, "INVALID_SYNTAX"},
		"two payloads of SA": {[]wire.Payload{esp, esp, nonce, toWire(true, any4), toWire(false, any4)}, "INVALID_SYNTAX"},
	} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t)
			c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, row.payloads...))
			l := c.wantSend("B", "CREATE_CHILD_SA response 2 { N("+row.notify+") }")
			if n := c.end("B").message(l.Datagram).Notify(wire.CHILD_SA_NOT_FOUND); n != nil {
				// "For notifications concerning Child SAs, this field MUST contain either (2) to
				// indicate AH or (3) to indicate ESP." (3.10)
				require.Equal(t, wire.ProtoESP, n.Protocol)
				require.Equal(t, spi, n.SPI)
			}
			c.wantIdle("the SA stays")
			c.requireUp()
		})
	}
}

func TestUnknownExchange(t *testing.T) {
	c := upTalk(t)
	c.forge("B", sealed(c.end("A"), wire.ExchangeType(77), 2))
	c.next()
	c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 3))
	c.wantSend("B", "INFORMATIONAL response 3 { }")
}

// "If the message is marked as a response, the node can audit the suspicious
// event but MUST NOT respond." (RFC 7296 2.21.4)
func TestResponseOfNoSA(t *testing.T) {
	c := upTalk(t)
	for exchange := range wire.ExchangeType(50) {
		h := wire.Header{SPIi: 7, SPIr: 9, Exchange: exchange, Flags: wire.FlagResponse, MessageID: 1}
		c.forge("B", plain(h))
		h.Flags |= wire.FlagInitiator
		c.forge("B", plain(h))
	}
	c.wantIdle("responses are never answered")
}

// "Both the IKE initiator and responder MUST include in their IKE_SA_INIT
// packets Notify payloads of type NAT_DETECTION_SOURCE_IP and
// NAT_DETECTION_DESTINATION_IP." (RFC 7296 2.23)
func TestNATDetection(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 { ... N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP) ... }")
	c.wantSend("B", "IKE_SA_INIT response 0 { ... N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP) ... }")
}

// "Negotiation of IP Compression is separate from the negotiation of
// cryptographic parameters associated with a Child SA.": a responder that does not do IPComp leaves IPCOMP_SUPPORTED out of its response, and the
// pair comes up without (RFC 7296 2.22).
func TestNoIPComp(t *testing.T) {
	c := upTalk(t)
	any4 := testConfig(0).Children[0].Selectors[0]
	in := c.pair(0).In.SPI
	c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2,
		&wire.Notify{Kind: wire.IPCOMP_SUPPORTED, Data: []byte{0, 1, 2}},
		&wire.Notify{Protocol: wire.ProtoESP, SPI: binary.BigEndian.AppendUint32(nil, uint32(in)), Kind: wire.REKEY_SA},
		&wire.SA{Proposals: propose.Offer(espMenus(&testConfig(0).Children[0], true), []byte{1, 2, 3, 4})},
		&wire.Nonce{Data: make([]byte, 20)}, toWire(true, any4), toWire(false, any4)))
	l := c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }")
	require.NotContains(t, l.text, "IPCOMP")
}
