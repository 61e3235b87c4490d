package ikev2

import (
	"bytes"

	"ikelab/ikev2/wire"
)

// Post-quantum preshared keys (RFC 8784): a key that both ends have beforehand goes
// into SK_d, SK_pi and SK_pr of a new IKE SA, and so into all that comes of them. Who
// breaks the Diffie-Hellman exchange later on has the messages of the IKE SA, but none
// of what ESP carries.

// ppkFixed is the type of a PPK_ID that says which of the keys that are configured
// (RFC 8784 5.1).
const ppkFixed = 2

// ppkFor finds the PPK for a peer, as keys does, in the profile's keyring for them.
func (x *index) ppkFor(sa *ikeSA, p *Profile) *PPK {
	if ring := x.keyrings.Get(p.PPKKeyring); ring != nil {
		if k, _ := ring.find(keyedBy(sa), sa.remoteID); k != nil {
			return k.PPK
		}
	}
	return nil
}

// offersPPK says whether an end says USE_PPK: an initiator that has a key for the
// responder; a responder, which does not know yet who asks, that may have one.
func (x *index) offersPPK(sa *ikeSA) bool {
	if sa.initiator {
		return sa.ppk != nil
	}
	return sa.peerCan && x.hasPPK()
}

// lacksPPK says whether a responder's first message is one of a peer without what has to
// be.
func (m *mixing) lacksPPK(in *wire.Message) bool {
	return m.ppk != nil && m.ppk.Required && in.Notify(wire.USE_PPK) == nil
}

// mix mixes the PPK into the keys.
func (sa *ikeSA) mix() {
	sa.keys, sa.by.PPK = sa.keys.Mixed(prf(sa), sa.ppk.Key), sa.ppk.ID
}

// proveWithPPK is where the initiator mixes, as it is about to prove who it is: its AUTH
// data without the PPK goes along if it can do without.
func proveWithPPK(x *exchange) {
	sa := x.sa
	if !x.initiator || sa.ppk == nil || !sa.peerCan {
		return
	}
	if !sa.ppk.Required {
		x.init.unmixed = &unmixed{sa.keys, x.proof()}
	}
	sa.mix()
}

// ppkNotifies are what IKE_AUTH says of the PPK: the initiator which one, and what holds
// without it; the responder that it has used it.
func ppkNotifies(x *exchange) []wire.Payload {
	switch {
	case !x.sa.mixed():
		return nil
	case !x.initiator:
		return []wire.Payload{ikeNotify(wire.PPK_IDENTITY, nil)}
	}
	list := []wire.Payload{ikeNotify(wire.PPK_IDENTITY, x.sa.ppk.identity())}
	if x.init.unmixed != nil {
		list = append(list, ikeNotify(wire.NO_PPK_AUTH, x.init.unmixed.auth))
	}
	return list
}

// identity is the PPK_ID.
func (p *PPK) identity() []byte { return append([]byte{ppkFixed}, p.ID...) }

// settlePPK decides, before the peer's AUTH data is verified, whether the PPK counts, and
// which data that is (RFC 8784 3); false: the SA cannot be.
func settlePPK(c *configured, r *recording, x *exchange, auth []byte) ([]byte, bool) {
	sa, said := x.sa, x.in.Notify(wire.PPK_IDENTITY)
	if !x.initiator {
		if sa.ppk = c.index.ppkFor(sa, sa.profile); !c.index.offersPPK(sa) {
			said = nil // of what both have not said USE_PPK of: "Standard IKEv2 protocol" (RFC 8784 3, table 1)
		}
	}
	ok := true
	switch {
	case x.initiator && sa.mixed() && said == nil: // the responder has done without
		if ok = x.init.unmixed != nil; ok {
			sa.keys, sa.by.PPK = x.init.unmixed.keys, ""
		}
	case x.initiator:
	case said == nil && c.index.offersPPK(sa): // both have said USE_PPK
		ok = false
	case said != nil && sa.ppk != nil && bytes.Equal(said.Data, sa.ppk.identity()):
		sa.mix()
	case sa.ppk != nil && sa.ppk.Required:
		ok = false
	case said != nil:
		without := x.in.Notify(wire.NO_PPK_AUTH)
		if ok = without != nil; ok {
			auth = without.Data
		}
	}
	if sa.ppk != nil || said != nil {
		tellPPK(r, x, said)
	}
	return auth, ok
}

func tellPPK(r *recording, x *exchange, said *wire.Notify) {
	told := PPKSettled{SA: x.sa.ref(), Initiator: x.initiator, Used: x.sa.mixed()}
	if ppk := x.sa.ppk; ppk != nil {
		told.ID, told.Required = ppk.ID, ppk.Required
	}
	if !x.initiator && said != nil && len(said.Data) > 1 {
		told.Asked = string(said.Data[1:])
	}
	tell(r, told)
}
