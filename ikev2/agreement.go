package ikev2

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// What the two ends of an exchange settle: proposals, and key exchanges, one after the other
// (RFC 7296 2.7, RFC 9370).

// agreement is what the two ends settle in an exchange.
type agreement struct {
	kes      []*keyExchange // the first one's secret makes the keys, additional ones add to them
	turn     int            // the one in hand
	nonces   keys.Nonces
	menus    []propose.Menu // what we offer or accept
	badKE    int            // INVALID_KE_PAYLOAD retries
	suite    propose.Suite  // as responder, and
	answerTo wire.Proposal  // the proposal it was chosen from
	followups
}

// keyExchange is one key exchange of an exchange: our half and the peer's.
type keyExchange struct {
	group  ipsec.Group
	part   *ipsec.KeyExchange
	public []byte
	peer   []byte // part of the message, which is kept as long as the exchange
	secret []byte
	err    error // a public value of the peer's outside its group (RFC 6989)
}

// draw makes our part, which is not the same for the two roles.
func (k *keyExchange) draw(rand io.Reader, initiator bool) (err error) {
	if initiator {
		k.part, err = k.group.Initiate(rand)
	} else {
		k.part, err = k.group.Respond(rand, k.peer)
	}
	return err
}

// group is the group that was agreed; GroupNone without a key exchange.
func (a *agreement) group() ipsec.Group {
	if len(a.kes) == 0 {
		return ipsec.GroupNone
	}
	return a.kes[0].group
}

// useGroup begins a key exchange anew with a group, or does without.
func (a *agreement) useGroup(g ipsec.Group) {
	a.kes, a.turn = nil, 0
	if g != ipsec.GroupNone {
		one := &struct {
			ke   keyExchange
			list [1]*keyExchange
		}{ke: keyExchange{group: g}}
		one.list[0] = &one.ke
		a.kes = one.list[:]
	}
}

// secret is what the first key exchange came to; nil without one.
func (a *agreement) secret() []byte {
	if len(a.kes) == 0 {
		return nil
	}
	return a.kes[0].secret
}

// adopt adds the additional key exchanges of what was chosen.
func (a *agreement) adopt(s *propose.Suite) {
	for _, g := range s.Added() {
		a.kes = append(a.kes, &keyExchange{group: g})
	}
}

// ke is the key exchange that it is the turn of.
func (a *agreement) ke() *keyExchange { return a.kes[a.turn] }

// nextKE goes over to the next key exchange, if there is one.
func (a *agreement) nextKE() bool {
	if a.turn+1 >= len(a.kes) {
		return false
	}
	a.turn++
	return true
}

// moreSecrets are those of the additional key exchanges.
func (a *agreement) moreSecrets() (list [][]byte) {
	for _, k := range a.kes[min(1, len(a.kes)):] {
		list = append(list, k.secret)
	}
	return list
}

// followups is how a CREATE_CHILD_SA goes on.
type followups struct {
	link     []byte    // that the next request carries
	held     bool      // our request waits for the window
	followBy time.Time // the responder's wait ends; zero: it does not wait
}

// intermediates are what AUTH covers of the exchanges of this kind.
type intermediates struct {
	count   uint32    // completed
	covered [2][]byte // IntAuth_i and IntAuth_r up to the last one
}

// intAuth is what both ends sign of them: IntAuth_i | IntAuth_r | IKE_AUTH_MID, the message
// id of the IKE_AUTH that follows. Nothing when there were none.
func (m *intermediates) intAuth() []byte {
	if m.count == 0 {
		return nil
	}
	return slices.Concat(m.covered[0], m.covered[1], binary.BigEndian.AppendUint32(nil, m.count+1))
}

// giveUp ends the wait for what would go on with the rekey of a pair that has gone: one that
// both ends have made anew meanwhile would get a twin.
func (t *traffic) giveUp(old *child, now time.Time) {
	for _, x := range t.exchanges {
		if x.old == old && !x.followBy.IsZero() {
			x.followBy = now
		}
	}
}

// followedBy is the exchange that a request of IKE_FOLLOWUP_KE goes on with; nil: there is
// none, and the answer is STATE_NOT_FOUND.
func (t *traffic) followedBy(m *wire.Message) *exchange {
	if m == nil || m.Notify(wire.ADDITIONAL_KEY_EXCHANGE) == nil {
		return nil
	}
	link := m.Notify(wire.ADDITIONAL_KEY_EXCHANGE).Data
	for _, x := range t.exchanges {
		if x.state == ChildRWait && bytes.Equal(link, x.link) {
			return x
		}
	}
	return nil
}
