package propose

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

func menu() Menu {
	return Menu{
		Protocol: wire.ProtoIKE, Encr: []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 256}, {ID: ipsec.EncrAESGCM16, KeyBits: 128}},
		PRF: []ipsec.PRFID{ipsec.PRFSHA256}, Integ: []ipsec.IntegID{ipsec.IntegSHA256}, Group: []ipsec.Group{19, 14},
	}
}

// "If an initiator proposes both normal ciphers with integrity protection as well
// as combined-mode ciphers, then two proposals are needed." (RFC 7296, section 2.7)
func TestCombinedCiphersApart(t *testing.T) {
	menus := Apart(menu())
	require.Len(t, menus, 2)
	require.Empty(t, menus[1].Integ)
	offer := Offer(menus, nil)
	require.EqualValues(t, 2, offer[1].Number)
	s, p, err := Choose(menus[1:], offer)
	require.NoError(t, err)
	require.Equal(t, ipsec.IntegNone, s.Integ)
	require.EqualValues(t, 2, p.Number)
	back, _, err := Chosen(menus, []wire.Proposal{s.Answer(p, nil)})
	require.NoError(t, err)
	require.Equal(t, s, back)
}

// "If the responder receives a proposal that contains a Transform Type it does
// not understand ... it MUST consider this proposal unacceptable; however, other
// proposals in the same SA payload are processed as usual. ... if the responder
// receives a transform that it does not understand ... other transforms with the
// same Transform Type are processed as usual." (RFC 7296, section 3.3.6)
func TestUnknownIsPassedOver(t *testing.T) {
	menus := Apart(menu())
	strange, good := Offer(menus[:1], nil)[0], Offer(menus[:1], nil)[0]
	strange.Transforms = append(strange.Transforms, wire.Transform{Type: 6, ID: 36})
	good.Number = 2
	good.Transforms = append([]wire.Transform{{Type: wire.TypeDH, ID: 36}, {Type: wire.TypeEncr, ID: 999}}, good.Transforms...)
	s, p, err := Choose(menus, []wire.Proposal{strange, good})
	require.NoError(t, err)
	require.EqualValues(t, 2, p.Number)
	require.Equal(t, ipsec.Group(19), s.Group)
	_, _, err = Choose(menus, []wire.Proposal{strange})
	require.Error(t, err)
}

// TestMismatchShowsBothSides: the commonest failure of a VPN explains itself.
func TestMismatchShowsBothSides(t *testing.T) {
	theirs := menu()
	theirs.Group = []ipsec.Group{5}
	offer := Offer(Apart(theirs), nil)
	_, _, err := Choose(Apart(menu()), offer)
	var m *Mismatch
	require.ErrorAs(t, err, &m)
	require.Equal(t, offer, m.Received)
	require.Equal(t, Offer(Apart(menu()), nil), m.Local)
	require.ErrorContains(t, err, "received")
	_, _, err = Chosen(Apart(menu()), offer)
	require.Error(t, err, "two proposals are no choice")
	_, _, err = Chosen(Apart(menu()), Offer(Apart(menu())[:1], nil))
	require.Error(t, err, "one transform of each type")
}

// Extended Sequence Numbers are a mandatory type of ESP (RFC 7296, section 3.3.3): a set that asks
// for extended sequence numbers takes nothing else, one that does not refuses
// them, and the first proposal that both take decides.
func TestESN(t *testing.T) {
	cipher := []ipsec.Encr{{ID: ipsec.EncrAESGCM16, KeyBits: 128}}
	with, without := Menu{Protocol: wire.ProtoESP, Encr: cipher, ESN: true}, Menu{Protocol: wire.ProtoESP, Encr: cipher}
	for _, c := range []struct {
		ours, theirs []Menu
		esn, ok      bool
	}{
		{[]Menu{with}, []Menu{with}, true, true},
		{[]Menu{without}, []Menu{without}, false, true},
		{[]Menu{with}, []Menu{without}, false, false},
		{[]Menu{without}, []Menu{with}, false, false},
		{[]Menu{with, without}, []Menu{without}, false, true},
		{[]Menu{without, with}, []Menu{with}, true, true},
	} {
		s, p, err := Choose(c.ours, Offer(c.theirs, nil))
		require.Equal(t, c.ok, err == nil)
		if err != nil {
			continue
		}
		require.Equal(t, c.esn, s.ESN)
		back, _, err := Chosen(c.theirs, []wire.Proposal{s.Answer(p, nil)})
		require.NoError(t, err)
		require.Equal(t, s, back)
	}
	both := Offer([]Menu{with}, nil)
	both[0].Transforms = append(both[0].Transforms, wire.Transform{Type: wire.TypeESN, ID: 0})
	for _, m := range []Menu{with, without} { // a proposal with both leaves the choice to us
		s, _, err := Choose([]Menu{m}, both)
		require.NoError(t, err)
		require.Equal(t, m.ESN, s.ESN)
	}
	unnamed := Offer([]Menu{without}, nil)
	unnamed[0].Transforms = unnamed[0].Transforms[:1]
	for _, m := range []Menu{with, without} {
		_, _, err := Choose([]Menu{m}, unnamed)
		require.Error(t, err, "who names none has left a mandatory type out (3.3.6)")
	}
}

// TestAnyGroup: without PFS of our own the peer may ask for it.
func TestAnyGroup(t *testing.T) {
	m := Menu{Protocol: wire.ProtoESP, Encr: []ipsec.Encr{{ID: ipsec.EncrAESGCM16, KeyBits: 128}}, AnyGroup: true}
	offered := Menu{Protocol: wire.ProtoESP, Encr: m.Encr, Group: []ipsec.Group{99, 14}}
	s, _, err := Choose([]Menu{m}, Offer([]Menu{offered}, []byte{0, 0, 1, 0}))
	require.NoError(t, err)
	require.Equal(t, ipsec.Group(14), s.Group)
	require.True(t, Offers([]Menu{offered}, 14))
	require.False(t, Offers([]Menu{offered}, 15))
}

// "if a peer is configured to accept a variable-length cipher with a key length of X bits
// and is offered that cipher with a larger key length, the implementation SHOULD accept the
// offer if it supports use of the longer key" (RFC 7296, section 3.3.5). We do not, knowingly:
// as in IOS a proposal lists each length that it takes, and what is not listed is a mismatch.
func TestLongerKeysAreNotTaken(t *testing.T) {
	ours, theirs := menu(), menu()
	ours.Encr, theirs.Encr = []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 128}}, []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 256}}
	_, _, err := Choose([]Menu{ours}, Offer([]Menu{theirs}, nil))
	require.Error(t, err)
	theirs.Encr = append(theirs.Encr, ours.Encr...)
	s, _, err := Choose([]Menu{ours}, Offer([]Menu{theirs}, nil))
	require.NoError(t, err)
	require.EqualValues(t, 128, s.Encr.KeyBits)
}
