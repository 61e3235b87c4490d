package router

import (
	"crypto/md5"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

func vendorIDs() []wire.Payload {
	return []wire.Payload{&wire.VendorID{Data: []byte("CISCO-DELETE-REASON")}, &wire.VendorID{Data: []byte("FLEXVPN-SUPPORTED")}}
}

func granite() wire.Payload {
	sum := md5.Sum([]byte("CISCO-GRANITE"))
	return &wire.VendorID{Data: sum[:]}
}

func notify(kind wire.NotifyType, octets int) wire.Payload {
	return &wire.Notify{Protocol: wire.ProtoIKE, Kind: kind, Data: make([]byte, octets)}
}

func transform(kind wire.TransformType, id uint16) wire.Transform {
	return wire.Transform{Type: kind, ID: id}
}

func aesCBC(bits uint16) wire.Transform {
	return wire.Transform{Type: wire.TypeEncr, ID: 12, KeyBits: bits}
}

func proposal(proto wire.ProtocolID, spi int, list ...wire.Transform) wire.Payload {
	return &wire.SA{Proposals: []wire.Proposal{{Number: 1, Protocol: proto, SPI: make([]byte, spi), Transforms: list}}}
}

// phase1 is the suite of the tech note, with the ciphers given.
func phase1(spi int, ciphers ...wire.Transform) wire.Payload {
	return proposal(wire.ProtoIKE, spi, append(ciphers, transform(wire.TypePRF, 2), transform(wire.TypeInteg, 2), transform(wire.TypeDH, 2))...)
}

// fifteenTransforms is what a router without a policy offers.
func fifteenTransforms() wire.Payload {
	list := []wire.Transform{aesCBC(256), aesCBC(192), aesCBC(128)}
	for _, id := range []uint16{7, 6, 5, 2, 1} {
		list = append(list, transform(wire.TypePRF, id))
	}
	for _, id := range []uint16{14, 13, 12, 2, 1} {
		list = append(list, transform(wire.TypeInteg, id))
	}
	return proposal(wire.ProtoIKE, 8, append(list, transform(wire.TypeDH, 5), transform(wire.TypeDH, 2))...)
}

func keyExchange(group uint16, octets int) wire.Payload {
	return &wire.KE{Group: group, Data: make([]byte, octets)}
}

func nonce() wire.Payload { return &wire.Nonce{Data: make([]byte, 20)} }

func anyTraffic(initiator bool) wire.Payload {
	return &wire.TS{Initiator: initiator, Selectors: []wire.Selector{{
		Type: 7, EndPort: 65535, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255"),
	}}}
}

func configRequest() wire.Payload {
	cp := &wire.CP{Kind: 1}
	for _, kind := range []wire.CPAttrType{3, 3, 4, 4, 13, 7, 28675, 28672, 28692, 28681, 28674} {
		value := []byte(nil)
		if kind == 7 {
			value = make([]byte, 257)
		}
		cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: kind, Value: value})
	}
	return cp
}

// authPayloads are IKE_AUTH of the tech note; only the initiator asks for a
// configuration and says INITIAL_CONTACT.
func authPayloads(initiator bool) []wire.Payload {
	list := []wire.Payload{
		granite(), &wire.ID{Initiator: initiator, Kind: 1, Data: []byte{10, 0, 0, 1}}, &wire.Auth{Method: 2, Data: make([]byte, 20)},
	}
	if initiator {
		list = append(list, configRequest())
	}
	list = append(list, proposal(wire.ProtoESP, 4, transform(wire.TypeEncr, 3), transform(wire.TypeInteg, 2), transform(wire.TypeESN, 0)),
		anyTraffic(true), anyTraffic(false))
	if initiator {
		list = append(list, notify(16384, 0))
	}
	return append(list, notify(16385, 4), notify(16394, 0), notify(16395, 0))
}

// techNotePayloads are the payloads of the tech note's messages.
func techNotePayloads(exchange string, response bool, id int) []wire.Payload {
	nat := []wire.Payload{notify(16388, 20), notify(16389, 20)}
	switch {
	case exchange == "IKE_AUTH":
		return authPayloads(!response)
	case exchange == "IKE_SA_INIT" && !response:
		list := []wire.Payload{phase1(0, transform(wire.TypeEncr, 3), aesCBC(128)), keyExchange(2, 128), nonce()}
		return append(append(list, vendorIDs()...), nat...)
	case exchange == "IKE_SA_INIT":
		list := []wire.Payload{phase1(0, aesCBC(128)), keyExchange(2, 128), nonce()}
		list = append(append(list, vendorIDs()...), nat...)
		return append(list, &wire.CertReq{Encoding: 12, Data: make([]byte, 100)}, notify(16392, 0))
	case response:
		return []wire.Payload{phase1(8, aesCBC(128)), nonce(), keyExchange(2, 128), notify(16385, 4)}
	case id == 2:
		return []wire.Payload{fifteenTransforms(), nonce(), keyExchange(5, 192), notify(16385, 4)}
	}
	return []wire.Payload{fifteenTransforms(), nonce(), keyExchange(2, 128), notify(16385, 4)}
}

// techNoteMessage is a message of the tech note, of the length given.
func techNoteMessage(t *testing.T, exchange, kind, id, length string) *wire.Message {
	t.Helper()
	number := func(s string) int {
		_, digits, _ := strings.Cut(s, "=")
		n, err := strconv.Atoi(digits)
		require.NoError(t, err)
		return n
	}
	exchanges := map[string]wire.ExchangeType{
		"IKE_SA_INIT": wire.IKE_SA_INIT, "IKE_AUTH": wire.IKE_AUTH, "CREATE_CHILD_SA": wire.CREATE_CHILD_SA,
	}
	m := &wire.Message{Header: wire.Header{Version: 0x20, Exchange: exchanges[exchange], MessageID: uint32(number(id)), Flags: wire.FlagInitiator}}
	if kind == "response" {
		m.Flags = wire.FlagResponse
	}
	m.Payloads = techNotePayloads(exchange, kind == "response", number(id))
	if exchange == "IKE_SA_INIT" {
		m.Length = uint32(number(length))
		sum := ikeHeaderLen
		for _, p := range m.Payloads {
			sum += wire.Len(p)
		}
		require.Equal(t, number(length), sum)
		return m
	}
	m.EncryptedLen = number(length)
	return m
}
