package ikev2

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// flexPolicy makes A a client that wants an address and tells a network, and B a hub with
// a pool that makes entries for whoever comes.
func flexPolicy(pool ...AddrRange) func(*testPolicy) {
	return func(p *testPolicy) {
		if p.Children[0].Local == netip.MustParseAddr("10.0.0.1") {
			p.Profiles[0].Serving = Serving{ConfigSet: true, Grant: &Grant{Policy: "HERE", Accept: true}}
			p.Children[0].Configuring = Configuring{Addressed: true, Tells: []netip.Prefix{netip.MustParsePrefix("10.1.1.0/24")}, TellsOwn: true}
			return
		}
		p.Pools = []*Pool{{Name: "P", Ranges: pool}}
		t := &Template{Name: "Virtual-Template1", Prefix: "Virtual-Access", Policy: p.Children[0]}
		t.Policy.Tells = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
		p.Children = nil
		p.Profiles[0].Serving = Serving{Template: t, Grant: &Grant{
			Policy: "CLIENTS", Pool: "P", Netmask: netip.MustParseAddr("255.255.255.0"), DNS: []netip.Addr{netip.MustParseAddr("10.1.0.53")}, Accept: true,
		}}
	}
}

func pool(first, last string) AddrRange {
	return AddrRange{netip.MustParseAddr(first), netip.MustParseAddr(last)}
}

// last is the last effect of a type that an end had.
func last[E Effect](p *end) (found E, ok bool) {
	for _, ev := range p.events {
		if e, is := ev.(E); is {
			found, ok = e, true
		}
	}
	return found, ok
}

// flexTalk is a conversation of a client with such a hub, up to the answer to IKE_AUTH.
func flexTalk(t *testing.T, ranges ...AddrRange) *talk {
	c := newTalk(t, flexPolicy(ranges...))
	c.acquire(0)
	c.pass(2)
	return c
}

// An address is asked for and given in IKE_AUTH: "In all cases, the CP payload MUST be
// inserted before the SA payload." (RFC 7296 2.19) What the client tells in a CFG_SET is
// acknowledged, attribute by attribute without values (3.15), and what was given comes back.
func TestAddressOfAPool(t *testing.T) {
	c := flexTalk(t, pool("172.16.0.11", "172.16.0.12"))
	a, b := c.end("A"), c.end("B")
	request := a.message(c.wantSend("A", "IKE_AUTH request 1 { V IDi AUTH CFG SA ... }").Datagram)
	cp, _ := wire.Get[*wire.CP](request)
	require.Equal(t, []wire.CPAttribute{{Type: wire.INTERNAL_IP4_ADDRESS}, {Type: wire.INTERNAL_IP4_NETMASK}}, cp.Attributes[:2])
	c.wantSend("B", "IKE_AUTH response 1 { V IDr AUTH CFG SA ... }")
	c.wantSend("A", "INFORMATIONAL request 2 { CFG }")
	ack, _ := wire.Get[*wire.CP](b.message(c.wantSend("B", "INFORMATIONAL response 2 { CFG }").Datagram))
	require.Equal(t, &wire.CP{Kind: wire.CFGAck, Attributes: []wire.CPAttribute{{Type: wire.INTERNAL_IP4_SUBNET}, {Type: wire.INTERNAL_IP4_SUBNET}}}, ack)
	c.settle()
	got, _ := last[Configured](a)
	require.Equal(t, Configuration{
		Address: netip.MustParseAddr("172.16.0.11"), Netmask: netip.MustParseAddr("255.255.255.0"),
		DNS: []netip.Addr{netip.MustParseAddr("10.1.0.53")}, Subnets: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")},
	}, got.Configuration)
	told, _ := last[Configured](b)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("172.16.0.11/32"), netip.MustParsePrefix("10.1.1.0/24")}, told.Subnets)
	made, _ := last[MakeAccess](b)
	require.Equal(t, "Virtual-Access1", made.Entry)
	require.Equal(t, 1, Pools(b.Engine)[0].Ranges[0].InUse)
	a.apply(a.Clear(c.now, func(SAInfo) bool { return true }))
	c.pass(4)
	c.settle()
	gone, ok := last[DropAccess](b)
	require.True(t, ok)
	require.Equal(t, "Virtual-Access1", gone.Entry)
	_, ok = last[Unconfigured](a)
	require.True(t, ok)
	require.Zero(t, Pools(b.Engine)[0].Ranges[0].InUse)
	require.Zero(t, b.entries.Len())
	require.Zero(t, b.peers.Len())
}

// What was given stays through rekeys of the IKE SA and of the pair.
func TestGivenThroughRekeys(t *testing.T) {
	l := newLab(t, 1, flexPolicy(pool("172.16.0.11", "172.16.0.11")), func(p *testPolicy) {
		p.Profiles[0].Lifetime = 300 * time.Second
		for i := range p.Children {
			p.Children[i].Lifetime = 200 * time.Second
		}
		if t := p.Profiles[0].Template; t != nil {
			t.Policy.Lifetime = 200 * time.Second
		}
	})
	l.acquire(0)
	l.run(time.Hour)
	b := l.peers[1]
	require.Len(t, b.SAs(), 1)
	require.Equal(t, netip.MustParseAddr("172.16.0.11"), b.SAs()[0].Address)
	require.Len(t, b.SAs()[0].Subnets, 2)
	require.Len(t, b.pairs, 1)
	_, ok := last[DropAccess](b)
	require.False(t, ok)
	_, ok = last[Unconfigured](l.peers[0])
	require.False(t, ok)
}

// "The new IKE SA containing the lowest nonce SHOULD be deleted by the node that created it, and the
// other surviving new IKE SA MUST inherit all the Child SAs." (RFC 7296 2.8.2) So it does what was given,
// whoever began the one that survives.
func TestGivenThroughACollision(t *testing.T) {
	for seed := range uint64(4) {
		l := newLab(t, seed, flexPolicy(pool("172.16.0.11", "172.16.0.11")))
		l.acquire(0)
		l.run(time.Second)
		l.rekeyIKE(0)
		l.rekeyIKE(1)
		l.run(5 * time.Minute)
		for _, p := range l.peers {
			require.Len(t, p.SAs(), 1)
			require.Equal(t, netip.MustParseAddr("172.16.0.11"), p.SAs()[0].Address)
		}
		l.clearIKE(0)
		l.run(time.Minute)
		require.Zero(t, Pools(l.peers[1].Engine)[0].Ranges[0].InUse)
		_, ok := last[Unconfigured](l.peers[0])
		require.True(t, ok)
	}
}

// "If this error is generated within an IKE_AUTH exchange, no Child SA will be created."
// (RFC 7296 3.10.1, of INTERNAL_ADDRESS_FAILURE) Who gets no address "MAY tear down the IKE
// SA by sending a Delete payload" (3.15.4).
func TestNoAddressLeft(t *testing.T) {
	c := flexTalk(t)
	c.wantSend("A", "IKE_AUTH request 1 { V IDi AUTH CFG SA ... }")
	c.wantSend("B", "IKE_AUTH response 1 { V IDr AUTH N(INTERNAL_ADDRESS_FAILURE) N(SET_WINDOW_SIZE) }")
	c.wantSend("A", "INFORMATIONAL request 2 { D(IKE) }")
	c.wantSend("B", "INFORMATIONAL response 2 { }")
	c.settle()
	for _, p := range c.peers {
		require.Empty(t, p.SAs())
		require.Empty(t, p.pairs)
	}
	down, _ := last[EntryDown](c.end("A"))
	require.Equal(t, ReasonNoAddress, down.Reason)
	_, made := last[MakeAccess](c.end("B"))
	require.False(t, made)
}

// broken are attributes whose values make no sense.
var broken = map[string]wire.CPAttribute{
	"an address of three octets":    {Type: wire.INTERNAL_IP4_ADDRESS, Value: []byte{10, 0, 0}},
	"a netmask of five":             {Type: wire.INTERNAL_IP4_NETMASK, Value: make([]byte, 5)},
	"a subnet without its mask":     {Type: wire.INTERNAL_IP4_SUBNET, Value: []byte{10, 0, 0, 0}},
	"an IPv6 address of 16 octets":  {Type: wire.INTERNAL_IP6_ADDRESS, Value: make([]byte, 16)},
	"a server's address of a dozen": {Type: wire.INTERNAL_IP4_DNS, Value: make([]byte, 12)},
}

func TestBrokenConfigurationRequest(t *testing.T) {
	for name, attribute := range broken {
		t.Run(name, func(t *testing.T) {
			c := flexTalk(t, pool("172.16.0.11", "172.16.0.12"))
			request := c.end("A").message(c.hold(c.wantSend("A", authRequest)).Datagram)
			cp, _ := wire.Get[*wire.CP](request)
			cp.Attributes = append(cp.Attributes, attribute)
			c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 1, request.Payloads...))
			c.wantSend("B", "IKE_AUTH response 1 { N(INVALID_SYNTAX) }")
			require.Empty(t, c.end("B").pairs)
			require.Zero(t, Pools(c.end("B").Engine)[0].Ranges[0].InUse)
		})
	}
}

// A reply that no responder can mean ends the SA; one that was not asked for is nothing.
func TestBrokenConfigurationReply(t *testing.T) {
	cases := map[string]wire.CPAttribute{
		"everybody's address": {Type: wire.INTERNAL_IP4_ADDRESS, Value: []byte{255, 255, 255, 255}},
		"a group's":           {Type: wire.INTERNAL_IP4_ADDRESS, Value: []byte{224, 0, 0, 5}},
		"one of this host":    {Type: wire.INTERNAL_IP4_ADDRESS, Value: []byte{127, 0, 0, 1}},
		"a mask with holes":   {Type: wire.INTERNAL_IP4_NETMASK, Value: []byte{255, 0, 255, 0}},
		"a subnet with holes": {Type: wire.INTERNAL_IP4_SUBNET, Value: []byte{10, 0, 0, 0, 255, 0, 255, 0}},
		"a subnet of groups":  {Type: wire.INTERNAL_IP4_SUBNET, Value: []byte{224, 0, 0, 0, 240, 0, 0, 0}},
	}
	for name, a := range broken {
		cases[name] = a
	}
	for name, attribute := range cases {
		_, ok := readConfiguration(&wire.CP{Kind: wire.CFGReply, Attributes: []wire.CPAttribute{attribute}})
		require.False(t, ok, name)
		t.Run(name, func(t *testing.T) {
			c := flexTalk(t, pool("172.16.0.11", "172.16.0.12"))
			c.wantSend("A", authRequest)
			answer := c.end("B").message(c.hold(c.wantSend("B", "IKE_AUTH response 1 { V IDr AUTH CFG SA ... }")).Datagram)
			cp, _ := wire.Get[*wire.CP](answer)
			cp.Attributes = []wire.CPAttribute{attribute}
			c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, answer.Payloads...))
			c.wantSend("A", "INFORMATIONAL request 2 { N(INVALID_SYNTAX) }")
			require.Empty(t, c.end("A").pairs)
			_, told := last[Configured](c.end("A"))
			require.False(t, told)
		})
	}
}

// "Unrecognized or unsupported attributes MUST be ignored in both requests and responses." (RFC 7296
// 3.15.1) Requests are TestNoConfiguration's.
func TestUnknownAttributesOfAReply(t *testing.T) {
	c := flexTalk(t, pool("172.16.0.11", "172.16.0.12"))
	c.wantSend("A", authRequest)
	answer := c.end("B").message(c.hold(c.wantSend("B", "IKE_AUTH response 1 { V IDr AUTH CFG SA ... }")).Datagram)
	cp, _ := wire.Get[*wire.CP](answer)
	strange := wire.CPAttribute{Type: 9999, Value: []byte("?")}
	cp.Attributes = append(append([]wire.CPAttribute{strange}, cp.Attributes...), strange)
	c.forge("A", sealedResponse(c.end("B"), wire.IKE_AUTH, 1, answer.Payloads...))
	c.settle()
	require.Len(t, c.end("A").pairs, 1)
	told, ok := last[Configured](c.end("A"))
	require.True(t, ok)
	require.Equal(t, netip.MustParseAddr("172.16.0.11"), told.Address)
}

// A CFG_SET that makes no sense is answered so, and changes nothing.
func TestBrokenConfigurationSet(t *testing.T) {
	for name, attribute := range broken {
		t.Run(name, func(t *testing.T) {
			c := flexTalk(t, pool("172.16.0.11", "172.16.0.12"))
			c.pass(4)
			c.settle()
			before := c.end("B").SAs()[0].Subnets
			c.forge("B", sealed(c.end("A"), wire.INFORMATIONAL, 3, &wire.CP{Kind: wire.CFGSet, Attributes: []wire.CPAttribute{attribute}}))
			c.wantSend("B", "INFORMATIONAL response 3 { N(INVALID_SYNTAX) }")
			require.Equal(t, before, c.end("B").SAs()[0].Subnets)
		})
	}
}

// FuzzConfiguration: whatever a peer says in configuration payloads, what is taken of it
// can be an interface's and a routing table's, and it is not much.
func FuzzConfiguration(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 1, 0, 4, 172, 16, 0, 11, 0, 2, 0, 4, 255, 255, 255, 0})
	f.Add([]byte{3, 0, 0, 0, 0, 13, 0, 8, 10, 1, 0, 0, 255, 255, 0, 0, 0x70, 2, 0, 3, 'a', 0x1b, 'c'})
	f.Fuzz(func(t *testing.T, octets []byte) {
		p := &wire.Message{Header: wire.NewHeader(1, 2, true, wire.INFORMATIONAL, 0, false), Payloads: []wire.Payload{&wire.Unknown{Kind: wire.TypeCP, Data: octets}}}
		m, err := wire.Parse(p.Append(nil))
		if err != nil {
			return
		}
		cp, ok := wire.Get[*wire.CP](m)
		if !ok {
			return
		}
		c, ok := readConfiguration(cp)
		if !ok {
			require.Equal(t, Configuration{}, c)
			return
		}
		require.True(t, !c.Address.IsValid() || assignable(c.Address))
		require.LessOrEqual(t, len(c.Subnets), maxSubnets)
		require.LessOrEqual(t, len(c.DNS)+len(c.NBNS), 2*maxServers)
		for _, r := range c.Domain {
			require.True(t, r > ' ' && r <= '~')
		}
		for _, n := range c.Subnets {
			require.True(t, n.Addr().Is4() && n == n.Masked())
		}
		require.LessOrEqual(t, len(cfgAck(cp, c).Attributes), len(cp.Attributes))
		again, _ := readConfiguration(&wire.CP{Kind: wire.CFGSet, Attributes: subnetAttributes(c.Subnets)})
		require.Equal(t, c.Subnets, again.Subnets)
		engine := &configured{cfg: &Global{}}
		require.True(t, wellFormed(engine.cfgReply(cp, c, c.Subnets)))
	})
}
