package wire

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func ciphers(t testing.TB) map[string]Cipher {
	return map[string]Cipher{"AES-CBC": aesSHA1(t), "3DES": tripleDESSHA1(t), "AES-GCM": aesGCM(t)}
}

// small is a protected message of 57 octets inside.
func small() *Message {
	return &Message{
		Header: Header{SPIi: 1, SPIr: 2, Version: 0x20, Exchange: INFORMATIONAL, Flags: FlagResponse, MessageID: 9},
		Payloads: []Payload{&Delete{Protocol: ProtoESP, SPIs: [][]byte{{1, 2, 3, 4}}},
			&VendorID{Data: sequence(29)}, &Notify{Kind: SET_WINDOW_SIZE, Data: []byte{0, 0, 0, 5}}},
	}
}

func TestSealAndOpen(t *testing.T) {
	for name, c := range ciphers(t) {
		prefix := []byte("in front")
		b := small().AppendSealed(slices.Clone(prefix), c, countIV)
		require.Equal(t, prefix, b[:8], name)
		b = b[8:]
		sealed := slices.Clone(b)
		m, err := Open(b, c)
		require.NoError(t, err, name)
		require.Equal(t, sealed, b, "Open modified the datagram")
		require.Equal(t, small().Payloads, m.Payloads, name)
		require.Equal(t, len(b), m.EncryptedLen, name)
		require.Equal(t, Header{SPIi: 1, SPIr: 2, Next: TypeSK, Version: 0x20, Exchange: INFORMATIONAL,
			Flags: FlagResponse, MessageID: 9, Length: uint32(len(b))}, m.Header, name)
		again := m.AppendSealed(nil, c, countIV)
		require.Equal(t, sealed, again, name)
		clear(b)
		require.Equal(t, small().Payloads, m.Payloads, "the message refers to the datagram")
	}
}

// The layout of RFC 7296 3.14 octet for octet, through a cipher that changes
// nothing: one notify of 8 octets needs 7 of padding and their number.
func TestSealedLayout(t *testing.T) {
	m := small()
	m.Payloads = []Payload{&Notify{Protocol: ProtoIKE, Kind: INITIAL_CONTACT}}
	require.Equal(t, octets(t, `
		0000000000000001 0000000000000002 2e 20 25 20 00000009 00000044
		29 00 0028                          // ENCR, a notify inside
		0102030405060708                    // IV
		00 00 0008  01 00 4000              // INITIAL_CONTACT
		00000000000000 07                   // padding
		000000000000000000000000            // ICV`), m.AppendSealed(nil, glass{}, countIV))
}

func TestPaddingIsTheLeast(t *testing.T) {
	for n := range 64 {
		m := small()
		m.Payloads = []Payload{&VendorID{Data: sequence(n)}}
		for name, c := range ciphers(t) {
			b := m.AppendSealed(nil, c, countIV)
			body := len(b) - sealedHeader - c.IVLen() - c.ICVLen()
			require.Zero(t, body%c.BlockLen(), name)
			require.Less(t, body-(n+genericLen+1), c.BlockLen(), name)
			_, err := Open(b, c)
			require.NoError(t, err, name)
		}
	}
}

// An empty protected message is the liveness check (RFC 7296 1.4).
func TestEmptySealed(t *testing.T) {
	for name, c := range ciphers(t) {
		m := small()
		m.Payloads = nil
		b := m.AppendSealed(nil, c, countIV)
		require.Equal(t, byte(NoNext), b[HeaderLen], name)
		back, err := Open(b, c)
		require.NoError(t, err, name)
		require.Empty(t, back.Payloads, name)
		require.NoError(t, Check(back), name)
	}
}

// Whatever octet a stranger changes, the error is never one of the peer's.
func TestTamperedOctets(t *testing.T) {
	for name, c := range ciphers(t) {
		b := small().AppendSealed(nil, c, countIV)
		for i := range b {
			for _, bit := range []byte{1, 0x80} {
				_, err := Open(edit(b, i, b[i]^bit), c)
				require.Error(t, err, "%s, octet %d", name, i)
				require.NotErrorIs(t, err, ErrAuthentic, "%s, octet %d", name, i)
			}
		}
		_, err := Open(edit(b, len(b)-1, b[len(b)-1]^1), c)
		require.ErrorIs(t, err, ErrIntegrity, name)
		for n := range b {
			_, err := Open(b[:n], c)
			require.ErrorIs(t, err, ErrSyntax, name)
		}
	}
}

// A stranger's datagrams that fail before the cipher is asked.
func TestOpenRefusesUnread(t *testing.T) {
	c := aesSHA1(t)
	sk := raw(NoNext, 0, sequence(16+16+12))
	for _, row := range []struct {
		name string
		data []byte
		says string
	}{
		{"in clear", alone(TypeVendorID, nil), "first payload is VID, not ENCR"},
		{"no payload", datagram(INFORMATIONAL, NoNext, nil), "first payload is NONE, not ENCR"},
		{"a payload in front", datagram(INFORMATIONAL, TypeVendorID, append(raw(TypeSK, 0, nil), sk...)), "first payload is VID"},
		{"no generic header", datagram(INFORMATIONAL, TypeSK, nil), "ENCR: 28 octets, at least 61"},
		{"room for IV and ICV only", datagram(INFORMATIONAL, TypeSK, raw(NoNext, 0, sequence(28))), "ENCR: 60 octets, at least 61"},
		{"half a block", datagram(INFORMATIONAL, TypeSK, raw(NoNext, 0, sequence(36))), "8 encrypted octets, a block has 16"},
		{"payload length short", datagram(INFORMATIONAL, TypeSK, edit(sk, 3, sk[3]-1)), "ENCR: length 47, must be 48"},
		{"payload length long", datagram(INFORMATIONAL, TypeSK, edit(sk, 3, sk[3]+1)), "ENCR: length 49, must be 48"},
		{"octets behind", datagram(INFORMATIONAL, TypeSK, append(slices.Clone(sk), 0)), "ENCR: length 48, must be 49"},
	} {
		m, err := Open(row.data, c)
		require.Nil(t, m, row.name)
		require.ErrorIs(t, err, ErrSyntax, row.name)
		require.NotErrorIs(t, err, ErrAuthentic, row.name)
		require.ErrorContains(t, err, row.says, row.name)
	}
	b := small().AppendSealed(nil, c, countIV)
	_, err := Open(edit(b, 17, 0x30), c)
	require.ErrorIs(t, err, ErrVersion)
}

// What the peer itself sent wrong is told apart.
func TestBadInside(t *testing.T) {
	vid := raw(NoNext, 0, sequence(3))
	for _, row := range []struct {
		name  string
		first PayloadType
		plain []byte
		want  error
		says  string
	}{
		{"padding beyond the start", NoNext, []byte{1}, ErrSyntax, "ENCR: padding of 1 octets in 0"},
		{"padding of 255", TypeVendorID, append(slices.Clone(vid), 255), ErrSyntax, "ENCR: padding of 255 octets in 7"},
		{"padding into a payload", TypeVendorID, append(slices.Clone(vid), 1), ErrSyntax, "ENCR: VID: length 7, at least 4 and at most 6"},
		{"octets between payload and padding", TypeVendorID, append(slices.Clone(vid), 9, 9, 0), ErrSyntax, "ENCR: 2 octets behind"},
		{"payload promised", TypeVendorID, []byte{0}, ErrSyntax, "ENCR: VID: 0 octets left"},
		{"payload broken", TypeKE, append(slices.Clone(vid), 0), ErrSyntax, "ENCR: KE: 3 octets, at least 4"},
		{"unknown critical", 99, append(raw(NoNext, 0x80, nil), 0), ErrUnsupportedCritical{99}, "critical payload 99"},
		{"ENCR inside", TypeSK, append(raw(NoNext, 0, sequence(40)), 0), ErrSyntax, "ENCR: ENCR inside"},
		{"ENCR inside, second", TypeVendorID, append(append(raw(TypeSK, 0, nil), raw(NoNext, 0, nil)...), 0), ErrSyntax, "ENCR: ENCR inside"},
	} {
		m, err := Open(sealRaw(aesGCM(t), row.first, row.plain), aesGCM(t))
		require.Nil(t, m, row.name)
		require.ErrorIs(t, err, ErrAuthentic, row.name)
		require.ErrorIs(t, err, row.want, row.name)
		require.NotErrorIs(t, err, ErrIntegrity, row.name)
		require.ErrorContains(t, err, row.says, row.name)
	}
}

// Any padding is good, of any octets and longer than needed (RFC 7296 3.14).
func TestGenerousPadding(t *testing.T) {
	plain := append(raw(NoNext, 0, sequence(3)), sequence(255)...)
	m, err := Open(sealRaw(aesGCM(t), TypeVendorID, append(plain, 255)), aesGCM(t))
	require.NoError(t, err)
	require.Equal(t, []Payload{&VendorID{Data: sequence(3)}}, m.Payloads)
	m, err = Open(sealRaw(aesSHA1(t), TypeVendorID, append(plain[:7+24], 24)), aesSHA1(t))
	require.NoError(t, err)
	require.Len(t, m.Payloads, 1)
}
