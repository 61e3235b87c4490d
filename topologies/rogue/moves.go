package rogue

import (
	"bytes"
	"time"

	"ikelab/ikev2/wire"
)

// What cases share: sentences, answers, and moves.

const (
	askedInit = "IKE_SA_INIT request { SA KE Nonce }"
	askedAuth = "IKE_AUTH request { IDi AUTH SA TSi TSr }"
)

const (
	silence = "if the message is … marked as a response or there is some other problem, the node MUST NOT respond (after RFC 7296 2.21.4)"
	syntax  = "The receiver of a request that is malformed … SHOULD send INVALID_SYNTAX … only if it is cryptographically protected (after RFC 7296 2.21.3, 3.10.1)"

	initAnswer = "IKE_SA_INIT response { SA KE Nonce }"
	badChild   = "CREATE_CHILD_SA response { N(INVALID_SYNTAX) }"
	badInform  = "INFORMATIONAL response { N(INVALID_SYNTAX) }"
	badAuth    = "IKE_AUTH response { N(INVALID_SYNTAX) }"
)

// next uses up a request id of the standing SA.
func (t *Talk) next(x wire.ExchangeType) func() (*SA, wire.Header) {
	return func() (*SA, wire.Header) { return t.SA, t.SA.nextHeader(x) }
}

// ask sends a request under the SA and waits.
func (t *Talk) ask(m *wire.Message) []byte {
	data := t.send(t.SA, m)
	t.Pass(Round)
	return data
}

// strange is a payload of a type that nobody knows.
func strange(critical bool) *wire.Unknown {
	return &wire.Unknown{Kind: 200, Critical: critical, Data: []byte{1}}
}

const critical = "If the critical flag is set and the payload type is unrecognized, the message MUST be rejected and the response to the IKE request containing that payload MUST include a Notify payload UNSUPPORTED_CRITICAL_PAYLOAD (RFC 7296 2.5)"

// with puts a payload behind the others.
func with(m *wire.Message, p wire.Payload) *wire.Message {
	m.Payloads = append(m.Payloads, p)
	return m
}

const badPublic = "the recipient … MUST verify that the public value is a valid one (after RFC 6989 2)"

// point is a public value in which every octet is the same.
func (s Suite) point(octet byte, n int) *wire.KE {
	return &wire.KE{Group: uint16(s.Group), Data: bytes.Repeat([]byte{octet}, n)}
}

const upAnswer = "IKE_AUTH response { IDr AUTH N(TS_UNACCEPTABLE) }"

// inClear sends what would end an SA, were it believed.
func (t *Talk) inClear(header func(wire.ExchangeType, uint32, bool) wire.Header) {
	for _, x := range []wire.ExchangeType{wire.IKE_AUTH, wire.CREATE_CHILD_SA, wire.INFORMATIONAL} {
		for _, p := range []wire.Payload{
			&wire.Delete{Protocol: wire.ProtoIKE}, &wire.Notify{Kind: wire.AUTHENTICATION_FAILED}, &wire.Notify{Kind: wire.INVALID_IKE_SPI},
			&wire.Notify{Kind: wire.INVALID_SYNTAX}, &wire.Notify{Kind: wire.INITIAL_CONTACT},
		} {
			for id := range uint32(4) {
				for _, response := range []bool{false, true} {
					t.sendOctets((&wire.Message{Header: header(x, id, response), Payloads: []wire.Payload{p}}).Append(nil))
				}
			}
		}
	}
	t.Pass(Round)
}

const bounded = "an endpoint must bound what a peer can make it keep or compute (after RFC 7296 2.6)"

// manyTransforms is an offer of n proposals of 255 transforms; the last is good.
func (s Suite) manyTransforms(n int) *wire.SA {
	offer := s.ikeOffer(nil)
	good := offer.Proposals[0]
	offer.Proposals = nil
	for i := range n {
		list := wire.Proposal{Number: uint8(i + 1), Protocol: wire.ProtoIKE}
		for j := range 255 {
			list.Transforms = append(list.Transforms, wire.Transform{Type: wire.TransformType(1 + j%4), ID: uint16(40000 + j)})
		}
		offer.Proposals = append(offer.Proposals, list)
	}
	good.Number = uint8(n)
	offer.Proposals[n-1] = good
	return offer
}

func manySelectors(s wire.Selector, n int) []wire.Selector {
	list := make([]wire.Selector, n)
	for i := range list {
		list[i] = s
		list[i].StartPort = uint16(i)
	}
	list[0].StartPort = 0
	return list
}

const askedCookie = "IKE_SA_INIT request { N(COOKIE) SA KE Nonce }"

const (
	hint = "an unprotected error … SHOULD NOT be acted on at once … wait for other responses (after RFC 7296 2.21.1)"

	// patience is after how long a router has asked again, and been answered.
	patience = 15 * time.Second
)

// quiet lets the router ask.
func quiet(t *Talk) { t.Pass(patience) }
