package ikev2

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// What RFC 9242 and RFC 9370 demand, sentence by sentence, where a conversation shows it.

// unsaid are payloads without the notifies of a kind.
func unsaid(list []wire.Payload, kind wire.NotifyType) []wire.Payload {
	return slices.DeleteFunc(slices.Clone(list), func(p wire.Payload) bool {
		n, ok := p.(*wire.Notify)
		return ok && n.Kind == kind
	})
}

// saying are payloads in which a notify has other data.
func saying(list []wire.Payload, kind wire.NotifyType, data []byte) []wire.Payload {
	return append(unsaid(list, kind), ikeNotify(kind, data))
}

// parsed is a message in clear.
func parsed(t *testing.T, l *letter) *wire.Message {
	m, err := wire.Parse(l.Data)
	require.NoError(t, err)
	return m
}

// "If the initiator includes any ADDKE Transform Types into the SA payload in the IKE_SA_INIT exchange
// request message, then it MUST also negotiate the use of the IKE_INTERMEDIATE exchange ... If the
// IKE_INTERMEDIATE exchange is not negotiated, then the peers MUST treat any ADDKE Transform Types in
// the IKE_SA_INIT exchange messages as unknown transform types and skip the proposals they appear in.
// If no other proposals are present in the SA payload, the peers will proceed as if no proposal has
// been chosen" (RFC 9370 2.2.1)
func TestIntermediateIsNotNegotiated(t *testing.T) {
	for optional, want := range map[bool]string{
		true: "IKE_SA_INIT response 0 { SA KE Nonce ... }", false: "IKE_SA_INIT response 0 { N(NO_PROPOSAL_CHOSEN) }",
	} {
		c := newTalk(t, adding(optional, []ipsec.Group{36}))
		c.acquire(0)
		m := parsed(t, c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { ... N(INTERMEDIATE_EXCHANGE_SUPPORTED) }")))
		c.forge("B", plain(m.Header, unsaid(m.Payloads, wire.INTERMEDIATE_EXCHANGE_SUPPORTED)...))
		answer := parsed(t, c.wantSend("B", want))
		require.Nil(t, answer.Notify(wire.INTERMEDIATE_EXCHANGE_SUPPORTED))
		if sa, ok := wire.Get[*wire.SA](answer); ok {
			require.False(t, slices.ContainsFunc(sa.Proposals[0].Transforms, func(x wire.Transform) bool { return x.Type >= wire.TypeADDKE }))
			require.EqualValues(t, 2, sa.Proposals[0].Number)
		}
	}
	c := newTalk(t, adding(false, []ipsec.Group{36}))
	c.acquire(0)
	c.pass(1)
	good := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { ... N(INTERMEDIATE_EXCHANGE_SUPPORTED) ... }"))
	m := parsed(t, good)
	c.forge("A", plain(m.Header, unsaid(m.Payloads, wire.INTERMEDIATE_EXCHANGE_SUPPORTED)...))
	c.wantIdle("it is no answer of who has chosen such")
	c.deliver(good)
	c.pass(4)
	c.settle()
	c.requireUp()
}

// "Implementations MUST ignore non-empty Notification Data if they don't understand its purpose." (RFC
// 9242 3.1, of INTERMEDIATE_EXCHANGE_SUPPORTED)
func TestIntermediateSupportedWithData(t *testing.T) {
	data := []byte("what nobody knows")
	c := newTalk(t, adding(false, []ipsec.Group{31}))
	c.acquire(0)
	m := parsed(t, c.hold(c.wantSend("A", "IKE_SA_INIT request 0 { ... }")))
	c.forge("B", plain(m.Header, saying(m.Payloads, wire.INTERMEDIATE_EXCHANGE_SUPPORTED, data)...))
	m = parsed(t, c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { ... N(INTERMEDIATE_EXCHANGE_SUPPORTED) ... }")))
	c.forge("A", plain(m.Header, saying(m.Payloads, wire.INTERMEDIATE_EXCHANGE_SUPPORTED, data)...))
	c.wantSend("A", "IKE_INTERMEDIATE request 1 { KE }")
}

// "Since window size is initially set to 1 for both peers ..., these exchanges MUST be sequential and
// MUST all be completed before the IKE_AUTH exchange is initiated. The IKE SA MUST NOT be considered
// as established until the IKE_AUTH exchange is successfully completed." "Implementations MUST verify
// that Message IDs in the IKE_INTERMEDIATE messages they receive actually follow this rule." (RFC 9242
// 3.2)
func TestIntermediateIsNotUp(t *testing.T) {
	c := newTalk(t, adding(false, []ipsec.Group{31}, []ipsec.Group{20}))
	c.acquire(0)
	c.pass(4)
	request := c.hold(c.wantSend("A", "IKE_INTERMEDIATE request 2 { KE }"))
	for _, name := range []string{"A", "B"} {
		p := c.end(name)
		require.NotEqual(t, StatusReady, p.SAs()[0].Status)
		require.Empty(t, p.pairs)
		require.False(t, p.sorted()[0].up())
	}
	payloads := c.end("A").message(request.Datagram).Payloads
	for _, id := range []uint32{0, 3, 4, 1000} {
		c.forge("B", sealed(c.end("A"), wire.IKE_INTERMEDIATE, id, payloads...))
	}
	c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 2))
	c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, payloads...))
	c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 2, payloads...))
	c.settle()
	require.Empty(t, c.sent, "none of them is answered")
	c.deliver(request)
	c.wantSend("B", "IKE_INTERMEDIATE response 2 { KE }")
	c.wantSend("A", "IKE_AUTH request 3 { ... }")
	c.pass(1)
	c.settle()
	c.requireUp()
}

// "the Encrypted payload MUST be present in the IKE_INTERMEDIATE exchange messages" (RFC 9242 3.2): one
// in clear is none.
func TestIntermediateInClear(t *testing.T) {
	c := newTalk(t, adding(false, []ipsec.Group{31}))
	c.acquire(0)
	c.pass(2)
	request := c.hold(c.wantSend("A", "IKE_INTERMEDIATE request 1 { KE }"))
	require.Equal(t, byte(wire.TypeSK), request.Data[16])
	c.forge("B", plain(request.header(t), c.end("A").message(request.Datagram).Payloads...))
	c.wantIdle("nobody answers it")
	c.deliver(request)
	answer := c.hold(c.wantSend("B", "IKE_INTERMEDIATE response 1 { KE }"))
	require.Equal(t, byte(wire.TypeSK), answer.Data[16])
	c.forge("A", plain(answer.header(t), c.end("B").message(answer.Datagram).Payloads...))
	c.settle()
	require.Empty(t, c.sent, "nor does anything follow")
	c.deliver(answer)
	c.pass(2)
	c.settle()
	c.requireUp()
}

// reserving is a cipher of a sender that has the number of a fragment in the octet with the C bit and
// RESERVED, or 0x55 where there are no fragments.
type reserving struct{ wire.Cipher }

func (r reserving) Seal(b []byte, head int) {
	b[wire.HeaderLen+1] = 0x55
	if b[16] == byte(wire.TypeSKF) {
		b[wire.HeaderLen+1] = b[wire.HeaderLen+5]
	}
	r.Cipher.Seal(b, head)
}

// "The prf calculations MUST be applied to whole messages only, before possible IKE fragmentation."
// "If the message was received in fragmented form, it MUST be reconstructed before calculating the
// prf as if it were received unfragmented. While reconstructing, the RESERVED field in the
// reconstructed Encrypted payload header MUST be set to the value of the RESERVED field in the
// Encrypted Fragment payload header from the first fragment" (RFC 9242 3.3.2)
func TestIntermediateReserved(t *testing.T) {
	for _, whole := range []bool{true, false} {
		c := newTalk(t, adding(false, []ipsec.Group{37}), fragmented(576))
		c.acquire(0)
		c.pass(2)
		first := c.hold(c.wantSend("A", "IKE_INTERMEDIATE request 1 { KE }"))
		c.settle()
		c.sent = nil // its other fragments
		a, b := c.end("A").sorted()[0], c.end("B").sorted()[0]
		cipher, err := a.keys.Cipher(true, nil)
		require.NoError(t, err)
		m := &wire.Message{Header: a.header(wire.IKE_INTERMEDIATE, 1, false), Payloads: c.end("A").message(first.Datagram).Payloads}
		iv := func(b []byte) { clear(b) }
		head, payloads := m.InClear()
		want := byte(0x55)
		if whole {
			c.forge("B", m.AppendSealed(nil, reserving{cipher}, iv))
		} else {
			want = 1
			list := m.Fragments(500, reserving{cipher}, iv)
			require.Greater(t, len(list), 2)
			for _, f := range list {
				c.forge("B", f)
			}
		}
		head[wire.HeaderLen+1] = want
		require.Equal(t, a.suite.PRF.New().Sum(a.keys.PI(), head, payloads), b.main.init.covered[0])
	}
}

// "The former "Diffie-Hellman Group Num" (now called "Key Exchange Method") field in the KEi(n) and
// KEr(n) payloads MUST match the n-th negotiated additional key exchange." (RFC 9370 2.2.2, 2.2.4)
func TestAddedMethodIsAnother(t *testing.T) {
	c := newTalk(t, adding(false, []ipsec.Group{31}))
	c.acquire(0)
	c.pass(2)
	c.hold(c.wantSend("A", "IKE_INTERMEDIATE request 1 { KE }"))
	other := &wire.KE{Group: 19, Data: make([]byte, 64)}
	c.forge("B", sealed(c.end("A"), wire.IKE_INTERMEDIATE, 1, other))
	c.wantSend("B", "IKE_INTERMEDIATE response 1 { N(INVALID_SYNTAX) }")
	require.Empty(t, c.end("B").SAs())

	c = newTalk(t, adding(false, []ipsec.Group{31}))
	c.acquire(0)
	c.pass(3)
	c.hold(c.wantSend("B", "IKE_INTERMEDIATE response 1 { KE }"))
	b := c.end("B").sorted()[0]
	b.keys = *b.former // that the answer is under
	c.forge("A", sealedResponse(c.end("B"), wire.IKE_INTERMEDIATE, 1, other))
	c.settle()
	require.Empty(t, c.end("A").pairs)
	require.Equal(t, CauseGroup, c.end("A").Diagnoses()[0].Cause)

	c = followedTalk(t)
	c.rekeyChild(0)
	c.pass(2)
	l := c.hold(c.wantSend("A", "IKE_FOLLOWUP_KE request 4 { KE N(ADDITIONAL_KEY_EXCHANGE) }"))
	link := c.end("A").message(l.Datagram).Notify(wire.ADDITIONAL_KEY_EXCHANGE)
	c.forge("B", sealed(c.end("A"), wire.IKE_FOLLOWUP_KE, 4, other, link))
	c.wantSend("B", "IKE_FOLLOWUP_KE response 4 { N(INVALID_SYNTAX) }")
	require.Len(t, c.end("B").pairs, 1)
}

// followedTalk is one whose SA is up, with an additional key exchange for it and for its pairs.
func followedTalk(t *testing.T) *talk {
	c := newTalk(t, adding(false, []ipsec.Group{31}))
	c.acquire(0)
	c.pass(6)
	c.settle()
	c.requireUp()
	c.look()
	return c
}

// "The responder MUST include this notification in a CREATE_CHILD_SA or IKE_FOLLOWUP_KE response message
// in case the next IKE_FOLLOWUP_KE exchange is expected ... The initiator MUST send back this
// notification intact in the request message of the next IKE_FOLLOWUP_KE exchange." (RFC 9370 2.2.4)
func TestLinksOfFollowups(t *testing.T) {
	c := followedTalk(t)
	c.rekeyChild(0)
	c.pass(1)
	answer := c.wantSend("B", "CREATE_CHILD_SA response 3 { ... N(ADDITIONAL_KEY_EXCHANGE) }")
	request := c.hold(c.wantSend("A", "IKE_FOLLOWUP_KE request 4 { KE N(ADDITIONAL_KEY_EXCHANGE) }"))
	given, back := c.end("B").message(answer.Datagram).Notify(wire.ADDITIONAL_KEY_EXCHANGE), c.end("A").message(request.Datagram).Notify(wire.ADDITIONAL_KEY_EXCHANGE)
	require.Equal(t, given.Data, back.Data)
	ke, _ := wire.Get[*wire.KE](c.end("A").message(request.Datagram))
	other := slices.Clone(given.Data)
	other[0] ^= 1
	c.forge("B", sealed(c.end("A"), wire.IKE_FOLLOWUP_KE, 4, ke, ikeNotify(wire.ADDITIONAL_KEY_EXCHANGE, other)))
	c.wantSend("B", "IKE_FOLLOWUP_KE response 4 { N(STATE_NOT_FOUND) }")

	// Whatever a responder has for a link comes back; one that has none is not followed.
	for _, link := range [][]byte{make([]byte, 1), make([]byte, 1000), nil} {
		c := followedTalk(t)
		c.rekeyChild(0)
		c.pass(1)
		answer := c.end("B").message(c.hold(c.wantSend("B", "CREATE_CHILD_SA response 3 { ... }")).Datagram)
		payloads := unsaid(answer.Payloads, wire.ADDITIONAL_KEY_EXCHANGE)
		if link != nil {
			payloads = append(payloads, ikeNotify(wire.ADDITIONAL_KEY_EXCHANGE, link))
		}
		c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 3, payloads...))
		if link == nil {
			l := c.next()
			require.NotContains(t, l.text, "IKE_FOLLOWUP_KE")
			require.True(t, slices.ContainsFunc(c.end("A").Diagnoses(), func(d Diagnosis) bool { return d.Cause == CausePayloadMissing }))
			continue
		}
		l := c.wantSend("A", "IKE_FOLLOWUP_KE request 4 { KE N(ADDITIONAL_KEY_EXCHANGE) }")
		require.Equal(t, link, c.end("A").message(l.Datagram).Notify(wire.ADDITIONAL_KEY_EXCHANGE).Data)
	}
}

// "If the initiator receives this notification in response to an IKE_FOLLOWUP_KE exchange performing an
// additional key exchange, it MUST cancel this exchange and MUST treat the whole series of exchanges
// started from the CREATE_CHILD_SA exchange as having failed. ... If the initiator continues to receive
// STATE_NOT_FOUND notifications after several retries, it MUST treat this situation as a fatal error and
// delete the IKE SA by sending a DELETE payload." (RFC 9370 2.2.4)
func TestForgottenAgainAndAgain(t *testing.T) {
	for _, between := range []bool{false, true} { // one that succeeds begins a new row
		l := newLab(t, 1, adding(false, []ipsec.Group{31}))
		l.acquire(0)
		l.run(time.Second)
		first := l.peers[0].SAs()[0].SPIi
		l.tamper = func(from int, d Datagram) []Datagram { // B forgets what a CREATE_CHILD_SA was about
			if isExchange(d, wire.IKE_FOLLOWUP_KE, false) && from == 0 {
				for _, x := range l.peers[1].sorted()[0].exchanges {
					x.link = []byte("?")
				}
			}
			return []Datagram{d}
		}
		heard := func() (n int) {
			for _, f := range events[Failure](l.peers[0]) {
				n += flag(f.Heard == wire.STATE_NOT_FOUND)
			}
			return n
		}
		deleted := func() bool {
			return !slices.ContainsFunc(l.peers[0].SAs(), func(s SAInfo) bool { return s.SPIi == first && s.Status == StatusReady })
		}
		l.rekeyChild(0)
		for end := l.now.Add(time.Hour); heard() < mostForgotten-1 && l.step(end); {
			require.False(t, deleted())
		}
		if between {
			forget := l.tamper
			l.tamper = nil
			l.run(5 * time.Minute)
			l.requireUp()
			l.tamper = forget
			l.rekeyChild(0)
			l.run(5 * time.Second)
			require.False(t, deleted())
			continue
		}
		for end := l.now.Add(time.Hour); heard() < mostForgotten && l.step(end); {
		}
		require.True(t, deleted())
		l.tamper = nil
		l.run(time.Minute)
		require.True(t, slices.ContainsFunc(l.peers[0].events, func(ev Effect) bool {
			m, ok := ev.(MessageBuilt)
			if !ok || m.Message.Exchange != wire.INFORMATIONAL || m.Message.Response() {
				return false
			}
			d, ok := wire.Get[*wire.Delete](m.Message)
			return ok && d.Protocol == wire.ProtoIKE
		}))
		require.Empty(t, l.peers[1].SAs())
	}
}

// "if additional key exchanges are negotiated in the CREATE_CHILD_SA exchange in which the smallest nonce
// is used, then, because there is nothing to delete yet, the initiator of this exchange just stops the
// rekeying process, and it MUST NOT initiate the IKE_FOLLOWUP_KE exchange." (RFC 9370 2.2.4)
func TestAddedRekeysCollide(t *testing.T) {
	for seed := range uint64(6) {
		for _, ike := range []bool{false, true} {
			l := newLab(t, seed, adding(false, []ipsec.Group{31}))
			l.acquire(0)
			l.run(time.Second)
			var nonces [2][][]byte // of the exchange that each end began
			var followed [2]int
			l.tamper = func(from int, d Datagram) []Datagram {
				m := l.peers[from].message(d)
				if n, ok := wire.Get[*wire.Nonce](m); ok && m.Exchange == wire.CREATE_CHILD_SA {
					by := from
					if m.Response() {
						by = 1 - from
					}
					nonces[by] = append(nonces[by], n.Data)
				}
				if m.Exchange == wire.IKE_FOLLOWUP_KE && !m.Response() {
					followed[from]++
				}
				return []Datagram{d}
			}
			rekey := l.rekeyChild
			if ike {
				rekey = l.rekeyIKE
			}
			rekey(0)
			rekey(1)
			l.run(5 * time.Second)
			require.Len(t, nonces[0], 2)
			require.Len(t, nonces[1], 2)
			loser := 0
			if slices.Compare(slices.MinFunc(nonces[1], slices.Compare), slices.MinFunc(nonces[0], slices.Compare)) < 0 {
				loser = 1
			}
			require.Equal(t, [2]int{loser, 1 - loser}, followed, "seed %d, %v", seed, ike)
			require.Empty(t, l.judge(), "nothing waits for what has stopped")
			l.run(5 * time.Minute)
			l.requireUp()
			require.Empty(t, l.judge())
		}
	}
}

// "a situation may occur when, due to packet loss, one of the peers receives the CREATE_CHILD_SA message
// requesting the rekey of an SA that is already being rekeyed by this peer (i.e., the CREATE_CHILD_SA
// exchange initiated by this peer has already been completed, and the series of IKE_FOLLOWUP_KE
// exchanges is in progress). In this case, a TEMPORARY_FAILURE notification MUST be sent in response to
// such a request." (RFC 9370 2.2.4)
func TestAddedRekeyOfThePeerIsLate(t *testing.T) {
	for _, ike := range []bool{false, true} {
		c := followedTalk(t)
		rekey := c.rekeyChild
		if ike {
			rekey = c.rekeyIKE
		}
		rekey(0)
		rekey(1)
		c.wantSend("A", "CREATE_CHILD_SA request 3 { ... }")
		late := c.hold(c.wantSend("B", "CREATE_CHILD_SA request 0 { ... }"))
		c.wantSend("B", "CREATE_CHILD_SA response 3 { ... N(ADDITIONAL_KEY_EXCHANGE) }")
		c.hold(c.wantSend("A", "IKE_FOLLOWUP_KE request 4 { KE N(ADDITIONAL_KEY_EXCHANGE) }"))
		c.deliver(late)
		c.wantSend("A", "CREATE_CHILD_SA response 0 { N(TEMPORARY_FAILURE) }")
	}
}

// "If the responder's message contains one or more duplicated choices, the initiator should log the error
// and MUST treat the exchange as failed. The initiator MUST NOT initiate any IKE_INTERMEDIATE (or
// IKE_FOLLOWUP_KE) exchanges so that no new SA is created." (RFC 9370 2.2.1)
func TestDuplicatesAreNoChoice(t *testing.T) {
	twice := adding(false, []ipsec.Group{31, 20}, []ipsec.Group{20, 31})
	bend := func(sa *wire.SA) {
		for i, x := range sa.Proposals[0].Transforms {
			if x.Type >= wire.TypeADDKE {
				sa.Proposals[0].Transforms[i].ID = 31
			}
		}
	}
	c := newTalk(t, twice)
	c.acquire(0)
	c.pass(1)
	good := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
	m := parsed(t, good)
	c.forge("A", plain(m.Header, bent(m, bend)...))
	c.wantIdle("no IKE_INTERMEDIATE follows")
	c.deliver(good)
	c.pass(6)
	c.settle()
	c.requireUp()
	c.look()

	c.rekeyChild(0)
	c.pass(1)
	answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 4 { SA Nonce ... }"))
	c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 4, bent(c.end("B").message(answer.Datagram), bend)...))
	c.wantSend("A", "INFORMATIONAL request 5 { D(ESP SPI) }")
	require.Len(t, c.end("A").pairs, 1)
	require.True(t, slices.ContainsFunc(c.end("A").Diagnoses(), func(d Diagnosis) bool { return d.Cause == CauseMismatch }))
}

// "If the presence of NAT is detected in the IKE_SA_INIT exchange ..., then the peers switch to port 4500 in
// the first IKE_INTERMEDIATE exchange and use this port for all subsequent exchanges" (RFC 9242 3.2)
func TestFloatsInIntermediate(t *testing.T) {
	n := newNAT(t, "10.0.0.1:1024", adding(false, []ipsec.Group{31}))
	through, seen := n.tamper, 0
	n.tamper = func(from int, d Datagram) []Datagram {
		if from == 0 && isExchange(d, wire.IKE_INTERMEDIATE, false) {
			require.Equal(t, []uint16{natPort, natPort}, []uint16{d.Local.Port(), d.Remote.Port()})
			seen++
		}
		return through(from, d)
	}
	n.acquire(0)
	n.run(time.Second)
	require.Equal(t, 1, seen)
	require.Len(t, n.peers[0].pairs, 1)
	require.EqualValues(t, natPort, n.sa(0).Local.Port())
}
