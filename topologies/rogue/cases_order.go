package rogue

import (
	"time"

	"ikelab/ikev2/wire"
)

// Families C, D and E: values, proofs, and messages at the wrong time.

func values() []Case {
	return []Case{
		{Name: "a public value that is none", RFC: badPublic, Want: []string{"IKE_SA_INIT response { N(INVALID_SYNTAX) }"}, Do: func(t *Talk) {
			n := t.Suite.Group.PublicLen()
			for _, ke := range []*wire.KE{t.Suite.point(0, n), t.Suite.point(0xff, n), t.Suite.point(1, n), t.Suite.point(0, 0), t.Suite.point(0, n-1), t.Suite.point(0, n+1), t.Suite.point(4, 1300)} {
				sa := t.newSA()
				m := sa.initRequest()
				m.Payloads[1] = ke
				t.send(sa, m)
				t.Pass(Round)
			}
		}},
		{Name: "a group that was not offered", Want: []string{"IKE_SA_INIT response { N(INVALID_KE_PAYLOAD) }"},
			RFC: "the responder … MUST reject the request and indicate its preferred Diffie-Hellman group in the INVALID_KE_PAYLOAD Notify payload (RFC 7296 1.3)",
			Do: func(t *Talk) {
				for _, group := range []uint16{0, 2, 1025, 65535} {
					sa := t.newSA()
					m := sa.initRequest()
					m.Payloads[1] = &wire.KE{Group: group, Data: make([]byte, 128)}
					t.send(sa, m)
					t.Pass(Round)
				}
			}},
		{Name: "a proof that is none", As: HalfOpen, Want: []string{"IKE_AUTH response { N(AUTHENTICATION_FAILED) }", initAnswer}, Ends: true,
			RFC: "If the IKE_AUTH request … cannot be authenticated … the response is AUTHENTICATION_FAILED (after RFC 7296 2.21.2)",
			Do: func(t *Talk) {
				t.prove(t.SA, &wire.Auth{Method: wire.AuthSharedKey})
				for _, a := range []*wire.Auth{
					{Method: wire.AuthSharedKey, Data: make([]byte, 32)}, {Method: wire.AuthSharedKey, Data: make([]byte, 1000)},
					{Method: wire.AuthNull}, {Method: wire.AuthDigital, Data: []byte{0}}, {Method: wire.AuthRSASignature, Data: make([]byte, 256)}, {Method: 0},
				} {
					sa := t.newSA()
					t.establish(sa, false)
					t.prove(sa, a)
				}
			}},
		{Name: "no proof at all", As: HalfOpen, Want: []string{"IKE_AUTH response { N(AUTHENTICATION_FAILED) }"}, Ends: true,
			RFC: "An initiator indicates a desire to use EAP by leaving out the AUTH payload (RFC 7296 2.16), which is not configured",
			Do: func(t *Talk) {
				m := t.SA.authRequest()
				m.Payloads = append(m.Payloads[:1:1], m.Payloads[2:]...)
				t.ask(m)
			}},
	}
}

// prove sends IKE_AUTH with another AUTH payload.
func (t *Talk) prove(sa *SA, a *wire.Auth) {
	m := sa.authRequest()
	m.Payloads[1] = a
	t.send(sa, m)
	t.Pass(Round)
}

const (
	unknownSPI = "If a node receives … a message … with an SPI that it does not know … it MAY send INVALID_IKE_SPI; silence is allowed (after RFC 7296 2.21.4)"
	early      = "until the peer is authenticated nothing but IKE_AUTH fits (after RFC 7296 1.2, 2.21.2)"
	window     = "it MUST NOT … process a request outside its window: INVALID_MESSAGE_ID is optional and must not be sent in a response (after RFC 7296 2.3)"
	again      = "the responder MUST … retransmit its response when it receives a retransmission of the request (after RFC 7296 2.1)"
)

func order() []Case {
	return []Case{
		{Name: "messages of an SA that there is not", RFC: unknownSPI, Do: func(t *Talk) {
			for _, x := range []wire.ExchangeType{wire.IKE_AUTH, wire.CREATE_CHILD_SA, wire.INFORMATIONAL, 43, 0, 255} {
				for _, response := range []bool{false, true} {
					h := t.SA.header(x, 1, response)
					h.SPIr = 77
					t.send(t.SA, &wire.Message{Header: h, Payloads: []wire.Payload{&wire.Encrypted{Body: t.octets(64)}}})
				}
			}
		}},
		{Name: "INFORMATIONAL before IKE_AUTH", As: HalfOpen, RFC: early, Want: []string{upAnswer},
			Do: func(t *Talk) { t.early(wire.INFORMATIONAL, &wire.Delete{Protocol: wire.ProtoIKE}) }},
		{Name: "CREATE_CHILD_SA before IKE_AUTH", As: HalfOpen, RFC: early, Want: []string{upAnswer},
			Do: func(t *Talk) { t.early(wire.CREATE_CHILD_SA, t.SA.childPayloads()...) }},
		{Name: "rekey of the IKE SA before IKE_AUTH", As: HalfOpen, RFC: early, Want: []string{upAnswer},
			Do: func(t *Talk) {
				t.early(wire.CREATE_CHILD_SA, t.Suite.ikeOffer(t.octets(8)), t.SA.public(), &wire.Nonce{Data: t.octets(32)})
			}},
		{Name: "IKE_AUTH again", As: Member, RFC: "an SA is authenticated once (after RFC 7296 1.2)", Want: []string{badAuth},
			Do: func(t *Talk) { t.ask(t.SA.authRequest()) }},
		{Name: "IKE_SA_INIT again with the same SPI", As: HalfOpen, RFC: "a robust responder will do the IKE SA lookup using the whole packet, its hash, or the Ni payload (RFC 7296 2.1)", Ends: true,
			Want: []string{"IKE_SA_INIT response { SA KE Nonce }"},
			Do: func(t *Talk) {
				h := t.SA.header(wire.IKE_SA_INIT, 0, false)
				h.SPIr = 0
				m := t.newSA().initRequest()
				m.Header = h
				t.sendOctets(m.Append(nil))
			}},
		{Name: "IKE_SA_INIT under the SPIs of an SA", As: Member, RFC: "IKE_SA_INIT has message id 0 and no responder's SPI (after RFC 7296 3.1)", Do: func(t *Talk) {
			h := t.SA.header(wire.IKE_SA_INIT, 7, false)
			t.sendOctets((&wire.Message{Header: h, Payloads: t.newSA().initRequest().Payloads}).Append(nil))
		}},
		{Name: "a request that is repeated", As: Member, RFC: again, Want: []string{"INFORMATIONAL response { }"}, Do: func(t *Talk) {
			data := t.ask(t.SA.inform())
			for range 20 {
				t.sendOctets(data)
			}
		}},
		{Name: "requests outside the window", As: Member, RFC: window, Do: func(t *Talk) {
			for _, id := range []uint32{t.SA.next + 5, t.SA.next + 1000, 1 << 31, 1<<32 - 1} {
				t.send(t.SA, &wire.Message{Header: t.SA.header(wire.INFORMATIONAL, id, false)})
			}
		}},
		{Name: "requests backwards within the window", As: Member, RFC: "a window of 5 was announced (RFC 7296 2.3)", Want: []string{"INFORMATIONAL response { }"}, Do: func(t *Talk) {
			for id := t.SA.next + 4; id >= t.SA.next; id-- {
				t.send(t.SA, &wire.Message{Header: t.SA.header(wire.INFORMATIONAL, id, false)})
			}
			t.SA.next += 5
		}},
		{Name: "a replayed request of long ago", As: Member, RFC: window, Want: []string{"INFORMATIONAL response { }"}, Do: func(t *Talk) {
			old := t.ask(t.SA.inform())
			for range 10 {
				t.ask(t.SA.inform())
			}
			t.sendOctets(old)
		}},
	}
}

// additional are exchanges of additional key exchanges that nothing asks for.
func additional() []Case {
	return []Case{
		{Name: "IKE_INTERMEDIATE that nothing asks for", As: HalfOpen, RFC: early, Want: []string{upAnswer},
			Do: func(t *Talk) { t.early(wire.IKE_INTERMEDIATE, t.SA.public()) }},
		{Name: "IKE_INTERMEDIATE after IKE_AUTH", As: Member, RFC: "IKE_INTERMEDIATE takes place before IKE_AUTH (after RFC 9242 3.2)", Want: []string{"IKE_INTERMEDIATE response { N(INVALID_SYNTAX) }"},
			Do: func(t *Talk) {
				t.ask(&wire.Message{Header: t.SA.nextHeader(wire.IKE_INTERMEDIATE), Payloads: []wire.Payload{t.SA.public()}})
			}},
		{Name: "IKE_FOLLOWUP_KE that goes on with nothing", As: Member, RFC: "a request whose state is not there is answered STATE_NOT_FOUND (after RFC 9370 2.2.4)", Want: []string{"IKE_FOLLOWUP_KE response { N(STATE_NOT_FOUND) }"},
			Do: func(t *Talk) {
				for _, link := range []wire.Payload{nil, &wire.Notify{Kind: wire.ADDITIONAL_KEY_EXCHANGE}, &wire.Notify{Kind: wire.ADDITIONAL_KEY_EXCHANGE, Data: t.octets(8)}} {
					m := &wire.Message{Header: t.SA.nextHeader(wire.IKE_FOLLOWUP_KE), Payloads: []wire.Payload{t.SA.public()}}
					if link != nil {
						m = with(m, link)
					}
					t.ask(m)
				}
			}},
	}
}

func strays() []Case {
	return []Case{
		{Name: "responses to no request", As: Member, RFC: silence, Do: func(t *Talk) {
			for id := range uint32(4) {
				for _, x := range []wire.ExchangeType{wire.IKE_SA_INIT, wire.IKE_AUTH, wire.CREATE_CHILD_SA, wire.INFORMATIONAL} {
					t.send(t.SA, &wire.Message{Header: t.SA.header(x, id, true), Payloads: []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}}})
				}
			}
		}},
		{Name: "notifies in clear under the SPIs of an SA", As: Member,
			RFC: "an unprotected message … MUST NOT change the state of an existing IKE SA (after RFC 7296 2.21.4)",
			Do:  func(t *Talk) { t.inClear(t.SA.header) }},
		{Name: "its own messages sent back", As: Member, RFC: "the I bit says who sent a message (after RFC 7296 3.1)", Do: func(t *Talk) {
			data := t.SA.seal(t.SA.inform())
			data[19] ^= byte(wire.FlagInitiator)
			t.sendOctets(data)
			data[19] ^= byte(wire.FlagResponse)
			t.sendOctets(data)
		}},
		{Name: "half an SA and no more", As: HalfOpen, RFC: "half-open SAs are dropped after a while (after RFC 7296 2.6)", Ends: true, Do: func(t *Talk) { t.Pass(time.Minute) }},
	}
}

// early asks under keys that nobody has authenticated, and then completes
// IKE_AUTH, which nothing has spoiled.
func (t *Talk) early(x wire.ExchangeType, p ...wire.Payload) {
	for _, id := range []uint32{1, 2, 0} {
		t.send(t.SA, &wire.Message{Header: t.SA.header(x, id, false), Payloads: p})
		t.Pass(Round)
	}
	t.ask(t.SA.authRequest())
}
