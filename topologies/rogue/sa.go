package rogue

import (
	"encoding/binary"
	"io"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// SA is an IKE SA as the peer sees it.
type SA struct {
	Initiator  bool // the peer began it
	SPIi, SPIr uint64
	Up         bool // IKE_AUTH is over, and the router has proved who it is
	Pair       *Pair

	peer     *Peer
	suite    propose.Suite
	exchange *ipsec.KeyExchange
	nonces   keys.Nonces
	keys     keys.IKE
	keyed    bool
	request  []byte // the two messages of IKE_SA_INIT, which AUTH covers
	response []byte
	next     uint32 // id of the next request
	past     bool   // it was there before the case that is being played
	// Of the pair that is being made: what the peer receives on, and its nonce.
	spi        ipsec.SPI
	childNonce []byte
}

// menus are what the peer can do.
func (s Suite) menus() (ike, esp []propose.Menu) {
	encr, integ := []ipsec.Encr{s.Encr}, []ipsec.IntegID{s.Integ}
	return []propose.Menu{{Protocol: wire.ProtoIKE, Encr: encr, PRF: []ipsec.PRFID{s.PRF}, Integ: integ, Group: []ipsec.Group{s.Group}}},
		[]propose.Menu{{Protocol: wire.ProtoESP, Encr: encr, Integ: integ}}
}

// ikeOffer is an SA payload that the router accepts, for an IKE SA.
func (s Suite) ikeOffer(spi []byte) *wire.SA {
	ike, _ := s.menus()
	return &wire.SA{Proposals: propose.Offer(ike, spi)}
}

// espOffer is one for a pair.
func (s Suite) espOffer(spi []byte) *wire.SA {
	_, esp := s.menus()
	return &wire.SA{Proposals: propose.Offer(esp, spi)}
}

// newSA begins an SA of the peer's; nothing is sent.
func (p *Peer) newSA() *SA {
	sa := &SA{Initiator: true, peer: p, SPIi: binary.BigEndian.Uint64(p.octets(8)), spi: p.newSPI()}
	sa.exchange, _ = p.Suite.Group.Initiate(p.random) // which fails of its source only
	sa.nonces.I = p.octets(32)
	p.sas[sa.SPIi] = sa
	return sa
}

func (p *Peer) newSPI() ipsec.SPI { return ipsec.SPI(binary.BigEndian.Uint32(p.octets(4)) | 1<<31) }

// octets draws n octets. The peer's source does not end.
func (p *Peer) octets(n int) []byte {
	b := make([]byte, n)
	_, _ = io.ReadFull(p.random, b)
	return b
}

func spiOctets(spi ipsec.SPI) []byte { return binary.BigEndian.AppendUint32(nil, uint32(spi)) }

// nextHeader is the header of the next request, whose id it uses up.
func (sa *SA) nextHeader(t wire.ExchangeType) wire.Header {
	sa.next++
	return sa.header(t, sa.next-1, false)
}

func (sa *SA) header(t wire.ExchangeType, id uint32, response bool) wire.Header {
	return wire.NewHeader(sa.SPIi, sa.SPIr, sa.Initiator, t, id, response)
}

// initRequest is an honest IKE_SA_INIT request.
func (sa *SA) initRequest() *wire.Message {
	m := &wire.Message{Header: sa.nextHeader(wire.IKE_SA_INIT), Payloads: []wire.Payload{
		sa.peer.Suite.ikeOffer(nil), sa.public(), &wire.Nonce{Data: sa.nonces.I},
	}}
	if sa.peer.offersFragments {
		m.Payloads = append(m.Payloads, &wire.Notify{Kind: wire.IKEV2_FRAGMENTATION_SUPPORTED})
	}
	return m
}

// authRequest is an honest IKE_AUTH request with a pair for everything.
func (sa *SA) authRequest() *wire.Message {
	id := sa.peer.identity(true)
	return &wire.Message{Header: sa.nextHeader(wire.IKE_AUTH), Payloads: append([]wire.Payload{id, sa.auth(id)}, sa.childPayloads()...)}
}

// childRequest is an honest CREATE_CHILD_SA request for another pair.
func (sa *SA) childRequest() *wire.Message {
	sa.spi, sa.childNonce = sa.peer.newSPI(), sa.peer.octets(32)
	return &wire.Message{Header: sa.nextHeader(wire.CREATE_CHILD_SA), Payloads: append([]wire.Payload{&wire.Nonce{Data: sa.childNonce}}, sa.childPayloads()...)}
}

// public is the peer's public value.
func (sa *SA) public() *wire.KE {
	return &wire.KE{Group: uint16(sa.peer.Suite.Group), Data: sa.exchange.Public()}
}

// rekeyRequest is an honest one that replaces the pair.
func (sa *SA) rekeyRequest() *wire.Message {
	m := sa.childRequest()
	m.Payloads = append([]wire.Payload{rekeyOf(spiOctets(sa.Pair.In))}, m.Payloads...)
	return m
}

// inform is an INFORMATIONAL request.
func (sa *SA) inform(payloads ...wire.Payload) *wire.Message {
	return &wire.Message{Header: sa.nextHeader(wire.INFORMATIONAL), Payloads: payloads}
}

func rekeyOf(spi []byte) *wire.Notify {
	return &wire.Notify{Protocol: wire.ProtoESP, SPI: spi, Kind: wire.REKEY_SA}
}

func (sa *SA) childPayloads() []wire.Payload {
	return []wire.Payload{sa.peer.Suite.espOffer(spiOctets(sa.spi)), everything(true), everything(false)}
}

// identity is the peer's address.
func (p *Peer) identity(initiator bool) *wire.ID {
	return &wire.ID{Initiator: initiator, Kind: wire.IDIPv4Addr, Data: p.Address.AsSlice()}
}

// auth proves an identity with the peer's key. Without keys there is nothing to
// prove.
func (sa *SA) auth(id *wire.ID) *wire.Auth {
	if !sa.keyed {
		return &wire.Auth{Method: wire.AuthSharedKey, Data: make([]byte, 32)}
	}
	return &wire.Auth{Method: wire.AuthSharedKey, Data: sa.signed(sa.Initiator, id).SharedKey(sa.peer.Key)}
}

// signed is what AUTH of one end covers.
func (sa *SA) signed(ofInitiator bool, id *wire.ID) *keys.Signed {
	s := &keys.Signed{PRF: sa.suite.PRF.New(), IDType: byte(id.Kind), ID: id.Data, Message: sa.response, Nonce: sa.nonces.I, SKp: sa.keys.PR()}
	if ofInitiator {
		s.Message, s.Nonce, s.SKp = sa.request, sa.nonces.R, sa.keys.PI()
	}
	return s
}

// derive makes the keys out of the other's public value.
func (sa *SA) derive() {
	secret, err := sa.exchange.Secret()
	if err != nil {
		return
	}
	seed := keys.Seed(sa.suite.PRF.New(), sa.nonces, secret)
	sa.keys = keys.Derive(sa.suite.PRF.New(), sa.suite.Encr, sa.suite.Integ, seed, sa.nonces, sa.SPIi, sa.SPIr)
	sa.keyed = true
}
