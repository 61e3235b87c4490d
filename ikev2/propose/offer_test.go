package propose

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// "If there is more than one, they MUST be ordered from most preferred to least
// preferred." (RFC 7296, section 3.3) "To propose alternate values for an attribute (for
// example, multiple key sizes for the AES encryption algorithm), an implementation MUST
// include multiple transforms with the same Transform Type each with a single Attribute."
func TestPreference(t *testing.T) {
	first, second := menu(), menu()
	first.Encr = []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 256}, {ID: ipsec.Encr3DES}, {ID: ipsec.EncrAESCBC, KeyBits: 128}}
	second.Encr, second.PRF = first.Encr[2:], []ipsec.PRFID{ipsec.PRFSHA1}
	offer := Offer([]Menu{first, second}, nil)
	require.Equal(t, []wire.Transform{
		{Type: wire.TypeEncr, ID: uint16(ipsec.EncrAESCBC), KeyBits: 256}, {Type: wire.TypeEncr, ID: uint16(ipsec.Encr3DES)},
		{Type: wire.TypeEncr, ID: uint16(ipsec.EncrAESCBC), KeyBits: 128},
	}, offer[0].Transforms[:3])
	require.Equal(t, []uint8{1, 2}, []uint8{offer[0].Number, offer[1].Number})
	s, p, err := Choose([]Menu{second, first}, offer)
	require.NoError(t, err)
	require.EqualValues(t, 2, p.Number, "ours decides")
	answer := s.Answer(p, nil)
	_, _, err = Chosen([]Menu{first, second}, []wire.Proposal{answer})
	require.NoError(t, err)
	_, _, err = Chosen([]Menu{first, second}, []wire.Proposal{answer, answer})
	require.Error(t, err, "\"the responder MUST choose a single proposal\" (3.3.6)")
	// "Any attributes of a selected transform MUST be returned unmodified." (3.3.6)
	require.Equal(t, []wire.Transform{
		{Type: wire.TypeEncr, ID: uint16(ipsec.EncrAESCBC), KeyBits: 128}, {Type: wire.TypePRF, ID: uint16(ipsec.PRFSHA1)},
		{Type: wire.TypeInteg, ID: uint16(ipsec.IntegSHA256)}, {Type: wire.TypeDH, ID: 19},
	}, s.Answer(p, nil).Transforms)
}

// "Combined-mode ciphers include both integrity and encryption in a single encryption
// algorithm, and MUST either offer no integrity algorithm or a single integrity algorithm of
// "NONE", with no integrity algorithm being the RECOMMENDED method." (RFC 7296, section 3.3)
func TestOffersOfCombinedCiphers(t *testing.T) {
	aead := Apart(menu())[1:]
	for _, esp := range []bool{false, true} {
		if m := &aead[0]; esp {
			m.Protocol, m.PRF, m.Group = wire.ProtoESP, nil, nil
		}
		for name, row := range map[string]struct {
			integ []uint16
			ok    bool
		}{"none at all": {nil, true}, "NONE": {[]uint16{0}, true}, "a real one": {[]uint16{12}, false}} {
			offer := Offer(aead, nil)
			for _, id := range row.integ {
				offer[0].Transforms = append(offer[0].Transforms, wire.Transform{Type: wire.TypeInteg, ID: id})
			}
			_, _, err := Choose(aead, offer)
			require.Equal(t, row.ok, err == nil, name)
		}
	}
}

// "A transform MUST NOT have multiple attributes of the same type." (RFC 7296, section
// 3.3) "The Key Length attribute MUST NOT be used with transforms that use a fixed-length
// key." "Some transforms specify that the Key Length attribute MUST be always included
// (omitting the attribute is not allowed, and proposals not containing it MUST be
// rejected)." (3.3.5) "Similarly, if the responder receives a transform that it does not
// understand, or one that contains a Transform Attribute it does not understand, it MUST
// consider this transform unacceptable" (3.3.6)
func TestTransformsThatAreNone(t *testing.T) {
	m := menu()
	m.Encr = []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 128}, {ID: ipsec.Encr3DES}}
	cbc, des := uint16(ipsec.EncrAESCBC), uint16(ipsec.Encr3DES)
	for name, bad := range map[string]wire.Transform{
		"no key length":           {Type: wire.TypeEncr, ID: cbc},
		"another one":             {Type: wire.TypeEncr, ID: cbc, KeyBits: 192},
		"two":                     {Type: wire.TypeEncr, ID: cbc, KeyBits: 128, Attrs: []wire.Attr{{Type: 14, TV: true, Value: []byte{1, 0}}}},
		"in the long form":        {Type: wire.TypeEncr, ID: cbc, Attrs: []wire.Attr{{Type: 14, Value: []byte{0, 128}}}},
		"where there is only one": {Type: wire.TypeEncr, ID: des, KeyBits: 192},
		"an attribute unknown":    {Type: wire.TypeEncr, ID: des, Attrs: []wire.Attr{{Type: 99, TV: true, Value: []byte{0, 1}}}},
		"an id unknown":           {Type: wire.TypeEncr, ID: 999, KeyBits: 128},
	} {
		offer := Offer([]Menu{m}, nil)
		rest := offer[0].Transforms[2:]
		offer[0].Transforms = append([]wire.Transform{bad}, rest...)
		_, _, err := Choose([]Menu{m}, offer)
		require.Error(t, err, name)
		// "other transforms with the same Transform Type are processed as usual" (3.3.6)
		offer[0].Transforms = append(offer[0].Transforms, wire.Transform{Type: wire.TypeEncr, ID: des})
		s, _, err := Choose([]Menu{m}, offer)
		require.NoError(t, err, name)
		require.Equal(t, ipsec.Encr3DES, s.Encr.ID, name)
	}
}
