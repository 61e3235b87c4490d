package propose

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Additional key exchanges: RFC 9370, section 2.2.1.

// adding is our menu with additional key exchanges.
func adding(kes ...[]ipsec.Group) Menu {
	m := Apart(menu())[0]
	m.AddKE = kes
	return m
}

// offering is a peer's proposal with transforms of these types: {6: {36, 0}} is ADDKE1 with
// ML-KEM-768 or NONE.
func offering(kes map[wire.TransformType][]ipsec.Group) []wire.Proposal {
	p := Offer(Apart(menu())[:1], nil)
	for kind := wire.TypeADDKE; kind < wire.TypeADDKE+wire.MaxADDKE; kind++ {
		for _, g := range kes[kind] {
			p[0].Transforms = append(p[0].Transforms, wire.Transform{Type: kind, ID: uint16(g)})
		}
	}
	return p
}

type kes = map[wire.TransformType][]ipsec.Group

// What a responder chooses of which offer; nil: nothing fits.
func TestAddedMethodsAreChosen(t *testing.T) {
	g := func(list ...ipsec.Group) []ipsec.Group { return append([]ipsec.Group{}, list...) }
	for name, c := range map[string]struct {
		ours  [][]ipsec.Group
		offer kes
		want  []ipsec.Group // of ADDKE1 on
	}{
		"none": {nil, nil, g()},
		// "On the other hand, if the initiator includes any ADDKE Transform Type in the proposal, the
		// responder MUST select one of the algorithms proposed using this type."
		"one that we do not want":    {nil, kes{6: g(36)}, nil},
		"one of three":               {[][]ipsec.Group{{37, 35}}, kes{6: g(36, 35, 31)}, g(35)},
		"none of them":               {[][]ipsec.Group{{37}}, kes{6: g(36, 35)}, nil},
		"a method that nobody knows": {[][]ipsec.Group{{36}}, kes{6: g(999, 36)}, g(36)},
		// "A Transform ID NONE MAY be added to those transform types that contain key exchange methods
		// which the initiator believes are optional"
		"one that we may leave out": {nil, kes{6: g(36, 0)}, g()},
		"NONE alone":                {nil, kes{6: g(0)}, g()},
		"NONE, where we want one":   {[][]ipsec.Group{{36}}, kes{6: g(0)}, nil},
		// "The initiator MAY propose ADDKE Transform Types that are not consecutive ... The responder MUST
		// treat all of the omitted ADDKE transforms as if they were proposed with Transform ID NONE."
		"ADDKE2 and ADDKE5":  {[][]ipsec.Group{nil, {36}, nil, nil, {31}}, kes{7: g(36), 10: g(31)}, g(0, 36, 0, 0, 31)},
		"ADDKE2, for ADDKE1": {[][]ipsec.Group{{36}}, kes{7: g(36)}, nil},
		// "However, for the ADDKE Transform Types, the responder's choice MUST NOT contain duplicated
		// algorithms (those with an identical Transform ID and attributes), except for the Transform ID of
		// NONE."
		"none twice":                    {[][]ipsec.Group{{36, 35}, {36, 35}}, kes{6: g(36, 35), 7: g(36, 35)}, g(36, 35)},
		"nor that of the first":         {[][]ipsec.Group{{19, 31}}, kes{6: g(19, 31)}, g(31)},
		"one is left for the second":    {[][]ipsec.Group{{36, 35}, {36}}, kes{6: g(36, 35), 7: g(36)}, g(35, 36)},
		"round about":                   {[][]ipsec.Group{{35, 36}, {36, 37}, {35}}, kes{6: g(35, 36), 7: g(36, 37), 8: g(35)}, g(36, 37, 35)},
		"NONE as often as one likes":    {nil, kes{6: g(0), 7: g(0), 8: g(36, 0)}, g()},
		"NONE where nothing is left":    {[][]ipsec.Group{{36}}, kes{6: g(36), 7: g(36, 0)}, g(36)},
		"three for two methods":         {[][]ipsec.Group{{36, 35}, {36, 35}, {36, 35}}, kes{6: g(36, 35), 7: g(36, 35), 8: g(36, 35)}, nil},
		"too few choices of the peer's": {[][]ipsec.Group{{36, 35}, {36, 35}}, kes{6: g(36), 7: g(36)}, nil},
	} {
		s, p, err := Choose([]Menu{adding(c.ours...)}, offering(c.offer))
		if c.want == nil {
			require.Error(t, err, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, append(slices.Clone(c.want), make([]ipsec.Group, wire.MaxADDKE-len(c.want))...), s.AddKE[:], name)
		require.Equal(t, slices.DeleteFunc(slices.Clone(c.want), func(g ipsec.Group) bool { return g == 0 }), append([]ipsec.Group{}, s.Added()...), name)
		answer := s.Answer(p, nil)
		for kind := range c.offer { // each type of the offer has one transform in the answer
			n := 0
			for _, t := range answer.Transforms {
				if t.Type == kind {
					n++
				}
			}
			require.Equal(t, 1, n, name)
		}
		_, _, err = Chosen([]Menu{peerMenu(c.offer)}, []wire.Proposal{answer})
		require.NoError(t, err, name)
	}
}

// peerMenu is the menu of who made an offer, with NONE as a method.
func peerMenu(offer kes) Menu {
	m := adding()
	m.AnyGroup = len(offer) > 0
	return m
}

// "If the responder's message contains one or more duplicated choices, the initiator should log the
// error and MUST treat the exchange as failed."
func TestDuplicatedChoices(t *testing.T) {
	ours := adding([]ipsec.Group{36, 31}, []ipsec.Group{36, 31})
	for _, c := range []struct {
		a, b ipsec.Group
		ok   bool
	}{{36, 31, true}, {31, 36, true}, {36, 36, false}, {31, 31, false}, {36, 0, false}, {0, 36, false}, {35, 36, false}} {
		_, _, err := Chosen([]Menu{ours}, []wire.Proposal{one(c.a, c.b)})
		require.Equal(t, c.ok, err == nil, "%v", c)
	}
	_, _, err := Chosen([]Menu{adding([]ipsec.Group{19})}, []wire.Proposal{one(19, 0)})
	require.Error(t, err, "the first exchange's is one of them")
}

// one is the choice of two methods.
func one(a, b ipsec.Group) wire.Proposal {
	p := offering(kes{6: {a}, 7: {b}})[0]
	p.Transforms = slices.DeleteFunc(p.Transforms, func(t wire.Transform) bool { return t.Type == wire.TypeDH && t.ID != 19 })
	return p
}

// A peer that names every method for every exchange costs no more than that.
func TestManyMethods(t *testing.T) {
	all := kes{}
	var known []ipsec.Group
	for g := range ipsec.Group(64) {
		if g.Known() && g != 19 {
			known = append(known, g)
		}
	}
	var ours [][]ipsec.Group
	for kind := wire.TypeADDKE; kind < wire.TypeADDKE+wire.MaxADDKE; kind++ {
		all[kind] = known[:wire.MaxADDKE-1]
		ours = append(ours, all[kind])
	}
	_, _, err := Choose([]Menu{adding(ours...)}, offering(all))
	require.Error(t, err, "seven exchanges, six methods")
}
