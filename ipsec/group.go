package ipsec

import (
	"crypto/ecdh"
	"fmt"
	"io"
)

// Group numbers key exchange methods (IANA, IKEv2 transform type 4): Diffie-Hellman
// groups and key encapsulations. The initiator begins with Initiate and sends Public,
// the responder with Respond and sends its own; both come to the same Secret.
type Group uint16

// GroupNone means no Diffie-Hellman exchange; nothing can be drawn from it.
const GroupNone Group = 0

// group is what the kinds of group have in common. What the two ends send and draw
// differs in a key encapsulation; peer is the initiator's, for a responder.
type group interface {
	publicLen(initiator bool) int
	draw(rand io.Reader, initiator bool, peer []byte) (secret, error)
}

// secret is a private value of one kind of group. peer has the other end's publicLen
// octets. A public value of nil is one that shared will refuse to go with.
type secret interface {
	public() []byte
	shared(peer []byte) ([]byte, error)
}

// groups are the implemented groups: RFC 2409 (1, 2), RFC 3526 (5, 14 to 18),
// RFC 5903 (19, 20, 21), RFC 5114 (22, 23, 24), RFC 8031 (31) and
// draft-ietf-ipsecme-ikev2-mlkem (35, 36, 37).
var groups = map[Group]group{
	1:  newMODP(prime1, "2", "", 256),
	2:  newMODP(prime2, "2", "", 256),
	5:  newMODP(prime5, "2", "", 256),
	14: newMODP(prime14, "2", "", 256),
	15: newMODP(prime15, "2", "", 320),
	16: newMODP(prime16, "2", "", 320),
	17: newMODP(prime17, "2", "", 384),
	18: newMODP(prime18, "2", "", 384),
	19: ecp{curve: ecdh.P256(), octets: 32, order: order256},
	20: ecp{curve: ecdh.P384(), octets: 48, order: order384},
	21: ecp{curve: ecdh.P521(), octets: 66, order: order521},
	22: newMODP(prime22, generator22, order22, 160),
	23: newMODP(prime23, generator23, order23, 224),
	24: newMODP(prime24, generator24, order24, 256),
	31: x25519{},
	35: mlkem512Group,
	36: mlkem768Group,
	37: mlkem1024Group,
}

// Known reports whether g is implemented. GroupNone is not.
func (g Group) Known() bool { return groups[g] != nil }

// PublicLen is the length in octets of the initiator's public values, 0 when g is not
// known. A responder's are as long except in a key encapsulation.
func (g Group) PublicLen() int { return g.publicLen(true) }

func (g Group) publicLen(initiator bool) int {
	if !g.Known() {
		return 0
	}
	return groups[g].publicLen(initiator)
}

// Encapsulates says whether g is a key encapsulation, and no Diffie-Hellman group.
func (g Group) Encapsulates() bool { _, ok := groups[g].(mlkem); return ok }

func (g Group) String() string {
	if g == GroupNone {
		return "no group"
	}
	if m, ok := groups[g].(mlkem); ok {
		return m.scheme.Name()
	}
	return fmt.Sprintf("group %d", uint16(g))
}

// drawLimit bounds the draws for one private value. A value is refused with
// probability one half at most (group 23), so a sound reader never gets there.
const drawLimit = 256

// KeyExchange is one end's part in a key exchange: the initiator's, who sends
// first, or the responder's, who knows what the initiator has sent.
type KeyExchange struct {
	group     Group
	initiator bool
	secret    secret
	public    []byte
	peer      []byte
}

// Initiate draws the initiator's part from rand and computes nothing yet. Equal
// octets give equal parts.
func (g Group) Initiate(rand io.Reader) (*KeyExchange, error) { return g.take(rand, true, nil) }

// Respond draws the responder's part, as Initiate does; peer is the
// initiator's public value, which Secret will judge.
func (g Group) Respond(rand io.Reader, peer []byte) (*KeyExchange, error) {
	return g.take(rand, false, peer)
}

// take takes one of the two parts.
func (g Group) take(rand io.Reader, initiator bool, peer []byte) (*KeyExchange, error) {
	if !g.Known() {
		return nil, fmt.Errorf("%w: %v", ErrTransform, g)
	}
	s, err := groups[g].draw(rand, initiator, peer)
	if err != nil {
		return nil, fmt.Errorf("ipsec: private value of %v: %w", g, err)
	}
	return &KeyExchange{group: g, initiator: initiator, secret: s, peer: peer}, nil
}

// Group is the group of the exchange.
func (k *KeyExchange) Group() Group { return k.group }

// Public is the value for the KE payload, PublicLen octets: big-endian and
// padded (MODP, RFC 7296 section 3.4), X | Y (ECP, RFC 5903 section 7), or
// the u-coordinate (X25519, RFC 8031); of ML-KEM the initiator's encapsulation key,
// the responder's ciphertext. The first call computes it. It is empty where the
// initiator's key is none, which Secret says. Nobody may change it.
func (k *KeyExchange) Public() []byte {
	if k.public == nil {
		k.public = k.secret.public()
	}
	return k.public
}

// Answered gives the initiator's part the responder's public value.
func (k *KeyExchange) Answered(peer []byte) { k.peer = peer }

// Secret is g^ir, PublicLen octets for MODP and X25519, the x-coordinate for
// ECP (RFC 5903 section 9), the 32 octets of ML-KEM. A public value of the peer's that
// cannot be an honest one gives ErrPublic (RFC 6989 section 2, FIPS 203 section 7.2).
func (k *KeyExchange) Secret() ([]byte, error) {
	if want := k.group.publicLen(!k.initiator); len(k.peer) != want {
		return nil, fmt.Errorf("%w: %v, %d octets, must be %d", ErrPublic, k.group, len(k.peer), want)
	}
	z, err := k.secret.shared(k.peer)
	if err != nil {
		return nil, fmt.Errorf("%w: %v, %w", ErrPublic, k.group, err)
	}
	return z, nil
}
