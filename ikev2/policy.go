package ikev2

import (
	"slices"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
)

// policyFor gives what an SA may be made of: of the policies for its VRF the one that
// names the local address, else the first one that names none.
func (e *Engine) policyFor(sa *ikeSA, p *Profile) *choice {
	c := e.policyAt(sa.vrf, sa.local.Addr())
	if e.unheard() {
		return c
	}
	told := PolicyLookup{SA: sa.ref(), VRF: sa.vrf, Local: sa.local.Addr(), Policy: c.of.Name, Proposals: c.names, Usable: c.usable()}
	if p != nil {
		told.Profile = p.Name
	}
	e.emit(told)
	return c
}

// keys finds the pre-shared keys for a peer: the profile's own, else the
// keyring's. nil: none.
func (e *Engine) keys(sa *ikeSA, p *Profile, again bool) (local, peer []byte) {
	local, peer = p.LocalKey, p.RemoteKey
	told := KeyLookup{SA: sa.ref(), Profile: p.Name, Addr: keyedBy(sa), Identity: sa.remoteID, Again: again}
	if ring := e.index.keyrings.Get(p.Keyring); ring != nil && (local == nil || peer == nil) {
		told.Keyring = p.Keyring
		if k, by := ring.find(told.Addr, told.Identity); k != nil {
			told.By, told.Peer = by, k.Name
			sa.by.Keyring, sa.by.KeyringPeer = p.Keyring, k.Name
			local, peer = orKey(local, k.Local), orKey(peer, k.Remote)
		}
	}
	told.LocalKey, told.RemoteKey = local != nil, peer != nil
	tell(&e.recording, told)
	return local, peer
}

func orKey(own, keyring []byte) []byte {
	if own == nil {
		return keyring
	}
	return own
}

// tellChosen tells what an offer and ours have in common.
func tellChosen(r *recording, x *exchange, s *propose.Suite, p *wire.Proposal) {
	if r.unheard() {
		return
	}
	r.emit(ProposalChosen{
		SA: x.ref(), Protocol: p.Protocol, Proposal: s.Name, Number: p.Number, Encr: s.Encr, Integ: s.Integ, PRF: s.PRF, Group: s.Group, AddKE: s.Added(),
	})
}

// addsKE says whether an end says INTERMEDIATE_EXCHANGE_SUPPORTED: an initiator that offers
// additional key exchanges, a responder that has chosen some.
func addsKE(sa *ikeSA) bool {
	if !sa.initiator {
		return sa.suite.AddsKE()
	}
	return slices.ContainsFunc(sa.choice.proposals, func(p *Proposal) bool { return len(p.AddKE) > 0 })
}
