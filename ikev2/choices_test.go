package ikev2

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Offers and choices: RFC 7296, sections 1.3, 2.7, 2.18, 3.3 and 3.4.

// noChoices make of a peer's choice one that it may not make.
var noChoices = map[string]func(*wire.SA){
	// "If a proposal is accepted, the SA response MUST contain the same protocol." (2.7)
	"another protocol": func(sa *wire.SA) { sa.Proposals[0].Protocol = wire.ProtoAH },
	// "When a proposal is accepted, the proposal number in the SA payload MUST match the
	// number on the proposal sent that was accepted." (3.3.1)
	"another number": func(sa *wire.SA) { sa.Proposals[0].Number = 2 },
	// "The responder MUST choose a single suite" (2.7)
	"two proposals": func(sa *wire.SA) {
		sa.Proposals = append(sa.Proposals, sa.Proposals[0])
		sa.Proposals[1].Number++
	},
	// "The accepted cryptographic suite MUST contain exactly one transform of each type
	// included in the proposal." (2.7)
	"a type is missing": func(sa *wire.SA) { sa.Proposals[0].Transforms = sa.Proposals[0].Transforms[1:] },
	"a type twice": func(sa *wire.SA) {
		sa.Proposals[0].Transforms = append(sa.Proposals[0].Transforms, sa.Proposals[0].Transforms[0])
	},
	"what was not offered": func(sa *wire.SA) { sa.Proposals[0].Transforms[0].ID = uint16(ipsec.EncrChaCha20Poly1305) },
	// "Any attributes of a selected transform MUST be returned unmodified." (3.3.6)
	"another key length": func(sa *wire.SA) { sa.Proposals[0].Transforms[0].KeyBits ^= 64 },
	"one attribute more": func(sa *wire.SA) {
		sa.Proposals[0].Transforms[0].Attrs = []wire.Attr{{Type: 99, TV: true, Value: []byte{0, 1}}}
	},
}

// bent is a message with another choice in it.
func bent(m *wire.Message, bend func(*wire.SA)) []wire.Payload {
	list := slices.Clone(m.Payloads)
	for i, p := range list {
		if sa, ok := p.(*wire.SA); ok {
			c := &wire.SA{Proposals: slices.Clone(sa.Proposals)}
			c.Proposals[0].Transforms = slices.Clone(sa.Proposals[0].Transforms)
			bend(c)
			list[i] = c
		}
	}
	return list
}

// "The initiator of an exchange MUST check that the accepted offer is consistent with
// one of its proposals, and if not MUST terminate the exchange." (RFC 7296 3.3.6) In
// IKE_SA_INIT nobody has proved to be the peer yet (2.21.1): what does not fit is none.
func TestChoiceThatIsNone(t *testing.T) {
	for name, bend := range noChoices {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t)
			c.acquire(0)
			c.pass(1)
			good := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
			m, err := wire.Parse(good.Data)
			require.NoError(t, err)
			c.forge("A", plain(m.Header, bent(m, bend)...))
			c.wantIdle("no IKE_AUTH follows")
			c.deliver(good)
			c.pass(2)
			c.settle()
			c.requireUp()
		})
		t.Run(name+" for a pair", func(t *testing.T) {
			c := upTalk(t, func(p *testPolicy) { p.Children[0].Suites[0].Encr = ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128} })
			old := c.pair(0)
			c.rekeyChild(0)
			c.pass(1)
			good := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce ... }"))
			c.look()
			c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, bent(c.end("B").message(good.Datagram), bend)...))
			// "Because sending such error messages as an INFORMATIONAL exchange might lead to
			// further errors that could cause loops, such errors SHOULD NOT be sent." (2.21.3)
			// The peer holds a pair, and is told that there is none.
			c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
			c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
			c.settle()
			c.look()
			c.wantIdle("the peer is told nothing else")
			require.Equal(t, map[ipsec.SPI]ChildSA{old.In.SPI: old}, c.end("A").pairs)
		})
	}
}

// offerFor is a CREATE_CHILD_SA request of A's that makes a pair, with these proposals
// and payloads.
func offerFor(c *talk, menus []propose.Menu, more ...wire.Payload) []wire.Payload {
	any4 := testConfig(0).Children[0].Selectors[0]
	list := []wire.Payload{
		&wire.Notify{Protocol: wire.ProtoESP, SPI: spiOctets(c.pair(0).In.SPI), Kind: wire.REKEY_SA},
		&wire.SA{Proposals: propose.Offer(menus, []byte{1, 2, 3, 4})}, &wire.Nonce{Data: make([]byte, 32)},
		toWire(true, any4), toWire(false, any4),
	}
	return append(list, more...)
}

// publicValue is a good KE payload of a group.
func publicValue(t *testing.T, c *talk, g ipsec.Group) *wire.KE {
	k, err := g.Initiate(c.end("A").rand)
	require.NoError(t, err)
	return &wire.KE{Group: uint16(g), Data: k.Public()}
}

// "If a CREATE_CHILD_SA exchange includes a KEi payload, at least one of the SA offers
// MUST include the Diffie-Hellman group of the KEi. ... If the responder selects a
// proposal using a different Diffie-Hellman group (other than NONE), the responder MUST
// reject the request and indicate its preferred Diffie-Hellman group in the
// INVALID_KE_PAYLOAD Notify payload." (RFC 7296 1.3) "This Diffie-Hellman Group Num MUST
// match a Diffie-Hellman group specified in a proposal in the SA payload that is sent in
// the same message" and "If the selected proposal uses a different Diffie-Hellman group
// (other than NONE), the message MUST be rejected with a Notify payload of type
// INVALID_KE_PAYLOAD." (3.4)
func TestGroupsOfARekey(t *testing.T) {
	for name, row := range map[string]struct {
		pfs     ipsec.Group   // that B wants
		offered []ipsec.Group // by A
		ke      ipsec.Group   // that A sends
		answer  string
	}{
		"the one":                            {19, []ipsec.Group{19}, 19, "SA Nonce KE TSi TSr ..."},
		"another of the offer":               {19, []ipsec.Group{14, 19}, 14, "N(INVALID_KE_PAYLOAD)"},
		"none of the offer":                  {19, []ipsec.Group{19}, 14, "N(INVALID_KE_PAYLOAD)"},
		"the key exchange missing":           {19, []ipsec.Group{19}, 0, "N(INVALID_KE_PAYLOAD)"},
		"none that is wanted":                {19, []ipsec.Group{14}, 14, "N(NO_PROPOSAL_CHOSEN)"},
		"no PFS of ours":                     {0, []ipsec.Group{14}, 14, "SA Nonce KE TSi TSr ..."},
		"a key exchange of no group":         {0, nil, 19, "SA Nonce TSi TSr ..."},
		"PFS where none was offered":         {19, nil, 0, "N(NO_PROPOSAL_CHOSEN)"},
		"NONE offered first, then 19":        {0, []ipsec.Group{0, 19}, 19, "SA Nonce TSi TSr ..."},
		"NONE offered, and a key exchange":   {0, []ipsec.Group{0}, 19, "SA Nonce TSi TSr ..."},
		"NONE offered where PFS is demanded": {19, []ipsec.Group{0}, 0, "N(NO_PROPOSAL_CHOSEN)"},
	} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t, func(p *testPolicy) { p.Children[0].PFS = row.pfs })
			menus := espMenus(&testConfig(0).Children[0], true)
			menus[0].Group = row.offered
			var more []wire.Payload
			if row.ke != 0 {
				more = append(more, publicValue(t, c, row.ke))
			}
			c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, offerFor(c, menus, more...)...))
			// "If one of the proposals offered is for the Diffie-Hellman group of NONE, and the
			// responder selects that Diffie-Hellman group, then it MUST ignore the initiator's
			// KE payload and omit the KE payload from the response." (3.3.6)
			l := c.wantSend("B", "CREATE_CHILD_SA response 2 { "+row.answer+" }")
			n := c.end("B").message(l.Datagram).Notify(wire.INVALID_KE_PAYLOAD)
			require.True(t, n == nil || binary.BigEndian.Uint16(n.Data) == uint16(row.pfs))
		})
	}
}

// "In other words, an initiator MUST NOT propose the value "NONE" for the
// Diffie-Hellman transform, and a responder MUST NOT accept such a proposal." (RFC 7296
// 2.18) "implementations MUST NOT negotiate NONE as the IKE integrity protection
// algorithm or ENCR_NULL as the IKE encryption algorithm" (5).
func TestOffersForAnIKESAThatAreNone(t *testing.T) {
	for name, bend := range map[string]func(*wire.Proposal){
		"NONE for the group": func(p *wire.Proposal) { replace(p, wire.TypeDH, wire.Transform{Type: wire.TypeDH}) },
		"no group":           func(p *wire.Proposal) { replace(p, wire.TypeDH) },
		"NONE for integrity": func(p *wire.Proposal) { replace(p, wire.TypeInteg, wire.Transform{Type: wire.TypeInteg}) },
		"no integrity":       func(p *wire.Proposal) { replace(p, wire.TypeInteg) },
		"no PRF":             func(p *wire.Proposal) { replace(p, wire.TypePRF) },
		"no cipher":          func(p *wire.Proposal) { replace(p, wire.TypeEncr) },
		"ENCR_NULL":          func(p *wire.Proposal) { replace(p, wire.TypeEncr, wire.Transform{Type: wire.TypeEncr, ID: 11}) },
		"a cipher of no length": func(p *wire.Proposal) {
			replace(p, wire.TypeEncr, wire.Transform{Type: wire.TypeEncr, ID: uint16(ipsec.EncrAESCBC)})
		},
		"a type nobody knows": func(p *wire.Proposal) { replace(p, 99, wire.Transform{Type: 99, ID: 1}) },
	} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t)
			p := propose.Offer(ikeMenus([]*Proposal{testConfig(0, quick).Proposals[0]}), []byte{1, 2, 3, 4, 5, 6, 7, 8})[0]
			bend(&p)
			c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, &wire.SA{Proposals: []wire.Proposal{p}}, &wire.Nonce{Data: make([]byte, 32)}, publicValue(t, c, 19)))
			c.wantSend("B", "CREATE_CHILD_SA response 2 { N(NO_PROPOSAL_CHOSEN) }")
			c.wantIdle("the SA stays")
			c.requireUp()

			c = newTalk(t)
			_, m := firstRequest(t, c)
			c.forge("B", plain(m.Header, bent(m, func(sa *wire.SA) { bend(&sa.Proposals[0]) })...))
			c.drop(c.wantSend("B", "IKE_SA_INIT response 0 { N(NO_PROPOSAL_CHOSEN) }"))
			require.Empty(t, c.end("B").SAs())
		})
	}
}

// replace puts transforms in the place of those of a type.
func replace(p *wire.Proposal, kind wire.TransformType, by ...wire.Transform) {
	p.Transforms = append(slices.DeleteFunc(p.Transforms, func(t wire.Transform) bool { return t.Type == kind }), by...)
}

// "Nonces used in IKEv2 MUST be randomly chosen, MUST be at least 128 bits in size, and
// MUST be at least half the key size of the negotiated pseudorandom function (PRF)." (RFC
// 7296 2.10) Where PRFs of several lengths are offered the first nonce is IOS's.
func TestNoncesAreLongEnough(t *testing.T) {
	for name, row := range map[string]struct {
		prfs  []ipsec.PRFID
		first int // octets of the first nonce
		want  int // and of those of who knows the PRF
	}{
		"SHA-1": {[]ipsec.PRFID{ipsec.PRFSHA1}, 16, 16}, "SHA-512": {[]ipsec.PRFID{ipsec.PRFSHA512}, 32, 32},
		"MD5 or SHA-512": {[]ipsec.PRFID{ipsec.PRFMD5, ipsec.PRFSHA512}, 20, 16}, "SHA-384": {[]ipsec.PRFID{ipsec.PRFSHA384}, 24, 24},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t, func(p *testPolicy) { p.Proposals[0].PRF = row.prfs })
			all := c.record()
			c.acquire(0)
			c.settle()
			c.rekeyChild(0)
			c.settle()
			c.rekeyIKE(1)
			c.settle()
			found := 0
			for _, m := range *all {
				if n, ok := wire.Get[*wire.Nonce](m); ok {
					want := row.want
					if found == 0 {
						want = row.first
					}
					require.GreaterOrEqual(t, len(n.Data), want, "%s", describe(m))
					found++
				}
			}
			require.Equal(t, 6, found)
		})
	}
}

// "This Diffie-Hellman Group Num MUST match a Diffie-Hellman group specified in a proposal in
// the SA payload that is sent in the same message" (RFC 7296 3.4): an answer in which it does
// not is none.
func TestKeyExchangeOfAnotherGroup(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(1)
	good := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	m, err := wire.Parse(good.Data)
	require.NoError(t, err)
	for i, p := range m.Payloads {
		if ke, ok := p.(*wire.KE); ok {
			m.Payloads[i] = &wire.KE{Group: 20, Data: ke.Data}
		}
	}
	c.forge("A", plain(m.Header, m.Payloads...))
	c.wantIdle("no IKE_AUTH follows")
	c.deliver(good)
	c.pass(2)
	c.settle()
	c.requireUp()
}
