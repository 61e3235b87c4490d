package ikev2

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Additional key exchanges: RFC 9370, in IKE_INTERMEDIATE, RFC 9242.

// adding is a configuration with additional key exchanges for the IKE SA, and with as many
// for its children.
func adding(optional bool, kes ...[]ipsec.Group) func(*testPolicy) {
	return func(c *testPolicy) {
		quick(c)
		c.Proposals[0].AddKE, c.Proposals[0].AddKEOptional = kes, optional
		c.Children[0].PFS, c.Children[0].PFSAddKE = 19, kes
	}
}

// added is a single additional key exchange with its methods.
func added(methods ...ipsec.Group) [][]ipsec.Group { return [][]ipsec.Group{methods} }

// What two configurations come to (after RFC 9370 section 2.2.1): the responder chooses
// of each type what both have, none twice, and a proposal apart is for a peer without.
func TestAddedKeyExchanges(t *testing.T) {
	for name, row := range map[string]struct {
		ours, theirs [][]ipsec.Group
		optional     [2]bool
		want         []ipsec.Group // nil: no SA
	}{
		"none":                           {want: []ipsec.Group{}},
		"the same":                       {ours: added(36), theirs: added(36), want: []ipsec.Group{36}},
		"the responder's first":          {ours: added(36, 37), theirs: added(37, 36), want: []ipsec.Group{37}},
		"what both have":                 {ours: added(35, 36), theirs: added(36, 37), want: []ipsec.Group{36}},
		"seven":                          {ours: [][]ipsec.Group{{35}, {36}, {37}, {31}, {20}, {14}, {2}}, theirs: [][]ipsec.Group{{35}, {36}, {37}, {31}, {20}, {14}, {2}}, want: []ipsec.Group{35, 36, 37, 31, 20, 14, 2}},
		"none twice":                     {ours: [][]ipsec.Group{{36, 31}, {36, 31}}, theirs: [][]ipsec.Group{{36, 31}, {36, 31}}, want: []ipsec.Group{36, 31}},
		"nor that of the first exchange": {ours: added(19, 31), theirs: added(19, 31), want: []ipsec.Group{31}},
		"no method in common":            {ours: added(36), theirs: added(37)},
		"no method in common, both may":  {ours: added(36), theirs: added(37), optional: [2]bool{true, true}, want: []ipsec.Group{}},
		"only the initiator wants it":    {ours: added(36)},
		"only the initiator, who may":    {ours: added(36), optional: [2]bool{true, false}, want: []ipsec.Group{}},
		"only the responder wants it":    {theirs: added(36)},
		"only the responder, who may":    {theirs: added(36), optional: [2]bool{false, true}, want: []ipsec.Group{}},
		"one of two":                     {ours: [][]ipsec.Group{{36}, {31}}, theirs: added(36)},
		"both may, and do":               {ours: added(36), theirs: added(36), optional: [2]bool{true, true}, want: []ipsec.Group{36}},
	} {
		l := newLab(t, 1)
		l.peers[0].configure(testConfig(0, adding(row.optional[0], row.ours...)))
		l.peers[1].configure(testConfig(1, adding(row.optional[1], row.theirs...)))
		l.acquire(0)
		l.run(10 * time.Minute)
		if row.want == nil {
			require.Empty(t, l.peers[0].pairs, name)
			require.Empty(t, l.peers[1].pairs, name)
			continue
		}
		l.requireUp()
		for _, p := range l.peers {
			sa := p.sorted()[0]
			require.Equal(t, row.want, slices.DeleteFunc(slices.Clone(sa.suite.AddKE[:]), func(g ipsec.Group) bool { return g == 0 }), name)
			require.Equal(t, l.peers[0].sorted()[0].keys.D(), sa.keys.D(), name)
			require.Nil(t, sa.former, "the keys of IKE_INTERMEDIATE go")
		}
	}
}

// The conversation (RFC 9370 sections 2.2.2 and 2.2.4).
func TestAddedConversation(t *testing.T) {
	c := newTalk(t, adding(false, []ipsec.Group{36}, []ipsec.Group{31}))
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 { ... N(INTERMEDIATE_EXCHANGE_SUPPORTED) }")
	c.wantSend("B", "IKE_SA_INIT response 0 { ... N(INTERMEDIATE_EXCHANGE_SUPPORTED) ... }")
	method := func(l *letter) ipsec.Group {
		ke, _ := wire.Get[*wire.KE](c.peers[l.from].message(l.Datagram))
		return ipsec.Group(ke.Group)
	}
	for i, g := range []ipsec.Group{36, 31} { // "performed in an order of the values of their Transform Types" (2.2.1)
		require.Equal(t, g, method(c.wantSend("A", fmt.Sprintf("IKE_INTERMEDIATE request %d { KE }", i+1))))
		require.Equal(t, g, method(c.wantSend("B", fmt.Sprintf("IKE_INTERMEDIATE response %d { KE }", i+1))))
	}
	c.wantSend("A", "IKE_AUTH request 3 { ... AUTH ... }")
	c.wantSend("B", "IKE_AUTH response 3 { ... AUTH ... }")
	c.run(time.Second)
	c.requireUp()
	c.rekeyChild(0)
	c.wantSend("A", "CREATE_CHILD_SA request 4 { ... KE ... }")
	c.wantSend("B", "CREATE_CHILD_SA response 4 { ... N(ADDITIONAL_KEY_EXCHANGE) }")
	require.EqualValues(t, 36, method(c.wantSend("A", "IKE_FOLLOWUP_KE request 5 { KE N(ADDITIONAL_KEY_EXCHANGE) }")))
	require.EqualValues(t, 36, method(c.wantSend("B", "IKE_FOLLOWUP_KE response 5 { KE N(ADDITIONAL_KEY_EXCHANGE) }")))
	require.EqualValues(t, 31, method(c.wantSend("A", "IKE_FOLLOWUP_KE request 6 { KE N(ADDITIONAL_KEY_EXCHANGE) }")))
	require.EqualValues(t, 31, method(c.wantSend("B", "IKE_FOLLOWUP_KE response 6 { KE }")))
	c.wantSend("A", "INFORMATIONAL request 7 { D(ESP SPI) }")
	c.wantSend("B", "INFORMATIONAL response 7 { D(ESP SPI) }")
	c.run(time.Minute)
	c.requireUp()
}

// AUTH covers messages as if they had not been fragmented (after RFC 9242 section 3.3.2), so
// both ends agree whoever fragments; and each datagram may be lost or come twice.
func TestAddedThroughMishaps(t *testing.T) {
	for _, mtu := range []int{0, 576} {
		for n := range 24 {
			for _, twice := range []bool{false, true} {
				l := newLab(t, 1, adding(false, []ipsec.Group{37}, []ipsec.Group{35}), fragmented(mtu))
				sent := 0
				l.tamper = func(_ int, d Datagram) []Datagram {
					sent++
					switch {
					case sent-1 != n:
						return []Datagram{d}
					case twice:
						return []Datagram{d, d}
					}
					return nil
				}
				l.acquire(0)
				l.run(2 * time.Minute)
				l.requireUp()
				l.rekeyChild(0)
				l.run(2 * time.Minute)
				l.rekeyIKE(1)
				l.run(2 * time.Minute)
				l.requireUp()
				require.Empty(t, l.judge(), "MTU %d, datagram %d, twice %v", mtu, n, twice)
				require.Equal(t, l.peers[0].sorted()[0].keys.D(), l.peers[1].sorted()[0].keys.D())
			}
		}
	}
}

// A request that goes on with nothing the responder knows is answered STATE_NOT_FOUND; who
// does not go on is waited for as long as for IKE_AUTH (after RFC 9370 section 2.2.4).
func TestFollowupIsMissed(t *testing.T) {
	l := newLab(t, 1, adding(false, []ipsec.Group{31}))
	l.acquire(0)
	l.run(time.Second)
	l.requireUp()
	var late *Datagram
	l.tamper = func(from int, d Datagram) []Datagram {
		if h, _ := wire.ParseHeader(d.Data); from == 0 && h.Exchange == wire.IKE_FOLLOWUP_KE {
			d.Data = bytes.Clone(d.Data)
			late = &d
			return nil
		}
		return []Datagram{d}
	}
	l.rekeyChild(0)
	l.run(AuthTimer + time.Second)
	require.NotNil(t, late)
	require.True(t, slices.ContainsFunc(l.peers[1].Diagnoses(), func(d Diagnosis) bool { return d.Cause == CauseNoFollowup }))
	l.tamper = nil
	l.run(5 * time.Minute)
	require.True(t, slices.ContainsFunc(l.peers[0].Diagnoses(), func(d Diagnosis) bool { return d.Heard == wire.STATE_NOT_FOUND }))
	l.requireUp()
	require.Empty(t, l.judge())
}

// A middle man who exchanges the halves of an additional key exchange has no part in
// what is authenticated: AUTH covers them (RFC 9242 section 3.3.2).
func TestIntermediateIsCovered(t *testing.T) {
	a := &exchange{sa: &ikeSA{sealing: sealing{hmacs: &hmacs{}}}, init: &initial{}}
	a.sa.suite.PRF = ipsec.PRFSHA256
	a.sa.keys = keys.Derive(ipsec.PRFSHA256.New(), ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA256, []byte("seed"), keys.Nonces{}, 1, 2)
	m := &wire.Message{Header: wire.NewHeader(1, 2, true, wire.IKE_INTERMEDIATE, 1, false), Payloads: []wire.Payload{&wire.KE{Group: 31, Data: make([]byte, 32)}}}
	cover(a, m)
	clear := m.Append(nil)
	// A: the header with the length of A | P, the Encrypted payload's generic header; P: the payloads.
	want := slices.Concat(clear[:16], []byte{46}, clear[17:27], []byte{28 + 4 + 40}, []byte{34, 0, 0, 44}, clear[28:])
	head, payloads := m.InClear()
	require.Equal(t, want, slices.Concat(head, payloads))
	require.Equal(t, ipsec.PRFSHA256.New().Sum(a.sa.keys.PI(), want), a.init.covered[0])
	require.Nil(t, a.init.intAuth(), "no exchange is completed")
	a.init.count = 1
	require.Equal(t, slices.Concat(a.init.covered[0], a.init.covered[1], []byte{0, 0, 0, 2}), a.init.intAuth())
}

// Keys that hold for the next exchange protect no earlier one: IKE_AUTH before the last
// IKE_INTERMEDIATE is passed over, and so is IKE_INTERMEDIATE that nothing asks for.
func TestIntermediateHasItsTurn(t *testing.T) {
	for want, kes := range map[wire.ExchangeType][][]ipsec.Group{wire.IKE_INTERMEDIATE: added(31), wire.IKE_AUTH: nil} {
		l := newLab(t, 1, adding(false, kes...))
		l.tamper = func(from int, d Datagram) []Datagram {
			h, _ := wire.ParseHeader(d.Data)
			if from == 0 && h.Exchange == want && h.MessageID == 1 {
				return nil
			}
			return []Datagram{d}
		}
		l.acquire(0)
		l.run(time.Second)
		sa := l.peers[0].sorted()[0]
		other := wire.IKE_AUTH
		if want == wire.IKE_AUTH {
			other = wire.IKE_INTERMEDIATE
		}
		before := l.peers[1].stats.Dropped
		data := l.peers[0].seal(sa, sa.header(other, 1, false), []wire.Payload{&wire.KE{Group: 31, Data: make([]byte, 32)}})[0]
		l.peers[1].apply(l.peers[1].Receive(l.now, Datagram{Local: sa.remote, Remote: sa.local, Data: data}))
		require.Equal(t, before+1, l.peers[1].stats.Dropped, want)
		l.tamper = nil
		l.run(time.Minute)
		l.requireUp()
	}
}

// A post-quantum preshared key goes into the keys that the additional key exchanges have made
// (RFC 8784 section 3, RFC 9370 section 2.2.2).
func TestAddedBesidePPK(t *testing.T) {
	for _, required := range []bool{false, true} {
		ppk := &PPK{ID: "a", Key: []byte("quantum safe"), Required: required}
		l := newLab(t, 1, adding(false, []ipsec.Group{36}), func(c *testPolicy) {
			c.Keyrings[0].Peers[0].PPK, c.Profiles[0].PPKKeyring = ppk, "KEYRNG"
		})
		l.acquire(0)
		l.run(time.Second)
		l.requireUp()
		for _, p := range l.peers {
			sa := p.sorted()[0]
			require.True(t, sa.mixed())
			require.True(t, sa.suite.AddsKE())
			require.Equal(t, l.peers[0].sorted()[0].keys.D(), sa.keys.D())
		}
	}
}

// A rekey that is held up beyond the end of its pair comes to nothing: the peer has asked for
// a pair anew, which must not get a twin.
func TestFollowupOfAPairThatHasGone(t *testing.T) {
	l := newLab(t, 1, adding(false, []ipsec.Group{31}))
	l.acquire(0)
	l.run(time.Second)
	l.tamper = func(_ int, d Datagram) []Datagram {
		if h, _ := wire.ParseHeader(d.Data); h.Exchange == wire.IKE_FOLLOWUP_KE {
			return nil
		}
		return []Datagram{d}
	}
	l.rekeyChild(0)
	l.run(5 * time.Second)
	old := l.peers[0].newest()
	old.expireAt = l.now
	l.peers[0].begin(l.now)
	l.peers[0].touch(old.sa)
	l.peers[0].apply(l.peers[0].end())
	l.run(100 * time.Millisecond)
	l.acquire(1)
	l.tamper = nil
	l.run(3 * time.Minute)
	l.requireUp()
	require.Empty(t, l.judge())
}
