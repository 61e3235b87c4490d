package rogue

import (
	"time"

	"ikelab/ikev2/wire"
)

// What certificates, redirects, post-quantum keys and additional key exchanges bring along,
// for a router that has asked for none of them.

const (
	irrelevant = "Implementations MUST be prepared to receive certificates and CRLs that are not relevant to the current exchange. (RFC 4945 3.3.10.5)"
	redirects  = "the gateway MUST NOT redirect a client that has not said REDIRECT_SUPPORTED (after RFC 5685 3, 5)"
	ignored    = "status notifies that mean nothing here are ignored (after RFC 7296 3.10.1)"
	notOffered = "the initiator MUST verify that the accepted offer is consistent with one of its proposals (after RFC 7296 2.7)"
)

// proveWith sends an honest IKE_AUTH request with more in it.
func (t *Talk) proveWith(more ...wire.Payload) {
	m := t.SA.authRequest()
	m.Payloads = append(m.Payloads, more...)
	t.ask(m)
}

// certificates are so many that are none, and requests for as many.
func certificates(p *Peer, n int) (list []wire.Payload) {
	for range n {
		list = append(list, &wire.Cert{Encoding: 4, Data: p.octets(400)}, &wire.CertReq{Encoding: 4, Data: p.octets(20)})
	}
	return list
}

// elsewhere are redirects, good ones and such as lie about their lengths (RFC 5685 9.2).
func elsewhere() (list []wire.Payload) {
	for _, data := range [][]byte{nil, {1}, {1, 4}, {1, 4, 10, 0, 0}, {1, 4, 10, 0, 0, 2}, {1, 255, 10, 0, 0, 2}, {2, 4, 10, 0, 0, 2}, {3, 0}, {3, 3, 'a', 0, 'b'}, {9, 1, 1}, append([]byte{1, 4, 10, 0, 0, 2}, make([]byte, 1000)...)} {
		list = append(list, &wire.Notify{Kind: wire.REDIRECT, Data: data}, &wire.Notify{Kind: wire.REDIRECTED_FROM, Data: data})
	}
	return list
}

func extensions() []Case {
	return append(extendedRequests(), extendedAnswers()...)
}

func extendedRequests() []Case {
	up := []string{upAnswer}
	return []Case{
		{Name: "extensions with data that they have not", RFC: ignored, Want: []string{initAnswer}, Do: func(t *Talk) {
			m := t.SA.initRequest()
			for _, k := range []wire.NotifyType{wire.SIGNATURE_HASH_ALGORITHMS, wire.USE_PPK, wire.REDIRECT_SUPPORTED, wire.INTERMEDIATE_EXCHANGE_SUPPORTED} {
				m = with(with(m, &wire.Notify{Kind: k, Data: t.octets(9001)}), &wire.Notify{Kind: k})
			}
			m.Payloads = append(m.Payloads, elsewhere()...)
			t.send(t.SA, m)
		}},
		{Name: "additional key exchanges by the hundred", RFC: bounded, Want: []string{"IKE_SA_INIT response { N(NO_PROPOSAL_CHOSEN) }"}, Do: func(t *Talk) {
			m := t.SA.initRequest()
			p := &m.Payloads[0].(*wire.SA).Proposals[0]
			for i := range 240 {
				p.Transforms = append(p.Transforms, wire.Transform{Type: wire.TypeADDKE + wire.TransformType(i%wire.MaxADDKE), ID: uint16(35 + i/wire.MaxADDKE)})
			}
			t.send(t.SA, m)
		}},
		{Name: "IKE_INTERMEDIATE five hundred times", As: HalfOpen, RFC: early, Want: up, Do: func(t *Talk) {
			for range 500 {
				t.send(t.SA, &wire.Message{Header: t.SA.header(wire.IKE_INTERMEDIATE, 1, false), Payloads: []wire.Payload{t.SA.public(), &wire.Nonce{Data: t.octets(200)}}})
			}
			t.Pass(time.Second)
			t.proveWith()
		}},
		{Name: "certificates by the dozen, and requests for them", As: HalfOpen, RFC: irrelevant, Want: up, Do: func(t *Talk) { t.proveWith(certificates(t.Peer, 25)...) }},
		{Name: "certificates by the hundred", As: HalfOpen, RFC: bounded, Want: []string{badAuth}, Ends: true, Do: func(t *Talk) { t.proveWith(certificates(t.Peer, 100)...) }},
		{Name: "a certificate by its URL", As: HalfOpen, RFC: "hash and URL is only for who has said HTTP_CERT_LOOKUP_SUPPORTED (after RFC 7296 3.6)", Want: up, Do: func(t *Talk) {
			url := append(t.octets(20), "http://127.0.0.1/certificate"...)
			t.proveWith(&wire.Cert{Encoding: wire.CertHashAndURL, Data: url}, &wire.Cert{Encoding: wire.CertHashAndURL + 1, Data: url}, &wire.Cert{Encoding: 0}, &wire.Cert{Encoding: 255})
		}},
		{Name: "a post-quantum key that was not agreed", As: HalfOpen, RFC: ignored, Want: up, Do: func(t *Talk) {
			t.proveWith(&wire.Notify{Kind: wire.PPK_IDENTITY}, &wire.Notify{Kind: wire.PPK_IDENTITY, Data: t.octets(5000)}, &wire.Notify{Kind: wire.NO_PPK_AUTH, Data: t.octets(64)})
		}},
		{Name: "a redirect in a request", As: HalfOpen, RFC: redirects, Want: up, Do: func(t *Talk) { t.proveWith(elsewhere()...) }},
		{Name: "a redirect under an SA", As: Member, RFC: redirects, Want: []string{"INFORMATIONAL response { }"}, Do: func(t *Talk) {
			t.ask(t.SA.inform(elsewhere()...))
			for _, n := range elsewhere() {
				t.ask(t.SA.inform(n))
			}
		}},
	}
}

func extendedAnswers() []Case {
	more := func(a *Answer, list []wire.Payload) { a.Response.Payloads = append(a.Response.Payloads, list...) }
	both := []string{askedInit, askedAuth}
	return []Case{
		{Name: "a redirect in place of an answer", As: Asked, RFC: redirects, Want: both[:1], Do: quiet,
			Bend: onInit(func(a *Answer) {
				n, _ := wire.Get[*wire.Nonce](a.Request)
				refuse(&wire.Notify{Kind: wire.REDIRECT, Data: append([]byte{1, 4, 10, 0, 0, 2}, n.Data...)})(a)
			})},
		{Name: "a redirect beside a proof", As: Asked, RFC: redirects, Want: both, Do: quiet, Bend: onAuth(func(a *Answer) { more(a, elsewhere()) })},
		{Name: "certificates by the dozen in an answer", As: Asked, RFC: irrelevant, Want: both, Do: quiet, Bend: onAuth(func(a *Answer) { more(a, certificates(a.SA.peer, 25)) })},
		{Name: "a post-quantum key in an answer", As: Asked, RFC: ignored, Want: both, Do: quiet, Bend: onAuth(func(a *Answer) { more(a, []wire.Payload{&wire.Notify{Kind: wire.PPK_IDENTITY}}) })},
		{Name: "an additional key exchange that was not offered", As: Asked, RFC: notOffered, Want: both[:1], Do: quiet,
			Bend: onInit(func(a *Answer) {
				p := &a.Response.Payloads[0].(*wire.SA).Proposals[0]
				p.Transforms = append(p.Transforms[:len(p.Transforms):len(p.Transforms)], wire.Transform{Type: wire.TypeADDKE, ID: 36})
				a.SA.keyed = false
			})},
	}
}
