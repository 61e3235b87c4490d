package wire

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// One row a payload: the value and its octets, written by hand after the
// figures of RFC 7296 section 3. A loose payload ends in free data, so that
// cutting octets off can leave another good payload.
var payloadRows = []struct {
	name  string
	value Payload
	wire  string
	loose bool
}{
	{"SA", &SA{Proposals: []Proposal{
		{Number: 1, Protocol: ProtoESP, SPI: []byte{0xde, 0xad, 0xbe, 0xef}, Transforms: []Transform{
			{Type: TypeEncr, ID: 12, KeyBits: 256}, {Type: TypeInteg, ID: 12}, {Type: TypeESN, ID: 0}}},
		{Number: 2, Protocol: ProtoESP, SPI: []byte{0xde, 0xad, 0xbe, 0xef}, Transforms: []Transform{
			{Type: TypeEncr, ID: 20, KeyBits: 128}, {Type: TypeESN, ID: 1}}},
	}}, `00 00 004c
		02 00 0028  01 03 04 03  deadbeef       // proposal 1: ESP, SPI of 4, 3 transforms
		03 00 000c  01 00 000c  800e 0100       // AES-CBC, key length 256
		03 00 0008  03 00 000c                  // HMAC-SHA2-256-128
		00 00 0008  05 00 0000                  // no ESN; last transform
		00 00 0020  02 03 04 02  deadbeef       // proposal 2; last one
		03 00 000c  01 00 0014  800e 0080       // AES-GCM-16, key length 128
		00 00 0008  05 00 0001                  // ESN`, false},
	{"SA with odd attributes", &SA{Proposals: []Proposal{
		{Number: 1, Protocol: ProtoIKE, Transforms: []Transform{{Type: TypeEncr, ID: 12, KeyBits: 128, Attrs: []Attr{
			{Type: 14, TV: true, Value: []byte{1, 0}}, // a second key length
			{Type: 14, Value: []byte{0, 128}},         // in the long form
			{Type: 0x7fff, TV: true, Value: []byte{0, 0}}, {Type: 5, Value: []byte{}},
		}}}},
	}}, `00 00 002a
		00 00 0026  01 01 00 01
		00 00 001e  01 00 000c  800e 0080  800e 0100  000e 0002 0080  ffff 0000  0005 0000`, false},
	{"SA with a key length of 0", &SA{Proposals: []Proposal{
		{Number: 4, Protocol: 9, SPI: []byte{1}, Transforms: []Transform{{Type: 200, ID: 65535, Attrs: []Attr{{Type: 14, TV: true, Value: []byte{0, 0}}}}}},
	}}, `00 00 0019  00 00 0015  04 09 01 01 01  00 00 000c  c8 00 ffff  800e 0000`, false},
	{"SA without transforms", &SA{Proposals: []Proposal{{Number: 1, Protocol: ProtoAH, SPI: []byte{1, 2, 3, 4}}}},
		`00 00 0010  00 00 000c  01 02 04 00  01020304`, false},
	{"KE", &KE{Group: 31, Data: sequence(8)}, `00 00 0010  001f 0000  00010203 04050607`, true},
	{"IDi", &ID{Initiator: true, Kind: IDIPv4Addr, Data: []byte{10, 0, 0, 1}}, `00 00 000c  01 000000  0a000001`, false},
	{"IDr", &ID{Kind: IDFQDN, Data: []byte("r2.lab")}, `00 00 000e  02 000000  72322e6c6162`, true},
	{"IDr of IPv6", &ID{Kind: IDIPv6Addr, Data: sequence(16)}, `00 00 0018  05 000000  00010203 04050607 08090a0b 0c0d0e0f`, false},
	{"CERT", &Cert{Encoding: 4, Data: []byte{0x30, 0x03}}, `00 00 0007  04 3003`, true},
	{"CERTREQ", &CertReq{Encoding: 12, Data: sequence(20)}, `00 00 0019  0c 00010203 04050607 08090a0b 0c0d0e0f 10111213`, true},
	{"AUTH", &Auth{Method: AuthSharedKey, Data: sequence(4)}, `00 00 000c  02 000000  00010203`, true},
	{"Nonce", &Nonce{Data: sequence(16)}, `00 00 0014  00010203 04050607 08090a0b 0c0d0e0f`, false},
	{"NOTIFY", &Notify{Kind: COOKIE, Data: []byte{1}}, `00 00 0009  00 00 4006  01`, false},
	{"NOTIFY as IOS sends it", &Notify{Protocol: ProtoIKE, Kind: SET_WINDOW_SIZE, Data: []byte{0, 0, 0, 5}}, `00 00 000c  01 00 4001  00000005`, false},
	{"NOTIFY with an SPI", &Notify{Protocol: ProtoESP, SPI: []byte{1, 2, 3, 4}, Kind: REKEY_SA, Data: []byte{}}, `00 00 000c  03 04 4009  01020304`, false},
	{"NOTIFY nobody knows", &Notify{Protocol: 77, SPI: []byte{9}, Kind: 40000, Data: []byte{8}}, `00 00 000a  4d 01 9c40  09 08`, true},
	{"DELETE of the IKE SA", &Delete{Protocol: ProtoIKE}, `00 00 0008  01 00 0000`, false},
	{"DELETE of child SAs", &Delete{Protocol: ProtoESP, SPIs: [][]byte{{1, 2, 3, 4}, {5, 6, 7, 8}}}, `00 00 0010  03 04 0002  01020304 05060708`, false},
	{"VID", &VendorID{Data: []byte("FLEXVPN-SUPPORTED")}, `00 00 0015  464c455856504e2d535550504f52544544`, true},
	{"TSi", &TS{Initiator: true, Selectors: []Selector{
		{Type: 7, Protocol: 6, StartPort: 80, EndPort: 443, Start: netip.MustParseAddr("192.168.1.0"), End: netip.MustParseAddr("192.168.1.255")},
		{Type: 7, StartPort: 65535, EndPort: 0, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255")},
	}}, `00 00 0028  02 000000
		07 06 0010  0050 01bb  c0a80100 c0a801ff
		07 00 0010  ffff 0000  00000000 ffffffff  // OPAQUE ports`, false},
	{"TSr of a type nobody knows", &TS{Selectors: []Selector{
		{Type: 99, Protocol: 6, Strange: "\x01\x02"}, {Type: 7, EndPort: 65535, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255")},
	}}, `00 00 001e  02 000000  63 06 0006 0102  07 00 0010 0000 ffff 00000000 ffffffff`, false},
	{"TSr of IPv6", &TS{Selectors: []Selector{
		{Type: 8, EndPort: 65535, Start: netip.MustParseAddr("2001:db8::"), End: netip.MustParseAddr("2001:db8::ffff")},
	}}, `00 00 0030  01 000000
		08 00 0028  0000 ffff  20010db8 00000000 00000000 00000000  20010db8 00000000 00000000 0000ffff`, false},
	{"CFG", &CP{Kind: CFGRequest, Attributes: []CPAttribute{
		{Type: INTERNAL_IP4_DNS}, {Type: INTERNAL_IP4_ADDRESS, Value: []byte{10, 0, 0, 9}}, {Type: 28675},
	}}, `00 00 0018  01 000000  0003 0000  0001 0004 0a000009  7003 0000`, true},
	{"CFG, empty", &CP{Kind: CFGAck}, `00 00 0008  04 000000`, false},
	{"EAP", &Unknown{Kind: TypeEAP, Data: sequence(4)}, `00 00 0008  00010203`, true},
	{"a type nobody knows", &Unknown{Kind: 200, Data: []byte{1}}, `00 00 0005  01`, true},
	{"ENCR", &Encrypted{Next: TypeIDi, Body: sequence(4)}, `23 00 0008  00010203`, true},
}

func TestPayloadOctets(t *testing.T) {
	for _, row := range payloadRows {
		t.Run(row.name, func(t *testing.T) {
			want := octets(t, row.wire)
			m := &Message{Header: Header{SPIi: 1, SPIr: 2, Version: 0x20, Exchange: INFORMATIONAL, Flags: FlagInitiator},
				Payloads: []Payload{row.value}}
			b := m.Append(nil)
			require.Equal(t, want, b[HeaderLen:])
			require.Equal(t, len(want), Len(row.value))
			back, err := Parse(b)
			require.NoError(t, err)
			require.Equal(t, row.value, back.Payloads[0])
			for n := genericLen; n < len(want); n++ {
				_, err := Parse(alone(row.value.Type(), want[genericLen:n]))
				require.True(t, row.loose || err != nil, "%d of %d octets", n, len(want))
			}
		})
	}
}

// A whole message by hand: RFC 7296 section 3.1 and 3.2, the request that
// rekeys a child SA (1.3.3).
const rekeyChild = `
	e58f925107f8b73f afd098f4147869da   // SPIs
	29 20 24 08 00000004 000000bc       // first a notify; 2.0; CREATE_CHILD_SA; I; id 4; 188 octets
	21 00 000c  03 04 4009  6b74cb79    // REKEY_SA of an ESP SA; SA follows
	28 00 0028                          // SA; nonce follows
	00 00 0024  01 03 04 03  f6083add
	03 00 0008  01 00 0003              // 3DES
	03 00 0008  03 00 0002              // HMAC-SHA1-96
	00 00 0008  05 00 0000              // no ESN
	22 00 0014  00010203 04050607 08090a0b 0c0d0e0f
	2c 00 0028  0013 0000               // KE, group 19, cut short here; TSi follows
	00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f
	2d 00 0018  01 000000  07 00 0010  0000 ffff  00000000 ffffffff
	00 00 0018  01 000000  07 00 0010  0000 ffff  00000000 ffffffff`

func TestMessageOctets(t *testing.T) {
	want := octets(t, rekeyChild)
	m := &Message{
		Header: Header{SPIi: 0xe58f925107f8b73f, SPIr: 0xafd098f4147869da, Next: TypeNotify, Version: 0x20,
			Exchange: CREATE_CHILD_SA, Flags: FlagInitiator, MessageID: 4, Length: 188},
		Payloads: []Payload{
			&Notify{Protocol: ProtoESP, SPI: []byte{0x6b, 0x74, 0xcb, 0x79}, Kind: REKEY_SA, Data: []byte{}},
			&SA{Proposals: []Proposal{{Number: 1, Protocol: ProtoESP, SPI: []byte{0xf6, 8, 0x3a, 0xdd}, Transforms: transforms(noteESP...)}}},
			&Nonce{Data: sequence(16)}, &KE{Group: 19, Data: sequence(32)}, noteTS(true), noteTS(false),
		},
	}
	require.Equal(t, want, m.Append(nil))
	back, err := Parse(want)
	require.NoError(t, err)
	require.Equal(t, m, back)
	require.NoError(t, Check(back))
}

func TestEmptyMessage(t *testing.T) {
	b := datagram(INFORMATIONAL, NoNext, nil)
	m, err := Parse(b)
	require.NoError(t, err)
	require.Empty(t, m.Payloads)
	require.Equal(t, b, m.Append(nil))
}

// Reserved fields and the critical flag of known types are ignored (RFC 7296
// 2.5), and not sent again; AUTH covers those of an identity (2.15).
func TestReservedFields(t *testing.T) {
	for _, c := range []struct {
		name string
		t    PayloadType
		body string
		want Payload
	}{
		{"KE", TypeKE, "0002 ffff 0102", &KE{Group: 2, Data: []byte{1, 2}}},
		{"ID", TypeIDi, "0b ffffff 01", &ID{Initiator: true, Kind: IDKeyID, Reserved: [3]byte{255, 255, 255}, Data: []byte{1}}},
		{"AUTH", TypeAuth, "02 ffffff 01", &Auth{Method: AuthSharedKey, Data: []byte{1}}},
		{"CFG", TypeCP, "01 ffffff 8003 0000", &CP{Kind: CFGRequest, Attributes: []CPAttribute{{Type: INTERNAL_IP4_DNS}}}},
		{"TS", TypeTSr, "01 ffffff 07 00 0010 0000 ffff 00000000 ffffffff", noteTS(false)},
		{"SA", TypeSA, "00 ff 0010 01 01 00 01 00 ff 0008 01 ff 0003", noteSA(ProtoIKE, 0, [3]uint16{1, 3, 0})},
		{"CERT", TypeCert, "04 0102", &Cert{Encoding: 4, Data: []byte{1, 2}}},
		{"CERTREQ", TypeCertReq, "04 0102", &CertReq{Encoding: 4, Data: []byte{1, 2}}},
		{"Nonce", TypeNonce, "000102030405060708090a0b0c0d0e0f", &Nonce{Data: sequence(16)}},
		{"N", TypeNotify, "00 00 4000 01", &Notify{Kind: INITIAL_CONTACT, Data: []byte{1}}},
		{"D", TypeDelete, "03 04 0001 01020304", &Delete{Protocol: ProtoESP, SPIs: [][]byte{{1, 2, 3, 4}}}},
		{"V", TypeVendorID, "01", &VendorID{Data: []byte{1}}},
		{"EAP", TypeEAP, "01", &Unknown{Kind: TypeEAP, Data: []byte{1}}},
	} {
		m, err := Parse(datagram(INFORMATIONAL, c.t, raw(NoNext, 0xff, octets(t, c.body))))
		require.NoError(t, err, c.name)
		require.Equal(t, []Payload{c.want}, m.Payloads, c.name)
	}
}

// Appending to one field must not reach the next, nor the datagram.
func TestParsedFieldsAreApart(t *testing.T) {
	b := octets(t, rekeyChild)
	m, err := Parse(b)
	require.NoError(t, err)
	sa, _ := Get[*SA](m)
	nonce, _ := Get[*Nonce](m)
	_ = append(sa.Proposals[0].SPI, 0xff, 0xff)
	_ = append(nonce.Data, 0xff)
	_ = append(m.Notify(REKEY_SA).SPI, 0xff)
	require.Equal(t, octets(t, rekeyChild), m.Append(nil))
	require.Equal(t, octets(t, rekeyChild), b)
}

func TestAccessors(t *testing.T) {
	m, err := Parse(octets(t, rekeyChild))
	require.NoError(t, err)
	require.False(t, m.Response())
	require.True(t, m.FromInitiator())
	ke, ok := Get[*KE](m)
	require.True(t, ok)
	require.Equal(t, uint16(19), ke.Group)
	_, ok = Get[*Auth](m)
	require.False(t, ok)
	require.Len(t, slices.Collect(All[*TS](m)), 2)
	require.Empty(t, slices.Collect(All[*Cert](m)))
	require.NotNil(t, m.Notify(REKEY_SA))
	require.Nil(t, m.Notify(COOKIE))
	require.Equal(t, TypeSA, m.NextOf(0))
	require.Equal(t, NoNext, m.NextOf(5))
}

// Fields that overflow are a mistake of the caller, not of a peer.
func TestOversizePanics(t *testing.T) {
	for name, p := range map[string]Payload{
		"payload":    &VendorID{Data: make([]byte, 65532)},
		"spi":        &Notify{SPI: make([]byte, 256)},
		"selectors":  &TS{Selectors: make([]Selector, 256)},
		"transforms": &SA{Proposals: []Proposal{{Transforms: make([]Transform, 256)}}},
	} {
		require.Panics(t, func() { (&Message{Payloads: []Payload{p}}).Append(nil) }, name)
	}
}
