package wire

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// One row for every refusal, with the words that say why.
var badPayloads = []struct {
	name string
	t    PayloadType
	body string
	says string
}{
	{"SA, empty", TypeSA, "", "SA: no proposal"},
	{"proposal, short", TypeSA, "00 00 0007 01 01 00", "SA: proposal 1: 7 octets, at least 8"},
	{"proposal, length under its fields", TypeSA, "00 00 0007 01 01 00 00", "SA: proposal 1: length 7, at least 8 and at most 8"},
	{"proposal, length 0", TypeSA, "00 00 0000 01 01 00 00", "SA: proposal 1: length 0"},
	{"proposal, length beyond the payload", TypeSA, "00 00 0009 01 01 00 00", "SA: proposal 1: length 9, at least 8 and at most 8"},
	{"proposal, more promised", TypeSA, "02 00 0008 01 01 00 00", "SA: proposal 1: mark 2 with 0 octets behind"},
	{"proposal, more behind the last", TypeSA, "00 00 0008 01 01 00 00  00 00 0008 02 01 00 00", "SA: proposal 1: mark 0 with 8 octets behind"},
	{"proposal, mark of a transform", TypeSA, "03 00 0008 01 01 00 00  00 00 0008 02 01 00 00", "mark 3"},
	{"proposals numbered 1, 1", TypeSA, "02 00 0008 01 01 00 00  00 00 0008 01 01 00 00", "SA: proposal 2: number 1 behind 1"},
	{"proposals numbered 1, 3", TypeSA, "02 00 0008 01 01 00 00  00 00 0008 03 01 00 00", "SA: proposal 2: number 3 behind 1"},
	{"SPI beyond the proposal", TypeSA, "00 00 000b 01 03 04 00 010203", "SPI of 4 octets in 3"},
	{"SPI of 4 for IKE", TypeSA, "00 00 000c 01 01 04 00 01020304", "SPI of 4 octets for protocol IKE"},
	{"SPI of 0 for ESP", TypeSA, "00 00 0008 01 03 00 00", "SPI of 0 octets for protocol ESP"},
	{"SPI of 8 for AH", TypeSA, "00 00 0010 01 02 08 00 0102030405060708", "SPI of 8 octets for protocol AH"},
	{"255 transforms announced, none there", TypeSA, "00 00 0008 01 01 00 ff", "255 transforms in 0 octets"},
	{"a transform more than announced", TypeSA, "00 00 0018 01 01 00 01 03 00 0008 01 00 0003 00 00 0008 02 00 0002", "1 transforms announced, 1 found, 8 octets behind"},
	{"a transform none announced", TypeSA, "00 00 0010 01 01 00 00 00 00 0008 01 00 0003", "0 transforms announced, 0 found, 8 octets behind"},
	{"a transform less than announced", TypeSA, "00 00 0018 01 01 00 02 00 00 0010 01 00 0003 800e 0080 800f 0001", "2 transforms announced, 1 found"},
	{"transform, short", TypeSA, "00 00 0010 01 01 00 01 00 00 0007 01 00 0003", "SA: proposal 1: transform 1: length 7"},
	{"transform, length 0", TypeSA, "00 00 0010 01 01 00 01 00 00 0000 01 00 0003", "SA: proposal 1: transform 1: length 0"},
	{"transform, length beyond the proposal", TypeSA, "00 00 0010 01 01 00 01 00 00 0009 01 00 0003", "transform 1: length 9, at least 8 and at most 8"},
	{"transform, more promised", TypeSA, "00 00 0010 01 01 00 01 03 00 0008 01 00 0003", "transform 1: mark 3 with 0 octets behind"},
	{"transform, mark of a proposal", TypeSA, "00 00 0018 01 01 00 02 02 00 0008 01 00 0003 00 00 0008 02 00 0002", "transform 1: mark 2"},
	{"octets behind a transform", TypeSA, "00 00 0012 01 01 00 01 00 00 0008 01 00 0003 0000", "mark 0 with 2 octets behind"},
	{"attribute, short", TypeSA, "00 00 0012 01 01 00 01 00 00 000a 01 00 0003 800e", "transform 1: attribute: 2 octets"},
	{"attribute, value beyond the transform", TypeSA, "00 00 0014 01 01 00 01 00 00 000c 01 00 0003 000e 0001", "attribute 14: length 1, at most 0"},
	{"KE, short", TypeKE, "0002 00", "KE: 3 octets, at least 4"},
	{"IDi, short", TypeIDi, "01 0000", "IDi: 3 octets, at least 4"},
	{"IDi, IPv4 of 5", TypeIDi, "01 000000 0102030405", "IDi: ID_IPV4_ADDR of 5 octets"},
	{"IDr, IPv6 of 4", TypeIDr, "05 000000 01020304", "IDr: ID_IPV6_ADDR of 4 octets"},
	{"CERT, empty", TypeCert, "", "CERT: 0 octets, at least 1"},
	{"CERTREQ, empty", TypeCertReq, "", "CERTREQ: 0 octets, at least 1"},
	{"AUTH, short", TypeAuth, "02 0000", "AUTH: 3 octets, at least 4"},
	{"nonce of 15", TypeNonce, strings.Repeat("00", 15), "N: 15 octets, a nonce has 16 to 256"},
	{"nonce of 257", TypeNonce, strings.Repeat("00", 257), "N: 257 octets, a nonce has 16 to 256"},
	{"notify, short", TypeNotify, "00 00 40", "NOTIFY: 3 octets, at least 4"},
	{"notify, SPI beyond it", TypeNotify, "03 04 4009 010203", "NOTIFY: REKEY_SA: SPI of 4 octets in 3"},
	{"notify, SPI of the IKE SA", TypeNotify, "01 08 4001 0102030405060708 00000005", "SPI of 8 octets for protocol IKE"},
	{"notify, ESP SPI of 3", TypeNotify, "03 03 002c 010203", "CHILD_SA_NOT_FOUND: SPI of 3 octets for protocol ESP"},
	{"REKEY_SA without an SPI", TypeNotify, "03 00 4009", "REKEY_SA: SPI of 0 octets for protocol ESP"},
	{"REKEY_SA of protocol 0", TypeNotify, "00 04 4009 01020304", "REKEY_SA: SPI of 4 octets for protocol Unknown - 0"},
	{"REKEY_SA of IKE", TypeNotify, "01 00 4009", "REKEY_SA: SPI of 0 octets for protocol IKE"},
	{"INVALID_KE_PAYLOAD without a group", TypeNotify, "00 00 0011 02", "INVALID_KE_PAYLOAD: 1 octets of data, must be 2"},
	{"SET_WINDOW_SIZE of 2 octets", TypeNotify, "01 00 4001 0005", "SET_WINDOW_SIZE: 2 octets of data"},
	{"source hash of 19", TypeNotify, "00 00 4004" + strings.Repeat("00", 19), "NAT_DETECTION_SOURCE_IP: 19 octets"},
	{"destination hash of 21", TypeNotify, "00 00 4005" + strings.Repeat("00", 21), "NAT_DETECTION_DESTINATION_IP: 21 octets"},
	{"empty cookie", TypeNotify, "00 00 4006", "COOKIE: 0 octets"},
	{"cookie of 65", TypeNotify, "00 00 4006" + strings.Repeat("00", 65), "COOKIE: 65 octets"},
	{"UNSUPPORTED_CRITICAL_PAYLOAD without type", TypeNotify, "00 00 0001", "UNSUPPORTED_CRITICAL_PAYLOAD: 0 octets"},
	{"INVALID_MESSAGE_ID of 3", TypeNotify, "00 00 0009 010203", "INVALID_MESSAGE_ID: 3 octets"},
	{"delete, short", TypeDelete, "01 00 00", "DELETE: 3 octets, at least 4"},
	{"delete, fewer SPIs than announced", TypeDelete, "03 04 0002 01020304", "DELETE: 2 SPIs of 4 octets in 4"},
	{"delete, more SPIs than announced", TypeDelete, "03 04 0001 01020304 05060708", "DELETE: 1 SPIs of 4 octets in 8"},
	{"delete, 65535 SPIs of 0", TypeDelete, "03 00 ffff", "DELETE: 65535 SPIs of 0 octets in 0"},
	{"delete, size without SPIs", TypeDelete, "03 04 0000", "DELETE: 0 SPIs of 4 octets in 0"},
	{"delete, IKE with an SPI", TypeDelete, "01 08 0001 0102030405060708", "DELETE: SPIs of 8 octets for protocol IKE"},
	{"delete, ESP SPIs of 2", TypeDelete, "03 02 0002 01020304", "DELETE: SPIs of 2 octets for protocol ESP"},
	{"delete, ESP without SPIs", TypeDelete, "03 00 0000", "DELETE: SPIs of 0 octets for protocol ESP"},
	{"delete, protocol 0", TypeDelete, "00 04 0001 01020304", "DELETE: SPIs of 4 octets for protocol Unknown - 0"},
	{"TS, short", TypeTSi, "01 0000", "TSi: 3 octets, at least 4"},
	{"TS of none", TypeTSi, "00 000000", "TSi: 0 selectors in 0 octets"},
	{"TS, fewer than announced", TypeTSi, "02 000000 07 00 0010 0000 ffff 00000000 ffffffff", "TSi: selector 2: 0 octets, at least 4"},
	{"TS, more than announced", TypeTSr, "01 000000" + strings.Repeat("07 00 0010 0000 ffff 00000000 ffffffff", 2), "TSr: 16 octets behind 1 selectors"},
	{"TS, second selector cut", TypeTSr, "02 000000 08 00 0028 0000 ffff" + strings.Repeat("00", 32) + "07 00 0010", "TSr: selector 2: type 7 of length 16 in 4 octets"},
	{"TS, IPv6 in IPv4's length", TypeTSi, "01 000000 08 00 0010 0000 ffff 00000000 ffffffff", "selector 1: type 8 of length 16 in 16 octets, must be 40"},
	{"TS, IPv6 that does not fit", TypeTSi, "01 000000 08 00 0028 0000 ffff 00000000 ffffffff", "type 8 of length 40 in 16 octets"},
	{"TS, length 0", TypeTSi, "01 000000 07 00 0000 0000 ffff 00000000 ffffffff", "type 7 of length 0"},
	{"TS, unknown type of no length", TypeTSi, "01 000000 09 00 0003 0000 ffff 00000000 ffffffff", "selector 1: type 9 of length 3"},
	{"TS, unknown type of length 0", TypeTSi, "01 000000 00 01 0000 ffff 0000 00000000 0000ffff", "selector 1: type 0 of length 0"},
	{"TS, unknown type that does not fit", TypeTSi, "01 000000 09 00 0011 0000 ffff 00000000 ffffffff", "selector 1: type 9 of length 17"},
	{"TS, ports upside down", TypeTSi, "01 000000 07 00 0010 0002 0001 00000000 ffffffff", "ports 2 to 1"},
	{"TS, addresses upside down", TypeTSi, "01 000000 07 00 0010 0000 ffff 00000001 00000000", "addresses 0.0.0.1 to 0.0.0.0"},
	{"CFG, short", TypeCP, "01 0000", "CFG: 3 octets, at least 4"},
	{"CFG, attribute cut", TypeCP, "01 000000 0003 00", "CFG: attribute 1: 3 octets, at least 4"},
	{"CFG, value beyond the payload", TypeCP, "01 000000 0003 0000 0001 0004 0a0000", "CFG: attribute 2: length 4, at most 3"},
}

func TestBadPayloads(t *testing.T) {
	for _, row := range badPayloads {
		t.Run(row.name, func(t *testing.T) {
			_, err := Parse(alone(row.t, octets(t, row.body)))
			require.ErrorIs(t, err, ErrSyntax)
			require.ErrorContains(t, err, row.says)
		})
	}
}

// edit is a copy of b with one octet set.
func edit(b []byte, at int, v byte) []byte {
	b = slices.Clone(b)
	b[at] = v
	return b
}

func TestBadMessages(t *testing.T) {
	good := datagram(INFORMATIONAL, TypeVendorID, append(raw(TypeNonce, 0, sequence(4)), raw(NoNext, 0, sequence(20))...))
	_, err := Parse(good)
	require.NoError(t, err)
	vendors := func(n int) []byte {
		chain := bytes.Repeat(raw(TypeVendorID, 0, nil), n)
		chain[(n-1)*genericLen] = 0
		return datagram(INFORMATIONAL, TypeVendorID, chain)
	}
	_, err = Parse(vendors(64))
	require.NoError(t, err)
	for _, row := range []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"nothing", nil, ErrSyntax, "0 octets, a header has 28"},
		{"a header short of one octet", good[:27], ErrSyntax, "27 octets"},
		{"major version 1", edit(good, 17, 0x10), ErrVersion, "1.0"},
		{"major version 3", edit(good, 17, 0x31), ErrVersion, "3.1"},
		{"length above", edit(good, 27, good[27]+1), ErrSyntax, "length 61, the datagram has 60"},
		{"length below", edit(good, 27, good[27]-1), ErrSyntax, "length 59, the datagram has 60"},
		{"length of 4 GB", edit(good, 24, 0xff), ErrSyntax, "the datagram has 60"},
		{"a datagram no UDP carries", datagram(INFORMATIONAL, NoNext, make([]byte, 65536)), ErrSyntax, "at most 65535"},
		{"octets without a payload", edit(good, 16, 0), ErrSyntax, "32 octets behind the last payload"},
		{"a chain that ends early", edit(good, 28, 0), ErrSyntax, "24 octets behind the last payload"},
		{"a chain that goes on", edit(good, 36, 43), ErrSyntax, "VID: 0 octets left"},
		{"payload length 0", edit(good, 31, 0), ErrSyntax, "VID: length 0, at least 4"},
		{"payload length 3", edit(good, 31, 3), ErrSyntax, "VID: length 3, at least 4"},
		{"payload length beyond the datagram", edit(good, 31, 33), ErrSyntax, "at most 32 fit"},
		{"payload length into the next", edit(good, 31, 9), ErrSyntax, "N: length"},
		{"65 payloads", vendors(65), ErrSyntax, "more than 64 payloads"},
		{"octets behind ENCR", datagram(IKE_AUTH, TypeSK, append(raw(TypeIDi, 0, sequence(40)), 0)), ErrSyntax, "1 octets behind"},
		{"unknown critical payload", datagram(INFORMATIONAL, 200, raw(NoNext, 0x80, nil)), ErrUnsupportedCritical{200}, "critical payload 200"},
		{"critical payload of IKEv1", datagram(INFORMATIONAL, 1, raw(NoNext, 0x80, nil)), ErrUnsupportedCritical{1}, "critical payload 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, err := Parse(row.data)
			require.Nil(t, m)
			require.ErrorIs(t, err, row.want)
			require.ErrorContains(t, err, row.says)
		})
	}
}

// Unknown payloads are skipped, not refused, unless they are critical
// (RFC 7296 2.5); a minor version and reserved flags say nothing (3.1).
func TestForwardCompatibility(t *testing.T) {
	b := datagram(INFORMATIONAL, 200, append(raw(TypeVendorID, 0x7f, sequence(4)), raw(NoNext, 0x80, sequence(2))...))
	b[17], b[19] = 0x2f, 0xff
	m, err := Parse(b)
	require.NoError(t, err)
	require.Equal(t, []Payload{&Unknown{Kind: 200, Data: sequence(4)}, &VendorID{Data: sequence(2)}}, m.Payloads)
	require.NoError(t, Check(m))
}

// An Unknown that is built as critical is refused by a reader.
func TestCriticalIsWritten(t *testing.T) {
	m := &Message{Header: Header{Version: 0x20}, Payloads: []Payload{&Unknown{Kind: 201, Critical: true}}}
	_, err := Parse(m.Append(nil))
	var critical ErrUnsupportedCritical
	require.True(t, errors.As(err, &critical))
	require.Equal(t, PayloadType(201), critical.Type)
}

// No claimed length makes Parse allocate: whatever these few octets say, they
// cost a message that has nothing yet and a few small objects.
func TestClaimsCostNothing(t *testing.T) {
	for name, b := range map[string][]byte{
		"selectors":  alone(TypeTSi, octets(t, "ff 000000 07 00 0010 0000 ffff 00000000 ffffffff")),
		"transforms": alone(TypeSA, octets(t, "00 00 0008 01 01 00 ff")),
		"SPIs":       alone(TypeDelete, octets(t, "03 04 ffff 01020304")),
		"header":     edit(alone(TypeVendorID, nil), 24, 0xff),
		"payload":    edit(alone(TypeVendorID, nil), 30, 0xff),
	} {
		const rounds = 1000
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range rounds {
			_, err := Parse(b)
			if err == nil {
				t.Fatal(name)
			}
		}
		runtime.ReadMemStats(&after)
		require.Less(t, (after.TotalAlloc-before.TotalAlloc)/rounds, uint64(2048), name)
	}
}
