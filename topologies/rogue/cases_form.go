package rogue

import (
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
)

// Families A and B: lengths, and payloads that do not fit.

func lengths() []Case {
	return []Case{
		{Name: "wrong lengths in IKE_SA_INIT", RFC: silence, Do: func(t *Talk) {
			t.lie(t.SA.initRequest(), func() (*SA, wire.Header) {
				sa := t.newSA()
				return sa, sa.nextHeader(wire.IKE_SA_INIT)
			})
		}},
		{Name: "wrong lengths in IKE_AUTH", As: HalfOpen, RFC: syntax, Want: []string{initAnswer, badAuth}, Ends: true, Do: lieInAuth},
		{Name: "wrong lengths in CREATE_CHILD_SA", As: Member, RFC: syntax, Want: []string{badChild},
			Do: func(t *Talk) { t.lie(t.SA.rekeyRequest(), t.next(wire.CREATE_CHILD_SA)) }},
		{Name: "wrong lengths in INFORMATIONAL", As: Member, RFC: syntax, Want: []string{badInform}, Do: func(t *Talk) {
			d := &wire.Delete{Protocol: wire.ProtoESP, SPIs: [][]byte{spiOctets(t.SA.Pair.In)}}
			t.lie(t.SA.inform(d, &wire.Notify{Kind: wire.SET_WINDOW_SIZE, Data: []byte{0, 0, 0, 5}}), t.next(wire.INFORMATIONAL))
		}},
		{Name: "wrong lengths around what is sealed", As: Member, RFC: silence, Do: lieAround},
		{Name: "padding longer than what it pads", As: Member, RFC: syntax, Want: []string{badInform}, Do: func(t *Talk) {
			t.sendOctets(t.SA.sealPadded(t.SA.nextHeader(wire.INFORMATIONAL), wire.NoNext, append(make([]byte, 15), 255)))
		}},
	}
}

// lieInAuth has a half-open SA for each lie: one that is malformed ends it.
func lieInAuth(t *Talk) {
	m := t.SA.authRequest()
	for _, chain := range lies(first(m), chainOf(m.Payloads...)) {
		sa := t.newSA()
		t.establish(sa, false)
		t.sendOctets(sa.sealInside(sa.nextHeader(wire.IKE_AUTH), first(m), chain))
		t.Pass(Round)
	}
}

// lieAround lies in the header's length and in that of the Encrypted payload.
func lieAround(t *Talk) {
	for _, f := range []field{{24, 4}, {wire.HeaderLen + 2, 2}} {
		for _, data := range f.lies(t.SA.seal(&wire.Message{Header: t.SA.header(wire.INFORMATIONAL, t.SA.next, false)})) {
			t.sendOctets(data)
			t.Pass(Round)
		}
	}
}

func payloads() []Case {
	return []Case{
		{Name: "an unknown critical payload in IKE_SA_INIT", RFC: critical, Want: []string{"IKE_SA_INIT response { N(UNSUPPORTED_CRITICAL_PAYLOAD) }"},
			Do: func(t *Talk) { t.send(t.SA, with(t.SA.initRequest(), strange(true))) }},
		{Name: "an unknown critical payload in IKE_AUTH", As: HalfOpen, RFC: critical, Want: []string{"IKE_AUTH response { N(UNSUPPORTED_CRITICAL_PAYLOAD) }"}, Ends: true,
			Do: func(t *Talk) { t.ask(with(t.SA.authRequest(), strange(true))) }},
		{Name: "an unknown critical payload in CREATE_CHILD_SA", As: Member, RFC: critical, Want: []string{"CREATE_CHILD_SA response { N(UNSUPPORTED_CRITICAL_PAYLOAD) }"},
			Do: func(t *Talk) { t.ask(with(t.SA.rekeyRequest(), strange(true))) }},
		{Name: "an unknown critical payload in INFORMATIONAL", As: Member, RFC: critical, Want: []string{"INFORMATIONAL response { N(UNSUPPORTED_CRITICAL_PAYLOAD) }"},
			Do: func(t *Talk) { t.ask(t.SA.inform(strange(true))) }},
		{Name: "an unknown payload", As: Member, Want: []string{"INFORMATIONAL response { }"},
			RFC: "If the critical flag is not set and the payload type is unsupported, that payload MUST be ignored. (RFC 7296 2.5)",
			Do:  func(t *Talk) { t.ask(t.SA.inform(strange(false))) }},
		{Name: "IKE_SA_INIT without its payloads", RFC: silence, Do: func(t *Talk) {
			for missing := range 3 {
				sa := t.newSA()
				m := sa.initRequest()
				m.Payloads = append(m.Payloads[:missing:missing], m.Payloads[missing+1:]...)
				t.send(sa, m)
				t.Pass(Round)
			}
		}},
		{Name: "IKE_AUTH without its payloads", As: HalfOpen, RFC: syntax, Want: []string{badAuth}, Ends: true,
			Do: func(t *Talk) { t.ask(&wire.Message{Header: t.SA.nextHeader(wire.IKE_AUTH)}) }},
		{Name: "CREATE_CHILD_SA without its payloads", As: Member, RFC: syntax, Want: []string{badChild},
			Do: func(t *Talk) { t.ask(&wire.Message{Header: t.SA.nextHeader(wire.CREATE_CHILD_SA)}) }},
		{Name: "an offer without a group", Want: []string{"IKE_SA_INIT response { N(NO_PROPOSAL_CHOSEN) }"},
			RFC: "all transforms of mandatory types are needed (after RFC 7296 3.3.3)",
			Do: func(t *Talk) {
				ike, _ := t.Suite.menus()
				ike[0].Group = nil
				m := t.SA.initRequest()
				m.Payloads[0] = &wire.SA{Proposals: propose.Offer(ike, nil)}
				t.send(t.SA, m)
			}},
		{Name: "an exchange that nobody knows", As: Member, RFC: syntax, Want: []string{"Unknown - 99 response { N(INVALID_SYNTAX) }"},
			Do: func(t *Talk) { t.ask(&wire.Message{Header: t.SA.nextHeader(99)}) }},
		{Name: "version 3.0", Want: []string{"IKE_SA_INIT response { N(INVALID_MAJOR_VERSION) }"},
			RFC: "it MUST drop the message and SHOULD send an unauthenticated Notify message of type INVALID_MAJOR_VERSION containing the highest (closest) version number it supports (RFC 7296 2.5)",
			Do: func(t *Talk) {
				m := t.SA.initRequest()
				m.Version = 0x30
				t.send(t.SA, m)
			}},
		{Name: "version 1.0", RFC: "IKEv1 is another protocol: silence (after RFC 7296 2.5)", Do: func(t *Talk) {
			m := t.SA.initRequest()
			m.Version = 0x10
			t.send(t.SA, m)
		}},
		{Name: "minor version 9", Want: []string{initAnswer},
			RFC: "the minor version number … MUST be ignored by a node with a smaller one (after RFC 7296 2.5)",
			Do: func(t *Talk) {
				m := t.SA.initRequest()
				m.Version = 0x29
				t.send(t.SA, m)
			}},
	}
}
