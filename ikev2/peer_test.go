package ikev2

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Whom a peer may be, what it may ask for and how it is reached: RFC 7296, sections 1.2,
// 2.4, 2.19, 2.20 and 2.23.

// "If either side uses a shared secret for authentication, the names in the ID payload MUST
// correspond to the key used to generate the AUTH payload." (RFC 7296 1.2)
func TestKeyOfAnother(t *testing.T) {
	me, other := named(wire.IDFQDN, "a.example"), named(wire.IDFQDN, "other.example")
	for name, row := range map[string]struct {
		claims Identity
		key    string
		up     bool
	}{
		"its own": {me, "mine", true}, "another's key": {me, "other", false}, "another's name": {other, "mine", false}, "all another's": {other, "other", true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t)
			c.end("A").configure(testConfig(0, quick, func(p *testPolicy) {
				p.Profiles[0].LocalID = &row.claims
				p.Keyrings[0].Peers[0].Local = []byte(row.key)
			}))
			c.end("B").configure(testConfig(1, quick, func(p *testPolicy) {
				p.Children[0].ResponderOnly = true
				p.Keyrings[0].Peers = []KeyringPeer{
					{Name: "me", Identity: &me, Local: []byte("cisco"), Remote: []byte("mine")},
					{Name: "other", Identity: &other, Local: []byte("cisco"), Remote: []byte("other")},
				}
			}))
			c.acquire(0)
			c.pass(3)
			if row.up {
				c.wantSend("B", authResponse)
				return
			}
			c.wantSend("B", "IKE_AUTH response 1 { N(AUTHENTICATION_FAILED) }")
			require.Empty(t, c.end("B").pairs)
		})
	}
}

// "The responder MUST NOT send a CFG_REPLY without having first received a CP(CFG_REQUEST)
// from the initiator" (RFC 7296 2.19) and of the version of an implementation: "In that case,
// it MUST either return an empty string or no CP payload if CP is not supported." (2.20)
// "Unrecognized or unsupported attributes MUST be ignored in both requests and responses."
// (3.15.1)
func TestNoConfiguration(t *testing.T) {
	for _, asked := range []bool{false, true} {
		c := newTalk(t, func(p *testPolicy) { p.Profiles[0].ConfigRequest = asked })
		c.acquire(0)
		c.pass(2)
		request := c.end("A").message(c.hold(c.wantSend("A", authRequest)).Datagram)
		cp, has := wire.Get[*wire.CP](request)
		require.Equal(t, asked, has)
		list := request.Payloads
		if has {
			// "Non-empty values for this attribute in a CFG_REQUEST do not make sense and thus
			// MUST NOT be included." (3.15.1, of INTERNAL_IP4_SUBNET)
			for _, a := range cp.Attributes {
				require.True(t, a.Type != wire.INTERNAL_IP4_SUBNET || len(a.Value) == 0)
				require.NotContains(t, []wire.CPAttrType{wire.INTERNAL_IP4_NETMASK, wire.SUPPORTED_ATTRIBUTES, wire.INTERNAL_IP4_ADDRESS}, a.Type)
			}
			// "In all cases, the CP payload MUST be inserted before the SA payload." (2.19)
			before := func(kind wire.PayloadType) int {
				return slices.IndexFunc(list, func(p wire.Payload) bool { return p.Type() == kind })
			}
			require.Less(t, before(wire.TypeCP), before(wire.TypeSA))
			cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: 9999, Value: []byte("?")})
		}
		c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 1, list...))
		answer := c.end("B").message(c.wantSend("B", "IKE_AUTH response 1 { ... AUTH SA TSi TSr ... }").Datagram)
		_, has = wire.Get[*wire.CP](answer)
		require.False(t, has)
	}
}

// "Implementations MUST limit the rate at which they take actions based on unprotected
// messages." (RFC 7296 2.4) ESP of no SA is one.
func TestStrayPacketsAreLimited(t *testing.T) {
	c := upTalk(t, func(p *testPolicy) { p.SPIRecovery = true })
	all := c.record()
	a := c.end("A")
	at := testConfig(0).Children[0]
	for spi := range 1000 {
		a.apply(a.Stray(c.now, 0, at.Local, at.Remote, ipsec.SPI(1000+spi)))
	}
	c.settle()
	require.Len(t, *all, 2, "one notice, and its answer")
	c.run(strayPause)
	a.apply(a.Stray(c.now, 0, at.Local, at.Remote, 9))
	c.settle()
	require.Len(t, *all, 4)
}

// hashes are the notifies of NAT detection with other data.
func hashes(m *wire.Message, source, destination [][]byte) []wire.Payload {
	var list []wire.Payload
	for _, p := range m.Payloads {
		if n, ok := p.(*wire.Notify); ok && (n.Kind == wire.NAT_DETECTION_SOURCE_IP || n.Kind == wire.NAT_DETECTION_DESTINATION_IP) {
			continue
		}
		list = append(list, p)
	}
	for _, data := range source {
		list = append(list, &wire.Notify{Kind: wire.NAT_DETECTION_SOURCE_IP, Data: data})
	}
	for _, data := range destination {
		list = append(list, &wire.Notify{Kind: wire.NAT_DETECTION_DESTINATION_IP, Data: data})
	}
	return list
}

// "The IKE initiator MUST check the NAT_DETECTION_SOURCE_IP or
// NAT_DETECTION_DESTINATION_IP payloads if present, and if they do not match the addresses in
// the outer packet, MUST tunnel all future IKE and ESP packets associated with this IKE SA
// over UDP port 4500." (RFC 7296 2.23) Of several source hashes one has to match.
func TestHashesOfNATDetection(t *testing.T) {
	wrong := make([]byte, 20)
	for name, row := range map[string]struct {
		source, destination func(good []byte) [][]byte
		port                uint16
	}{
		"both match":          {one, one, ikePort},
		"one of two sources":  {func(g []byte) [][]byte { return [][]byte{wrong, g} }, one, ikePort},
		"the first of two":    {func(g []byte) [][]byte { return [][]byte{g, wrong} }, one, ikePort},
		"no source matches":   {func([]byte) [][]byte { return [][]byte{wrong, wrong} }, one, natPort},
		"not the destination": {one, func([]byte) [][]byte { return [][]byte{wrong} }, natPort},
		"no hashes":           {none, none, ikePort},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t)
			c.acquire(0)
			c.pass(1)
			good := c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
			m, err := wire.Parse(good.Data)
			require.NoError(t, err)
			source, destination := m.Notify(wire.NAT_DETECTION_SOURCE_IP).Data, m.Notify(wire.NAT_DETECTION_DESTINATION_IP).Data
			c.forge("A", plain(m.Header, hashes(m, row.source(source), row.destination(destination))...))
			auth := c.wantSend("A", authRequest)
			require.Equal(t, []uint16{row.port, row.port}, []uint16{auth.Local.Port(), auth.Remote.Port()})
		})
	}
}

func one(good []byte) [][]byte { return [][]byte{good} }
func none([]byte) [][]byte     { return nil }

// "For transport mode, it MUST use exactly one IP address in the TSi and TSr payloads."
// (RFC 7296 2.23.1) What has more of them is in tunnel mode, whoever asks for what.
func TestNoTransportModeThroughNAT(t *testing.T) {
	n := behindNAT(t, wants(true))
	require.False(t, n.pair(0).Transport)
	require.False(t, n.pair(1).Transport)
	a := n.peers[0]
	sa := a.sorted()[0]
	payloads := offerFor(&talk{lab: n.lab}, espMenus(&testConfig(0).Children[0], true), transportNotify(true)...)
	a.apply(Effects{Send{Datagram{Local: sa.local, Remote: sa.remote, Data: sealed(a, wire.CREATE_CHILD_SA, 2, payloads...)}}})
	n.run(100 * time.Millisecond)
	require.Len(t, n.peers[1].pairs, 2)
	for _, c := range n.peers[1].pairs {
		require.False(t, c.Transport)
	}
}

// "An endpoint MUST conclude that the other endpoint has failed only when repeated attempts to
// contact it have gone unanswered for a timeout period or when a cryptographically protected
// INITIAL_CONTACT notification is received on a different IKE SA to the same authenticated
// identity." (RFC 7296 2.4) Another identity at the same address is somebody else.
func TestInitialContactOfAnother(t *testing.T) {
	other := named(wire.IDFQDN, "other.example")
	for same, want := range map[bool]int{true: 1, false: 2} {
		c := upTalk(t)
		c.restart(0, 2, func(p *testPolicy) {
			if !same {
				p.Profiles[0].LocalID = &other
			}
		})
		c.acquire(0)
		c.pass(2)
		c.wantSend("A", "IKE_AUTH request 1 { ... N(INITIAL_CONTACT) ... }")
		c.pass(1)
		require.Len(t, c.end("B").SAs(), want)
	}
}
