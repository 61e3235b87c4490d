package why

import (
	"cmp"
	"net/netip"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// Why a proof does not verify.

// badAuth says why the peer's proof does not verify: the profile, the entry of the keyring
// or the key.
func badAuth(e *end, c *Claim, spi uint64) {
	if otherPPK(e, c) {
		return
	}
	c.Key, c.RFC = "auth.key", "RFC 7296 section 2.15"
	c.Say = phrase.Of("why.auth.key", "node", e.name(), "peer", peerName(e))
	looked := keysLooked(e, spi)
	if len(looked) == 0 {
		return
	}
	k := looked[0]
	c.Evidence = append(c.Evidence, seen(k))
	c.Lines = keyLines(e, k.body.Keyring, k.body.Peer)
	if e.peer != nil {
		c.Lines = append(c.Lines, ownKeyLines(e.peer, spi)...)
	}
	own := e.ikeProfile()
	switch {
	case own != nil && k.body.Profile != "" && k.body.Profile != own.Name:
		c.Key = "auth.profile"
		c.Say = phrase.Of("why.auth.profile", "node", e.name(), "peer", peerName(e), "profile", k.body.Profile, "own", own.Name)
		c.Lines = append(e.lines("crypto ikev2 profile "+k.body.Profile, "", "match", "keyring"), e.lines("crypto ikev2 profile "+own.Name, "", "match", "keyring")...)
	case sameKey(e, k.body, spi): // what was signed is not what came
		c.Key, c.Say, c.Lines = "auth.altered", phrase.Of("why.auth.altered", "node", e.name(), "peer", peerName(e)), nil
	case otherEntryFits(e, k.body, spi):
		c.Key = "auth.keyring"
		c.Say = phrase.Of("why.auth.keyring", "node", e.name(), "peer", peerName(e), "keyring", k.body.Keyring, "entry", k.body.Peer)
		c.Lines = append(e.lines("crypto ikev2 keyring "+k.body.Keyring, "", "peer", "address"), c.Lines...)
	}
}

// sameKey says whether the entry that answered expects the key that the peer proves itself with.
func sameKey(e *end, k ikev2.KeyLookup, spi uint64) bool {
	ring := e.cfg.Keyring(k.Keyring)
	if ring == nil || e.peer == nil {
		return false
	}
	answered, proof := ring.Peers.Get(k.Peer), proof(e.peer, spi)
	return answered != nil && answered.Remote != nil && proof != nil && answered.Remote.Text == proof.Text
}

// keysLooked are the searches for the keys of an IKE SA's peer; where none was kept, and nobody
// else has the peer's address, those for its peer in others.
func keysLooked(e *end, spi uint64) []finding[ikev2.KeyLookup] {
	list := lately(e.w, e.name(), edited(e), func(b ikev2.KeyLookup) bool { return b.Peer != "" && b.SA.SPIi == spi })
	if len(list) == 0 {
		list = lately(e.w, e.name(), edited(e), func(b ikev2.KeyLookup) bool {
			return b.Peer != "" && isPeer(e, b.Addr) && !crowded(e, b.Addr)
		})
	}
	return list
}

func keyLines(e *end, keyring, peer string) []Line {
	return e.lines("crypto ikev2 keyring "+keyring, "peer "+peer, "address", "pre-shared-key")
}

// ownKeyLines are the lines with the key that an end proves itself with.
func ownKeyLines(e *end, spi uint64) []Line {
	looked := keysLooked(e, spi)
	if len(looked) == 0 {
		return nil
	}
	return keyLines(e, looked[0].body.Keyring, looked[0].body.Peer)
}

// otherEntryFits says whether another entry of the keyring has the key that the peer proves
// itself with, while the one that answered is for a whole network.
func otherEntryFits(e *end, k ikev2.KeyLookup, spi uint64) bool {
	ring := e.cfg.Keyring(k.Keyring)
	if ring == nil || e.peer == nil {
		return false
	}
	answered := ring.Peers.Get(k.Peer)
	if answered == nil || !answered.Address.IsValid() || answered.Address.IsSingleIP() {
		return false
	}
	proof := proof(e.peer, spi)
	for p := range ring.Peers.All() {
		if p != answered && p.Remote != nil && proof != nil && p.Remote.Text == proof.Text {
			return true
		}
	}
	return false
}

// proof is the key that an end proves itself with; nil: not known.
func proof(e *end, spi uint64) *iosconfig.Secret {
	looked := keysLooked(e, spi)
	if len(looked) == 0 {
		return nil
	}
	if ring := e.cfg.Keyring(looked[0].body.Keyring); ring != nil {
		if p := ring.Peers.Get(looked[0].body.Peer); p != nil {
			return p.Local
		}
	}
	return nil
}

// noKey says that the keyring has no key for the peer, and which one has.
func noKey(e *end, c *Claim, f ikev2.Failure) {
	c.Key, c.RFC = "auth.key", "RFC 7296 section 2.15"
	c.Say = phrase.Of("why.auth.none", "node", e.name(), "keyring", cmp.Or(f.Keyring, "-"), "peer", f.Peer.Addr())
	p := e.ikeProfile()
	if p == nil {
		return
	}
	if c.Lines = e.lines(profileHead(e), "", "keyring", "authentication"); len(c.Lines) == 0 {
		c.Lines = e.lines(profileHead(e), "")
	}
	other := ""
	for ring := range e.cfg.IKEv2.Keyrings.All() {
		if ring.Name != p.Keyring && keyIn(ring, f.Peer.Addr()) {
			other = ring.Name
		}
	}
	switch {
	case other != "" && e.peer != nil && takes(p, called(e.peer)):
		if p.Keyring != "" {
			c.Say = phrase.Of("why.auth.elsewhere", "node", e.name(), "peer", peerName(e), "keyring", p.Keyring, "profile", p.Name, "other", other)
		}
		c.Lines = append(c.Lines, e.lines("crypto ikev2 keyring "+other, "", "peer")...)
		c.Mend = []Line{e.typed(profileHead(e), "keyring local "+other)}
	case p.Keyring == "":
		c.Mend = []Line{e.typed(profileHead(e), "keyring local NAME")}
	}
}

// keyIn says whether a keyring has an entry for an address.
func keyIn(ring *iosconfig.Keyring, a netip.Addr) bool {
	for k := range ring.Peers.All() {
		if k.Address.IsValid() && k.Address.Masked().Contains(a) {
			return true
		}
	}
	return false
}
