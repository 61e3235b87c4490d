package wire

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// big is a protected message of about 1000 octets.
func big() *Message {
	m := small()
	for i := range 10 {
		m.Payloads = append(m.Payloads, &VendorID{Data: sequence(90 + i)})
	}
	return m
}

// opened opens fragments, which must be of one message.
func openedAll(t testing.TB, list [][]byte, c Cipher) (plain []byte, first *Fragment) {
	for i, b := range list {
		f, err := OpenFragment(b, c)
		require.NoError(t, err)
		require.EqualValues(t, i+1, f.Number)
		require.EqualValues(t, len(list), f.Total)
		if i == 0 {
			first = f
		}
		plain = append(plain, f.Plain...)
	}
	return plain, first
}

// "As is the case for the Encrypted payload, the Encrypted Fragment payload, if
// present in a message, MUST be the last payload in the message." (RFC 7383 2.5) It is
// the only one, too; and whatever the limit, none is
// longer, and together they are the message.
func TestFragments(t *testing.T) {
	for name, c := range ciphers(t) {
		for most := 100; most < 1300; most += 7 {
			list := big().Fragments(most, c, countIV)
			for _, b := range list {
				require.LessOrEqual(t, len(b), most, name)
				require.Equal(t, byte(TypeSKF), b[16])
			}
			plain, first := openedAll(t, list, c)
			m, err := Assembled(first, plain, 1)
			require.NoError(t, err)
			require.Equal(t, big().Payloads, m.Payloads)
		}
		require.Len(t, big().Fragments(big().SealedLen(c)+numbersLen, c, countIV), 1, name)
		require.Len(t, big().AppendSealed(nil, c, countIV), big().SealedLen(c), name)
		require.LessOrEqual(t, len(big().Fragments(1, c, countIV)), MaxFragments)
		require.Len(t, (&Message{}).Fragments(576, c, countIV), 1)
	}
}

// "in the very first fragment (with Fragment Number equal to 1), this field MUST be set
// to the payload type of the first inner payload (the same as for the Encrypted
// payload). In the rest of the Fragment messages (with Fragment Number greater than 1),
// this field MUST be set to zero." (RFC 7383 2.5)
func TestNextPayloadOfFragments(t *testing.T) {
	list := big().Fragments(300, aesGCM(t), countIV)
	require.Equal(t, byte(TypeDelete), list[0][HeaderLen])
	for _, b := range list[1:] {
		require.Zero(t, b[HeaderLen])
	}
}

// The layout of RFC 7383 2.5 octet for octet, through a cipher that changes
// nothing.
func TestFragmentLayout(t *testing.T) {
	m := small()
	m.Payloads = []Payload{&Notify{Protocol: ProtoIKE, Kind: INITIAL_CONTACT}}
	require.Equal(t, octets(t, `
		0000000000000001 0000000000000002 35 20 25 20 00000009 00000048
		29 00 002c 0001 0001                // SKF, a notify inside, the first of one
		0102030405060708                    // IV
		00 00 0008  01 00 4000              // INITIAL_CONTACT
		00000000000000 07                   // padding
		000000000000000000000000            // ICV`), m.Fragments(576, glass{}, countIV)[0])
}

// "Fragment Number ... MUST NOT be zero", "MUST be less than or equal to" Total
// Fragments (RFC 7383 2.5): before anything is deciphered.
func TestFragmentNumbers(t *testing.T) {
	c := aesGCM(t)
	b := big().Fragments(300, c, countIV)[0]
	for _, numbers := range [][2]uint16{{0, 0}, {0, 4}, {5, 4}, {1, 0}, {65535, 1}} {
		bad := slices.Clone(b)
		binary.BigEndian.PutUint16(bad[sealedHeader:], numbers[0])
		binary.BigEndian.PutUint16(bad[sealedHeader+2:], numbers[1])
		_, err := OpenFragment(bad, c)
		require.ErrorIs(t, err, ErrSyntax, "%v", numbers)
		_, err = Parse(bad)
		require.ErrorIs(t, err, ErrSyntax, "%v", numbers)
	}
}

// Each fragment is verified by itself: its numbers and its place in front too.
func TestTamperedFragments(t *testing.T) {
	for name, c := range ciphers(t) {
		b := big().Fragments(300, c, countIV)[1]
		for i := range b {
			bad := slices.Clone(b)
			bad[i] ^= 1
			_, err := OpenFragment(bad, c)
			require.Error(t, err, "%s: octet %d", name, i)
			require.NotErrorIs(t, err, ErrAuthentic)
		}
		for n := range b {
			_, err := OpenFragment(b[:n], c)
			require.Error(t, err)
		}
		_, err := Open(b, c)
		require.ErrorIs(t, err, ErrSyntax, "it is no whole message")
	}
}

// FuzzOpenFragment: whatever is inside a fragment, sealed as it is; then an
// octet is changed.
func FuzzOpenFragment(f *testing.F) {
	f.Add(uint16(1), uint16(1), byte(TypeNotify), []byte{0, 0, 0, 8, 1, 0, 0x40, 0, 0}, uint16(0), byte(0))
	f.Add(uint16(2), uint16(3), byte(0), []byte{1, 1}, uint16(40), byte(1))
	c := aesGCM(f)
	f.Fuzz(func(t *testing.T, number, total uint16, next byte, plain []byte, at uint16, change byte) {
		if len(plain) > 60000 {
			return
		}
		m := small()
		b := m.fragment(&Fragment{Next: PayloadType(next), Number: number, Total: total, Plain: plain}, c, countIV)
		b[int(at)%len(b)] ^= change
		got, err := OpenFragment(b, c)
		switch {
		case change != 0 || number == 0 || number > total:
			require.Error(t, err)
			require.NotErrorIs(t, err, ErrAuthentic)
			return
		}
		require.NoError(t, err)
		require.Equal(t, len(plain), len(got.Plain))
		whole, err := Assembled(got, got.Plain, len(b))
		if err == nil {
			_ = Check(whole)
		} else {
			require.ErrorIs(t, err, ErrAuthentic)
		}
	})
}
