package wire

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// seeds are all messages and refusals that the tests know.
func seeds(f *testing.F) [][]byte {
	list := [][]byte{nil, octets(f, rekeyChild)}
	for _, n := range notedMessages() {
		list = append(list, n.message().Append(nil))
	}
	for _, row := range payloadRows {
		list = append(list, alone(row.value.Type(), octets(f, row.wire)[genericLen:]))
	}
	for _, row := range badPayloads {
		list = append(list, alone(row.t, octets(f, row.body)))
	}
	return list
}

// FuzzParse: what is accepted is written back in as many octets and read back
// as the same message; Check and the names take whatever comes.
func FuzzParse(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	c := aesGCM(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			require.Nil(t, m)
			return
		}
		again := m.Append(nil)
		require.Len(t, again, len(b))
		back, err := Parse(again)
		require.NoError(t, err)
		require.Equal(t, m, back)
		require.Equal(t, again, back.Append(nil))
		_ = Check(m)
		if n := len(m.Payloads); n > 0 && m.Payloads[n-1].Type().sealed() || len(b) > 65000 {
			return
		}
		opened, err := Open(m.AppendSealed(nil, c, countIV), c)
		require.NoError(t, err)
		require.Equal(t, m.Payloads, opened.Payloads)
	})
}

// FuzzOpen: plain is sealed as it is, padding included, and then one octet of
// the datagram is changed. Changed datagrams are a stranger's, whole ones the
// peer's; neither harms the datagram.
func FuzzOpen(f *testing.F) {
	for _, b := range seeds(f) {
		if len(b) > HeaderLen {
			f.Add(b[16], append(slices.Clone(b[HeaderLen:]), 0), uint16(0), byte(0))
			f.Add(b[16], append(slices.Clone(b[HeaderLen:]), 1, 1), uint16(len(b)), byte(1))
		}
	}
	c := aesGCM(f)
	f.Fuzz(func(t *testing.T, first byte, plain []byte, at uint16, change byte) {
		if len(plain) == 0 || len(plain) > 65000 {
			return
		}
		b := sealRaw(c, PayloadType(first), plain)
		b[int(at)%len(b)] ^= change
		before := slices.Clone(b)
		m, err := Open(b, c)
		require.Equal(t, before, b)
		if change != 0 {
			require.Error(t, err)
			require.NotErrorIs(t, err, ErrAuthentic)
			return
		}
		_, want, wantErr := parsePlain(PayloadType(first), plain)
		if wantErr == nil {
			require.NoError(t, err)
			require.Equal(t, want.Payloads, m.Payloads)
			return
		}
		require.ErrorIs(t, err, ErrAuthentic)
		var critical ErrUnsupportedCritical
		require.True(t, errors.Is(err, ErrSyntax) || errors.As(err, &critical))
	})
}
