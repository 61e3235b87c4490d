package rogue

import (
	"bytes"

	"ikelab/ikev2/wire"
)

// What a responder can do to a router that begins.

// onInit and onAuth bend the answers of one exchange.
func onInit(f func(*Answer)) func(*Answer) { return on(wire.IKE_SA_INIT, f) }
func onAuth(f func(*Answer)) func(*Answer) { return on(wire.IKE_AUTH, f) }

func on(x wire.ExchangeType, f func(*Answer)) func(*Answer) {
	return func(a *Answer) {
		if a.Request.Exchange == x {
			f(a)
		}
	}
}

// refuse puts an error, and nothing else, in the place of an answer.
func refuse(n *wire.Notify) func(*Answer) {
	return func(a *Answer) {
		a.Response.Payloads = []wire.Payload{n}
		a.Response.SPIr = 0
		a.SA.keyed = false
	}
}

func answers() []Case {
	return append(initAnswers(), authAnswers()...)
}

func initAnswers() []Case {
	asked := []string{askedInit}
	return []Case{
		{Name: "an error in clear", As: Asked, RFC: hint, Want: asked, Do: quiet,
			Bend: onInit(refuse(&wire.Notify{Kind: wire.AUTHENTICATION_FAILED}))},
		{Name: "a group that was not offered is asked for", As: Asked, RFC: "an INVALID_KE_PAYLOAD that names a group that was not offered is not followed (after RFC 7296 1.2)", Want: asked, Do: quiet,
			Bend: onInit(refuse(&wire.Notify{Kind: wire.INVALID_KE_PAYLOAD, Data: []byte{0, 2}}))},
		{Name: "the group that was used is asked for", As: Asked, RFC: "it would never end (after RFC 7296 1.2)", Want: asked, Do: quiet,
			Bend: onInit(func(a *Answer) {
				refuse(&wire.Notify{Kind: wire.INVALID_KE_PAYLOAD, Data: []byte{0, byte(a.SA.peer.Suite.Group)}})(a)
			})},
		{Name: "another cookie every time", As: Asked, RFC: bounded, Want: []string{askedInit, askedCookie}, Do: quiet,
			Bend: onInit(func(a *Answer) { refuse(&wire.Notify{Kind: wire.COOKIE, Data: a.SA.peer.octets(16)})(a) })},
		{Name: "version 3.0 in an answer", As: Asked, RFC: silence, Want: asked, Do: quiet,
			Bend: onInit(func(a *Answer) { a.Response.Version = 0x30 })},
		{Name: "a public value of zeros", As: Asked, RFC: badPublic, Want: asked, Do: quiet, Bend: onInit(publicValue(0, 0))},
		{Name: "a public value that is too short", As: Asked, RFC: badPublic, Want: asked, Do: quiet, Bend: onInit(publicValue(1, 1))},
		{Name: "a public value of another group", As: Asked, RFC: badPublic, Want: asked, Do: quiet, Bend: onInit(func(a *Answer) { a.Response.Payloads[1] = &wire.KE{Group: 2, Data: make([]byte, 128)} })},
		{Name: "a choice that was not offered", As: Asked, RFC: "the initiator MUST verify that the accepted offer is consistent with one of its proposals (after RFC 7296 2.7)", Want: asked, Do: quiet,
			Bend: onInit(func(a *Answer) {
				a.Response.Payloads[0] = a.SA.peer.Suite.manyTransforms(1)
				a.SA.keyed = false
				a.Response.Payloads[0].(*wire.SA).Proposals[0].Transforms[0].KeyBits ^= 64
			})},
		{Name: "an SPI of zero", As: Asked, RFC: "the responder's SPI … MUST NOT be zero (after RFC 7296 3.1)", Want: asked, Do: quiet,
			Bend: onInit(func(a *Answer) { a.Response.SPIr = 0 })},
		{Name: "an unknown critical payload in an answer", As: Asked, RFC: critical, Want: asked, Do: quiet,
			Bend: onInit(func(a *Answer) { with(a.Response, strange(true)) })},
		{Name: "the request sent back", As: Asked, RFC: silence, Want: asked, Do: quiet,
			Bend: onInit(func(a *Answer) { a.Octets = [][]byte{a.SA.request} })},
		{Name: "the answer three times and late once more", As: Asked, RFC: "a response to a request that is not outstanding is ignored (after RFC 7296 2.1)", Want: []string{askedInit, askedAuth}, Do: quiet,
			Bend: func(a *Answer) {
				data := a.SA.seal(a.Response)
				a.Octets = [][]byte{data, data, data}
				if a.Request.Exchange == wire.IKE_AUTH {
					a.Octets = append(a.Octets, a.SA.response)
				}
			}},
	}
}

// publicValue is one of equal octets, so many fewer than there must be; the keys
// then are nobody's.
func publicValue(octet byte, fewer int) func(*Answer) {
	return func(a *Answer) {
		p := a.SA.peer
		a.Response.Payloads[1] = p.Suite.point(octet, p.Suite.Group.PublicLen()-fewer)
	}
}

func authAnswers() []Case {
	both := []string{askedInit, askedAuth}
	failed := append(both[:2:2], "INFORMATIONAL request { N(AUTHENTICATION_FAILED) }")
	closed := append(both[:2:2], "INFORMATIONAL request { D(ESP) }", "INFORMATIONAL request { D(IKE) }")
	return []Case{
		{Name: "an error in clear in place of IKE_AUTH", As: Asked, RFC: hint, Want: both, Do: quiet,
			Bend: onAuth(func(a *Answer) {
				a.Response.Payloads = []wire.Payload{&wire.Notify{Kind: wire.AUTHENTICATION_FAILED}}
				a.Octets = [][]byte{a.Response.Append(nil)}
			})},
		{Name: "an answer that somebody changed", As: Asked, RFC: "a message whose integrity check fails is dropped (after RFC 7296 2.21)", Want: both, Do: quiet,
			Bend: onAuth(func(a *Answer) {
				data := a.SA.seal(a.Response)
				data[len(data)-1] ^= 1
				a.Octets = [][]byte{data}
			})},
		{Name: "a proof that is none in an answer", As: Asked, Want: failed, Do: quiet,
			RFC:  "If the initiator … cannot verify … it SHOULD send an INFORMATIONAL exchange with AUTHENTICATION_FAILED (after RFC 7296 2.21.2)",
			Bend: onAuth(func(a *Answer) { a.Response.Payloads[1].(*wire.Auth).Data[0] ^= 1 })},
		{Name: "an answer with everything twice", As: Asked, RFC: "RFC 7296 appendix C.2", Want: both, Do: quiet,
			Bend: onAuth(func(a *Answer) { a.Response.Payloads = append(a.Response.Payloads, a.Response.Payloads...) })},
		{Name: "a pair with a reserved SPI in an answer", As: Asked, RFC: "SPI 0 to 255 are reserved (after RFC 4303 2.1)", Want: closed, Do: quiet,
			Bend: onAuth(func(a *Answer) { a.Response.Payloads[2] = a.SA.peer.Suite.espOffer([]byte{0, 0, 0, 1}) })},
		{Name: "255 selectors in an answer", As: Asked, RFC: "a pair that does not carry what it is for is of no use (after RFC 7296 2.9)", Want: closed, Do: quiet,
			Bend: onAuth(func(a *Answer) {
				ts := everything(true)
				ts.Selectors = manySelectors(ts.Selectors[0], 255)
				a.Response.Payloads[3] = ts
			})},
		{Name: "wrong lengths in an answer", As: Asked, RFC: "the exchange fails, and with it the SA (after RFC 7296 2.21.2)", Want: both, Do: quiet,
			Bend: onAuth(func(a *Answer) {
				chain := chainOf(a.Response.Payloads...)
				a.Octets = [][]byte{a.SA.sealInside(a.Response.Header, first(a.Response), bytes.Clone(chain[:len(chain)-1]))}
			})},
	}
}
