package ikev2

import (
	"crypto/x509"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
)

// Who a peer is: RFC 7296 2.15 and 3.5, and which profile and keys it gets.

func named(kind wire.IDType, s string) Identity { return Identity{Kind: kind, Data: []byte(s)} }

// A profile that names the identity comes before one that names what holds it,
// that before one that takes any; `match address local` decides between equals,
// and then the order of the configuration.
func TestMostSpecificProfile(t *testing.T) {
	fqdn, mail := named(wire.IDFQDN, "r1.lab.example"), named(wire.IDRFC822, "joe@lab.example")
	key, addr := named(wire.IDKeyID, "\x00\xff"), addressIdentity(netip.MustParseAddr("10.1.2.3"))
	here, there := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	profile := func(name string, m IdentityMatch) *Profile {
		return &Profile{Name: name, MatchRemote: []IdentityMatch{m}}
	}
	domain := func(kind wire.IDType, s string) IdentityMatch {
		return IdentityMatch{Domain: true, Identity: named(kind, s)}
	}
	atHere := profile("any here", IdentityMatch{Any: true})
	atHere.MatchLocal = here
	x := newIndex(&Config{Profiles: []*Profile{
		profile("any", IdentityMatch{Any: true}), atHere,
		profile("example", domain(wire.IDFQDN, "example")), profile("lab.example", domain(wire.IDFQDN, "lab.example")),
		profile("mail", domain(wire.IDRFC822, "lab.example")),
		profile("10/8", IdentityMatch{Prefix: netip.MustParsePrefix("10.0.0.0/8")}),
		profile("10.1/16", IdentityMatch{Prefix: netip.MustParsePrefix("10.1.0.0/16")}),
		profile("r1", IdentityMatch{Identity: fqdn}), profile("r1 again", IdentityMatch{Identity: fqdn}), profile("key", IdentityMatch{Identity: key}),
	}})
	for _, row := range []struct {
		at   netip.Addr
		id   Identity
		want string
	}{
		{here, fqdn, "r1"}, {here, named(wire.IDFQDN, "r2.lab.example"), "lab.example"}, {here, named(wire.IDFQDN, "r2.example"), "example"},
		{here, named(wire.IDFQDN, "notexample"), "any here"}, {there, named(wire.IDFQDN, "notexample"), "any"},
		{here, mail, "mail"}, {there, named(wire.IDRFC822, "r1.lab.example"), "mail"}, {here, named(wire.IDRFC822, "joe@notlab.example"), "any here"},
		{here, addr, "10.1/16"}, {here, addressIdentity(netip.MustParseAddr("10.9.9.9")), "10/8"},
		{there, addressIdentity(netip.MustParseAddr("192.0.2.1")), "any"}, {here, key, "key"},
		{there, named(wire.IDKeyID, "r1.lab.example"), "any"},
	} {
		require.Equal(t, row.want, x.matches.first(0, row.at, row.id).Name, "%v %s at %v", row.id.Kind, row.id.Data, row.at)
	}
}

// A responder looks for a key by the peer's identity, and then by its address;
// an initiator, who does not know an identity yet, by the address.
func TestKeyringPeers(t *testing.T) {
	id := named(wire.IDFQDN, "r1.lab.example")
	lab, all := named(wire.IDFQDN, "lab.example"), named(wire.IDFQDN, "example")
	remote := netip.MustParseAddr("10.0.0.1")
	k := newIndex(&Config{Keyrings: []*Keyring{{Peers: []KeyringPeer{
		{Name: "wide", Address: netip.MustParsePrefix("0.0.0.0/0")}, {Name: "near", Address: netip.MustParsePrefix("10.0.0.0/24")},
		{Name: "all", Identity: &all, Domain: true}, {Name: "lab", Identity: &lab, Domain: true}, {Name: "r1", Identity: &id},
	}}}}).keyrings.Get("")
	for _, row := range []struct {
		remote netip.Addr
		id     Identity
		want   string
		by     By
	}{
		{remote, Identity{}, "near", ByAddress}, {netip.MustParseAddr("192.0.2.1"), Identity{}, "wide", ByAddress},
		{remote, id, "r1", ByIdentity}, {remote, named(wire.IDFQDN, "r2.lab.example"), "lab", ByIdentity},
		{remote, named(wire.IDFQDN, "r2.example"), "all", ByIdentity}, {remote, named(wire.IDKeyID, "r1.lab.example"), "near", ByAddress},
	} {
		p, by := k.find(row.remote, row.id)
		require.Equal(t, row.want, p.Name)
		require.Equal(t, row.by, by)
	}
}

// Both ends with an identity of each kind; the responder has a key for that
// identity alone.
func TestIdentitiesOfEveryKind(t *testing.T) {
	for _, id := range []Identity{
		named(wire.IDFQDN, "a.example"), named(wire.IDRFC822, "a@example"), named(wire.IDKeyID, "\x00\x01"), named(wire.IDKeyID, string(make([]byte, 3000))),
		addressIdentity(netip.MustParseAddr("192.0.2.1")), {Kind: wire.IDIPv6Addr, Data: netip.MustParseAddr("2001:db8::1").AsSlice()},
	} {
		c := newTalk(t)
		c.end("A").configure(testConfig(0, quick, func(p *testPolicy) { p.Profiles[0].LocalID = &id }))
		c.end("B").configure(testConfig(1, quick, func(p *testPolicy) {
			p.Profiles[0].MatchRemote = []IdentityMatch{{Identity: id}}
			p.Keyrings[0].Peers[0].Address, p.Keyrings[0].Peers[0].Identity = netip.Prefix{}, &id
			p.Children[0].ResponderOnly = true
		}))
		c.establish()
		require.True(t, c.end("B").SAs()[0].RemoteID.equal(id))
	}
}

// "In these calculations, IDi' and IDr' are the entire ID payloads excluding the fixed
// header." (RFC 7296 2.15): the value to be signed has the reserved octets of the ID
// payload as they were sent.
func TestReservedOctetsOfAnIdentity(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(2)
	said := c.hold(c.wantSend("A", authRequest))
	a := c.end("A")
	sa, payloads := a.sorted()[0], a.message(said.Datagram).Payloads
	x := sa.main
	signed, sum, beside := x.signed(true, sa.localID), sa.suite.PRF.New().Sum, [3]byte{1, 2, 3}
	mac := sum(signed.SKp, []byte{byte(sa.localID.Kind), 1, 2, 3}, sa.localID.Data) // by hand: it is what is tried
	proof := sum(sum([]byte("cisco"), []byte("Key Pad for IKEv2")), signed.Message, signed.Nonce, mac)
	for i, p := range payloads {
		switch p := p.(type) {
		case *wire.ID:
			payloads[i] = &wire.ID{Initiator: true, Kind: p.Kind, Reserved: beside, Data: p.Data}
		case *wire.Auth:
			payloads[i] = &wire.Auth{Method: p.Method, Data: proof}
		}
	}
	c.forge("B", sealed(a, wire.IKE_AUTH, 1, payloads...))
	c.wantSend("B", authResponse)
	c.settle()
	c.requireUp()
}

// "The recipient MAY use this information to delete any other IKE SAs it has to
// the same authenticated identity" (RFC 7296 2.4): also the one that the peer
// began before, whose IKE_AUTH was late.
func TestInitialContactAfterALateAuth(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.pass(2)
	late := c.hold(c.wantSend("A", authRequest))
	old := c.end("B").SAs()[0].SPIi
	c.restart(0, 2)
	c.acquire(0)
	c.wantSend("A", "IKE_SA_INIT request 0 ...")
	c.wantSend("B", "IKE_SA_INIT response 0 ...")
	c.deliver(late)
	again := c.hold(c.wantSend("B", authResponse))
	c.drop(c.wantSend("A", authRequest))
	require.Equal(t, old, again.header(t).SPIi)
	c.run(100 * time.Millisecond)
	require.Len(t, c.end("B").pairs, 1)
	c.tamper = nil
	c.run(10 * time.Second)
	c.requireUp()
	require.NotEqual(t, old, c.end("B").SAs()[0].SPIi)
}

// An identity that is a certificate's is none where there is no certificate: an initiator
// does not begin, a responder refuses; nobody says an address instead.
func TestIdentityOfACertificate(t *testing.T) {
	nameless := func(p *testPolicy) { p.Profiles[0].SubjectID = true }
	c := newTalk(t, quick)
	c.end("A").configure(testConfig(0, quick, nameless))
	c.acquire(0)
	c.settle()
	require.Empty(t, c.end("A").SAs())
	require.Equal(t, CauseNoCertificate, c.end("A").Diagnoses()[0].Cause)

	c = newTalk(t, quick)
	c.end("B").configure(testConfig(1, quick, nameless))
	c.acquire(0)
	c.pass(3)
	c.wantSend("B", "IKE_AUTH response 1 { N(AUTHENTICATION_FAILED) }")
	c.settle()
	require.Equal(t, CauseNoCertificate, c.end("B").Diagnoses()[0].Cause)
}

// A profile that takes a certificate by its map does so for peers of its VRF alone.
func TestMapsByVRF(t *testing.T) {
	leaf := &x509.Certificate{NotAfter: time.Unix(1, 0)}
	every := []pki.Map{{Name: "M"}}
	red, all := &Profile{Name: "RED", FrontDoor: FrontDoor{VRF: 1}}, &Profile{Name: "ANY", FrontDoor: FrontDoor{Any: true}}
	red.Maps, all.Maps = every, every
	require.True(t, red.takes(leaf))
	x := newIndex(&Config{Profiles: []*Profile{red}})
	require.Same(t, red, x.profileFor(1, netip.Addr{}, Identity{}, leaf))
	require.Nil(t, x.profileFor(0, netip.Addr{}, Identity{}, leaf))
	x = newIndex(&Config{Profiles: []*Profile{red, all}})
	require.Same(t, red, x.profileFor(1, netip.Addr{}, Identity{}, leaf))
	require.Same(t, all, x.profileFor(2, netip.Addr{}, Identity{}, leaf))
}
