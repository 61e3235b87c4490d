package rogue

import (
	"time"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
)

// Families F and I: resources, and what belongs to others.

func floods() []Case {
	return []Case{
		{Name: "a Delete of 4,000 SPIs", As: Member, Want: []string{"INFORMATIONAL response { }"},
			RFC: "unknown SPIs in a Delete are ignored (after RFC 7296 1.4.1)",
			Do: func(t *Talk) {
				d := &wire.Delete{Protocol: wire.ProtoESP}
				for range 4000 {
					d.SPIs = append(d.SPIs, t.octets(4))
				}
				t.ask(t.SA.inform(d))
			}},
		{Name: "a Delete of one SPI 4,000 times", As: Member, Want: []string{"INFORMATIONAL response { D(ESP) }"},
			RFC: "the response carries the Delete of the paired SA (after RFC 7296 1.4.1)",
			Do: func(t *Talk) {
				d := &wire.Delete{Protocol: wire.ProtoESP}
				for range 4000 {
					d.SPIs = append(d.SPIs, spiOctets(t.SA.Pair.In))
				}
				t.ask(t.SA.inform(d))
			}},
		{Name: "thousands of transforms", RFC: bounded, Want: []string{initAnswer}, Do: func(t *Talk) {
			m := t.SA.initRequest()
			m.Payloads[0] = t.Suite.manyTransforms(20)
			t.send(t.SA, m)
		}},
		{Name: "thousands of transforms that do not fit", RFC: bounded, Want: []string{"IKE_SA_INIT response { N(NO_PROPOSAL_CHOSEN) }"}, Do: func(t *Talk) {
			m := t.SA.initRequest()
			list := t.Suite.manyTransforms(20)
			list.Proposals = list.Proposals[:19]
			m.Payloads[0] = list
			t.send(t.SA, m)
		}},
		{Name: "255 selectors", As: Member, RFC: "the responder narrows (RFC 7296 2.9)", Want: []string{"CREATE_CHILD_SA response { SA Nonce TSi TSr }"}, Do: func(t *Talk) {
			m := t.SA.rekeyRequest()
			for _, p := range m.Payloads {
				if ts, ok := p.(*wire.TS); ok {
					ts.Selectors = manySelectors(ts.Selectors[0], 255)
				}
			}
			t.ask(m)
		}},
		{Name: "thousands of payloads in clear", RFC: bounded, Do: func(t *Talk) {
			m := t.SA.initRequest()
			for range 4000 {
				m.Payloads = append(m.Payloads, &wire.VendorID{Data: []byte{1}})
			}
			t.send(t.SA, m)
		}},
		{Name: "thousands of payloads under the SA", As: Member, RFC: syntax, Want: []string{badInform}, Do: func(t *Talk) {
			m := t.SA.inform()
			for range 4000 {
				m.Payloads = append(m.Payloads, &wire.VendorID{Data: []byte{1}})
			}
			t.ask(m)
		}},
	}
}

func repetitions() []Case {
	return []Case{
		{Name: "a thousand requests for pairs", As: Member, RFC: bounded, Do: func(t *Talk) {
			for range 1000 {
				t.send(t.SA, t.SA.childRequest())
				t.Pass(5 * time.Millisecond)
			}
		}, Want: []string{"CREATE_CHILD_SA response { N(NO_ADDITIONAL_SAS) }"}},
		{Name: "a rekey of the pair hundreds of times without a Delete", As: Member, RFC: bounded, Do: func(t *Talk) {
			for range 300 {
				t.send(t.SA, t.SA.rekeyRequest())
				t.Pass(20 * time.Millisecond)
			}
		}, Want: []string{"CREATE_CHILD_SA response { SA Nonce TSi TSr }", "CREATE_CHILD_SA response { N(NO_ADDITIONAL_SAS) }"}},
		{Name: "a thousand half-open SAs", RFC: bounded, Want: []string{initAnswer}, Do: func(t *Talk) {
			for range 1000 {
				sa := t.newSA()
				t.send(sa, sa.initRequest())
			}
			t.Pass(time.Minute)
		}},
	}
}

func foreign() []Case {
	return []Case{
		{Name: "a Delete of another's pair", As: Member, Want: []string{"INFORMATIONAL response { }"},
			RFC: "the SPIs are those of SAs that the IKE SA has negotiated (after RFC 7296 3.11)",
			Do: func(t *Talk) {
				d := &wire.Delete{Protocol: wire.ProtoESP}
				for _, spi := range t.Others.Pair {
					d.SPIs = append(d.SPIs, spiOctets(spi))
				}
				t.ask(t.SA.inform(d))
			}},
		{Name: "a rekey of another's pair", As: Member, Want: []string{"CREATE_CHILD_SA response { N(CHILD_SA_NOT_FOUND) }"},
			RFC: "CHILD_SA_NOT_FOUND … is sent when a CREATE_CHILD_SA request … names a Child SA that does not exist (after RFC 7296 2.25)",
			Do: func(t *Talk) {
				for _, spi := range append(t.Others.Pair[:], 0, 1, 255) {
					m := t.SA.childRequest()
					m.Payloads = append([]wire.Payload{rekeyOf(spiOctets(spi))}, m.Payloads...)
					t.ask(m)
				}
			}},
		{Name: "a rekey that names no protocol", As: Member, Want: []string{badChild}, RFC: "the protocol of REKEY_SA is AH or ESP (after RFC 7296 1.3.3)", Do: func(t *Talk) {
			for _, protocol := range []wire.ProtocolID{0, wire.ProtoIKE, 77} {
				m := t.SA.childRequest()
				n := rekeyOf(spiOctets(t.SA.Pair.In))
				n.Protocol = protocol
				m.Payloads = append([]wire.Payload{n}, m.Payloads...)
				t.ask(m)
			}
		}},
	}
}

func inTheirName() []Case {
	return []Case{
		{Name: "INITIAL_CONTACT in another's name", As: HalfOpen, RFC: "INITIAL_CONTACT … asserts that this IKE SA is the only one between the authenticated identities (after RFC 7296 2.4)", Want: []string{upAnswer}, Do: func(t *Talk) {
			id := &wire.ID{Initiator: true, Kind: wire.IDIPv4Addr, Data: t.Others.Address.AsSlice()}
			m := t.SA.authRequest()
			m.Payloads[0], m.Payloads[1] = id, t.SA.auth(id)
			t.ask(with(m, &wire.Notify{Kind: wire.INITIAL_CONTACT}))
		}},
		{Name: "notifies in clear under another's SPIs", RFC: "a message for an SA comes from its peer, and an unprotected one changes nothing (after RFC 7296 2.21.4)", Do: func(t *Talk) {
			t.inClear(func(x wire.ExchangeType, id uint32, response bool) wire.Header {
				h := t.SA.header(x, id, response)
				h.SPIi, h.SPIr = t.Others.SPIi, t.Others.SPIr
				return h
			})
		}},
		{Name: "IKE_SA_INIT with the router's own SPI", RFC: "an SPI is the initiator's own choice (after RFC 7296 2.6)", Want: []string{initAnswer}, Do: func(t *Talk) {
			m := t.SA.initRequest()
			m.SPIi = t.Others.SPIi
			t.sas[m.SPIi] = t.SA
			t.send(t.SA, m)
		}},
		{Name: "a pair with the SPI of another's", As: Member, RFC: "an SPI is chosen by who receives on it (after RFC 4301 4.1)", Want: []string{"CREATE_CHILD_SA response { SA Nonce TSi TSr }"}, Do: func(t *Talk) {
			m := t.SA.rekeyRequest()
			for i, p := range m.Payloads {
				if _, ok := p.(*wire.SA); ok {
					m.Payloads[i] = t.Suite.espOffer(spiOctets(t.Others.Pair[1]))
				}
			}
			t.ask(m)
		}},
		{Name: "a pair with a reserved SPI", As: Member, Want: []string{badChild},
			RFC: "The set of SPI values in the range 1 through 255 are reserved … The SPI value of zero (0) is reserved for local, implementation-specific use and MUST NOT be sent on the wire (RFC 4303 2.1)",
			Do: func(t *Talk) {
				for _, spi := range []uint32{0, 1, 255} {
					_, esp := t.Suite.menus()
					m := t.SA.rekeyRequest()
					m.Payloads[2] = &wire.SA{Proposals: propose.Offer(esp, []byte{0, 0, 0, byte(spi)})}
					t.ask(m)
				}
			}},
	}
}
