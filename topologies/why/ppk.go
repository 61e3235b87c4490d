package why

import (
	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// Post-quantum preshared keys (RFC 8784).

// noPPK: an end requires one, and the two have none in common.
func noPPK(e *end, c *Claim) {
	c.Key, c.RFC = "auth.ppk", "RFC 8784 section 3"
	c.Say = phrase.Of("why.auth.ppk", "node", e.name(), "peer", peerName(e))
	ppkLines(e, c)
}

// otherPPK: AUTH does not verify, and the keys of that identity are not the same.
func otherPPK(e *end, c *Claim) bool {
	ours, theirs := e.ppks(), map[string]*iosconfig.PPK{}
	if e.peer != nil {
		theirs = e.peer.ppks()
	}
	for id, p := range ours {
		if other := theirs[id]; other != nil && other.Key != p.Key {
			c.Key, c.RFC = "auth.ppk", "RFC 8784 section 3"
			c.Say = phrase.Of("why.auth.otherppk", "node", e.name(), "peer", peerName(e), "id", id)
			ppkLines(e, c)
			return true
		}
	}
	return false
}

// ppks are the keys of the end's profile, by their identities.
func (e *end) ppks() map[string]*iosconfig.PPK {
	all := map[string]*iosconfig.PPK{}
	if p := e.ikeProfile(); p != nil && e.cfg.Keyring(p.PPKKeyring) != nil {
		for k := range e.cfg.Keyring(p.PPKKeyring).Peers.All() {
			if k.PPK != nil {
				all[k.PPK.ID] = k.PPK
			}
		}
	}
	return all
}

// ppkLines are the lines of both ends that say which keys there are.
func ppkLines(e *end, c *Claim) {
	for _, o := range []*end{e, e.peer} {
		if o == nil || o.ikeProfile() == nil {
			continue
		}
		p := o.ikeProfile()
		c.Lines = append(c.Lines, o.lines("crypto ikev2 profile "+p.Name, "", "keyring ppk")...)
		if ring := o.cfg.Keyring(p.PPKKeyring); ring != nil {
			for k := range ring.Peers.All() {
				c.Lines = append(c.Lines, o.lines("crypto ikev2 keyring "+ring.Name, "peer "+k.Name, "ppk")...)
			}
		}
	}
}
