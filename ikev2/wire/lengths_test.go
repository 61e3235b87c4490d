package wire

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the tech note's routers send, with the lengths that they print.

func notify(kind NotifyType, data int) *Notify {
	return &Notify{Protocol: ProtoIKE, Kind: kind, Data: sequence(data)}
}

func transforms(ids ...[3]uint16) []Transform {
	list := make([]Transform, len(ids))
	for i, t := range ids {
		list[i] = Transform{Type: TransformType(t[0]), ID: t[1], KeyBits: t[2]}
	}
	return list
}

func noteSA(p ProtocolID, spi int, ids ...[3]uint16) *SA {
	var octets []byte
	if spi > 0 {
		octets = sequence(spi)
	}
	return &SA{Proposals: []Proposal{{Number: 1, Protocol: p, SPI: octets, Transforms: transforms(ids...)}}}
}

var (
	chosenIKE = [][3]uint16{{1, 12, 128}, {2, 2, 0}, {3, 2, 0}, {4, 2, 0}}
	phase1IKE = append([][3]uint16{{1, 3, 0}}, chosenIKE...)
	noteESP   = [][3]uint16{{1, 3, 0}, {3, 2, 0}, {5, 0, 0}}
	rekeyIKE  = [][3]uint16{
		{1, 12, 256}, {1, 12, 192}, {1, 12, 128}, {2, 7, 0}, {2, 6, 0}, {2, 5, 0}, {2, 2, 0}, {2, 1, 0},
		{3, 14, 0}, {3, 13, 0}, {3, 12, 0}, {3, 2, 0}, {3, 1, 0}, {4, 5, 0}, {4, 2, 0},
	}
)

func noteTS(initiator bool) *TS {
	return &TS{Initiator: initiator, Selectors: []Selector{{
		Type: TSIPv4AddrRange, EndPort: 65535,
		Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255"),
	}}}
}

func noteCP() *CP {
	cp := &CP{Kind: CFGRequest}
	for _, t := range []CPAttrType{3, 3, 4, 4, 13, 7, 28675, 28672, 28692, 28681, 28674} {
		a := CPAttribute{Type: t}
		if t == APPLICATION_VERSION {
			a.Value = sequence(257)
		}
		cp.Attributes = append(cp.Attributes, a)
	}
	return cp
}

func noteID(initiator bool) *ID {
	return &ID{Initiator: initiator, Kind: IDIPv4Addr, Data: []byte{10, 0, 0, 1}}
}

// A noted message has its payloads and the lengths that belong to them; encr
// is the length of the Encrypted payload, 0 in clear.
type noted struct {
	name    string
	header  Header
	content []Payload
	lengths []int
	encr    int
	total   int
}

func noteHeader(t ExchangeType, flags Flags, id uint32) Header {
	return Header{SPIi: 0xe58f925107f8b73f, SPIr: 0xafd098f4147869da, Version: 0x20, Exchange: t, Flags: flags, MessageID: id}
}

func notedMessages() []noted {
	return []noted{
		{"1 IKE_SA_INIT request", noteHeader(IKE_SA_INIT, FlagInitiator, 0), []Payload{
			noteSA(ProtoIKE, 0, phase1IKE...), &KE{Group: 2, Data: sequence(128)}, &Nonce{Data: sequence(20)},
			&VendorID{Data: []byte("CISCO-DELETE-REASON")}, &VendorID{Data: []byte("FLEXVPN-SUPPORTED")},
			notify(NAT_DETECTION_SOURCE_IP, 20), notify(NAT_DETECTION_DESTINATION_IP, 20),
		}, []int{56, 136, 24, 23, 21, 28, 28}, 0, 344},
		{"2 IKE_SA_INIT response", noteHeader(IKE_SA_INIT, FlagResponse, 0), []Payload{
			noteSA(ProtoIKE, 0, chosenIKE...), &KE{Group: 2, Data: sequence(128)}, &Nonce{Data: sequence(20)},
			&VendorID{Data: []byte("CISCO-DELETE-REASON")}, &VendorID{Data: []byte("FLEXVPN-SUPPORTED")},
			notify(NAT_DETECTION_SOURCE_IP, 20), notify(NAT_DETECTION_DESTINATION_IP, 20),
			&CertReq{Encoding: CertHashAndURL, Data: sequence(100)}, notify(HTTP_CERT_LOOKUP_SUPPORTED, 0),
		}, []int{48, 136, 24, 23, 21, 28, 28, 105, 8}, 0, 449},
		{"3 IKE_AUTH request", noteHeader(IKE_AUTH, FlagInitiator, 1), []Payload{
			&VendorID{Data: sequence(16)}, noteID(true), &Auth{Method: AuthSharedKey, Data: sequence(20)}, noteCP(),
			noteSA(ProtoESP, 4, noteESP...), noteTS(true), noteTS(false), notify(INITIAL_CONTACT, 0),
			notify(SET_WINDOW_SIZE, 4), notify(ESP_TFC_PADDING_NOT_SUPPORTED, 0), notify(NON_FIRST_FRAGMENTS_ALSO, 0),
		}, []int{20, 12, 28, 309, 40, 24, 24, 8, 12, 8, 8}, 528, 556},
		{"4 IKE_AUTH response", noteHeader(IKE_AUTH, FlagResponse, 1), []Payload{
			&VendorID{Data: sequence(16)}, noteID(false), &Auth{Method: AuthSharedKey, Data: sequence(20)},
			noteSA(ProtoESP, 4, noteESP...), noteTS(true), noteTS(false), notify(SET_WINDOW_SIZE, 4),
			notify(ESP_TFC_PADDING_NOT_SUPPORTED, 0), notify(NON_FIRST_FRAGMENTS_ALSO, 0),
		}, []int{20, 12, 28, 40, 24, 24, 12, 8, 8}, 224, 252},
		{"5 CREATE_CHILD_SA request, group 5", noteHeader(CREATE_CHILD_SA, FlagInitiator, 2), []Payload{
			noteSA(ProtoIKE, 8, rekeyIKE...), &Nonce{Data: sequence(20)}, &KE{Group: 5, Data: sequence(192)}, notify(SET_WINDOW_SIZE, 4),
		}, []int{152, 24, 200, 12}, 432, 460},
		{"6 CREATE_CHILD_SA request, group 2", noteHeader(CREATE_CHILD_SA, FlagInitiator, 3), []Payload{
			noteSA(ProtoIKE, 8, rekeyIKE...), &Nonce{Data: sequence(20)}, &KE{Group: 2, Data: sequence(128)}, notify(SET_WINDOW_SIZE, 4),
		}, []int{152, 24, 136, 12}, 368, 396},
		{"7 CREATE_CHILD_SA response", noteHeader(CREATE_CHILD_SA, FlagResponse, 3), []Payload{
			noteSA(ProtoIKE, 8, chosenIKE...), &Nonce{Data: sequence(20)}, &KE{Group: 2, Data: sequence(128)}, notify(SET_WINDOW_SIZE, 4),
		}, []int{56, 24, 136, 12}, 272, 300},
		{"8 refusal of message id 2", noteHeader(CREATE_CHILD_SA, FlagResponse, 2), []Payload{notify(INVALID_KE_PAYLOAD, 2)},
			[]int{10}, 48, 76},
	}
}

func (n *noted) message() *Message { return &Message{Header: n.header, Payloads: n.content} }

func TestTechNoteLengths(t *testing.T) {
	for _, n := range notedMessages() {
		t.Run(n.name, func(t *testing.T) {
			m := n.message()
			require.NoError(t, Check(m))
			b := m.Append(nil)
			back, err := Parse(b)
			require.NoError(t, err)
			require.Equal(t, n.content, back.Payloads)
			requireLengths(t, n.lengths, m, b)
			if n.encr == 0 {
				require.Len(t, b, n.total)
				return
			}
			b = m.AppendSealed(nil, aesSHA1(t), countIV)
			require.Len(t, b, n.total)
			require.Equal(t, n.encr, int(binary.BigEndian.Uint16(b[HeaderLen+2:])))
			back, err = Open(b, aesSHA1(t))
			require.NoError(t, err)
			require.Equal(t, n.total, back.EncryptedLen)
			require.Equal(t, n.total, int(back.Length))
			require.Equal(t, TypeSK, back.Next)
			require.Equal(t, n.content, back.Payloads)
			require.NoError(t, Check(back))
		})
	}
}

// requireLengths compares Len, and the lengths and next payloads on the wire.
func requireLengths(t *testing.T, want []int, m *Message, b []byte) {
	t.Helper()
	require.Len(t, m.Payloads, len(want))
	b = b[HeaderLen:]
	for i, n := range want {
		require.Equal(t, n, Len(m.Payloads[i]), "%v", m.Payloads[i].Type())
		require.Equal(t, n, int(binary.BigEndian.Uint16(b[2:])), "%v", m.Payloads[i].Type())
		require.Equal(t, m.NextOf(i), PayloadType(b[0]))
		b = b[n:]
	}
	require.Empty(t, b)
}

// The same IKE_AUTH request under the other suites: an 8-octet IV and block
// give 520 for 3DES (lengths of the note, section 3), and GCM needs no padding.
func TestLengthsOfOtherSuites(t *testing.T) {
	n := notedMessages()[2]
	for _, c := range []struct {
		name   string
		cipher Cipher
		encr   int
	}{
		{"3DES, SHA1", tripleDESSHA1(t), 4 + 8 + 496 + 12},
		{"AES-GCM", aesGCM(t), 4 + 8 + 493 + 1 + 16},
	} {
		b := n.message().AppendSealed(nil, c.cipher, countIV)
		require.Equal(t, c.encr, len(b)-HeaderLen, c.name)
		m, err := Open(b, c.cipher)
		require.NoError(t, err, c.name)
		require.Equal(t, n.content, m.Payloads, c.name)
	}
}

func TestSubstructureLengths(t *testing.T) {
	for _, c := range []struct {
		sa        *SA
		proposal  int
		transform []int
	}{
		{noteSA(ProtoIKE, 0, phase1IKE...), 52, []int{8, 12, 8, 8, 8}},
		{noteSA(ProtoIKE, 0, chosenIKE...), 44, []int{12, 8, 8, 8}},
		{noteSA(ProtoESP, 4, noteESP...), 36, []int{8, 8, 8}},
		{noteSA(ProtoIKE, 8, rekeyIKE...), 148, []int{12, 12, 12, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}},
	} {
		p := &c.sa.Proposals[0]
		require.Equal(t, c.proposal, p.Len())
		for i, want := range c.transform {
			require.Equal(t, want, p.Transforms[i].Len())
		}
	}
}
