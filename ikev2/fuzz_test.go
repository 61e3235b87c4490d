package ikev2

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// liveLab has one SA up between the two peers.
func liveLab(t *testing.T) *lab {
	l := newLab(t, 1)
	l.acquire(0)
	l.run(time.Second)
	l.requireUp()
	return l
}

// FuzzReceive: no datagram from outside changes an SA or ends the program.
func FuzzReceive(f *testing.F) {
	seed := newLab(&testing.T{}, 2)
	seed.tamper = func(_ int, d Datagram) []Datagram {
		f.Add(d.Data)
		return []Datagram{d}
	}
	seed.acquire(0)
	seed.run(70 * time.Second)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		l := liveLab(t)
		before, pairs := l.peers[0].SAs(), len(l.peers[0].pairs)
		ends := l.peers[0].sorted()[0]
		l.peers[0].apply(l.peers[0].Receive(l.now, Datagram{Local: ends.local, Remote: ends.remote, Data: data}))
		l.tamper = func(int, Datagram) []Datagram { return nil }
		l.run(40 * time.Second) // a half-open SA that a good request began goes
		require.Equal(t, before, l.peers[0].SAs())
		require.Len(t, l.peers[0].pairs, pairs)
	})
}

// sealedBy makes an authentic message of peer from: the clear octets, whatever
// they are, sealed with the live SA's keys.
func sealedBy(p *end, exchange wire.ExchangeType, flags wire.Flags, id uint32, first wire.PayloadType, clear []byte) []byte {
	sa := p.sorted()[0]
	h := sa.header(exchange, id, false)
	h.Flags = h.Flags&wire.FlagInitiator | flags&wire.FlagResponse
	m := &wire.Message{Header: h, Payloads: []wire.Payload{&wire.Unknown{Kind: first, Data: clear}}}
	sealer, _ := sa.keys.Cipher(sa.initiator, nil)
	return m.AppendSealed(nil, rawInside{sealer}, func(iv []byte) { p.fillIV(sa, iv) })
}

// rawInside seals what follows the generic header of the one payload, so that
// the fuzzer's octets are the whole inside.
type rawInside struct{ *ipsec.Cipher }

// Seal moves the payload's octets to where its header was.
func (r rawInside) Seal(pkt []byte, hdr int) {
	inside := pkt[hdr+r.IVLen() : len(pkt)-r.ICVLen()]
	pad := int(inside[len(inside)-1])
	n := len(inside) - 1 - pad
	copy(inside, inside[4:n])
	clear(inside[n-4:])
	inside[len(inside)-1] = byte(pad + 4)
	r.Cipher.Seal(pkt, hdr)
}

// FuzzSealed: an authentic peer may send anything. A request within the window
// is answered, and only a Delete or a report that authentication failed ends
// the SA.
func FuzzSealed(f *testing.F) {
	body := func(payloads ...wire.Payload) []byte {
		return (&wire.Message{Payloads: payloads}).Append(nil)[wire.HeaderLen:]
	}
	nonce := &wire.Nonce{Data: make([]byte, 20)}
	any4 := testConfig(0).Children[0].Selectors[0]
	esp := &wire.SA{Proposals: propose.Offer(espMenus(&testConfig(0).Children[0], true), []byte{1, 2, 3, 4})}
	ike := &wire.SA{Proposals: propose.Offer(ikeMenus(testConfig(0).Proposals[:1]), make([]byte, 8))}
	f.Add(byte(36), byte(0), uint32(0), byte(33), body(esp, nonce, toWire(true, any4), toWire(false, any4)))
	f.Add(byte(36), byte(0), uint32(0), byte(33), body(ike, nonce, &wire.KE{Group: 2, Data: make([]byte, 128)}))
	f.Add(byte(36), byte(0), uint32(0), byte(41), body(&wire.Notify{Protocol: wire.ProtoESP, SPI: []byte{1, 2, 3, 4}, Kind: wire.REKEY_SA}, esp, nonce))
	f.Add(byte(37), byte(0), uint32(0), byte(42), body(&wire.Delete{Protocol: wire.ProtoIKE}))
	f.Add(byte(37), byte(0), uint32(1), byte(42), body(&wire.Delete{Protocol: wire.ProtoESP, SPIs: [][]byte{{1, 2, 3, 4}}}))
	f.Add(byte(37), byte(0), uint32(0), byte(41), body(ikeNotify(wire.AUTHENTICATION_FAILED, nil)))
	f.Add(byte(37), byte(0x20), uint32(0), byte(0), []byte{})
	f.Add(byte(35), byte(0), uint32(1), byte(200), []byte{0, 0x80, 0, 4})
	f.Fuzz(func(t *testing.T, exchange, flags byte, id uint32, first byte, clear []byte) {
		if len(clear) > 4000 {
			return
		}
		l := liveLab(t)
		us, them := l.peers[0], l.peers[1]
		sa := us.sorted()[0]
		data := sealedBy(them, wire.ExchangeType(exchange), wire.Flags(flags), id, wire.PayloadType(first), clear)
		us.events = nil
		us.apply(us.Receive(l.now, Datagram{Local: sa.local, Remote: sa.remote, Data: data}))
		l.run(10 * time.Second)
		if ended := events[SADown](us); len(ended) > 0 {
			require.Contains(t, []Reason{ReasonPeerDeleted, ReasonAuthFailed, ReasonRekeyed}, ended[0].Reason)
			return
		}
		require.NotEqual(t, saDead, sa.state)
		request := wire.Flags(flags)&wire.FlagResponse == 0
		known := exchange == byte(wire.CREATE_CHILD_SA) || exchange == byte(wire.INFORMATIONAL)
		if request && known && id < 5 {
			require.NotNil(t, sa.responses.Answered(id), "a request within the window is answered")
		}
	})
}

// TestSealedByIsAuthentic proves that FuzzSealed's messages get past the
// integrity check to where their insides matter.
func TestSealedByIsAuthentic(t *testing.T) {
	l := liveLab(t)
	us, them := l.peers[0], l.peers[1]
	sa := us.sorted()[0]
	inside := (&wire.Message{Payloads: []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}}}).Append(nil)[wire.HeaderLen:]
	data := sealedBy(them, wire.INFORMATIONAL, 0, 0, wire.TypeDelete, inside)
	us.apply(us.Receive(l.now, Datagram{Local: sa.local, Remote: sa.remote, Data: data}))
	require.Equal(t, ReasonPeerDeleted, events[SADown](us)[0].Reason)
}
