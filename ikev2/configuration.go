package ikev2

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"

	"ikelab/ikev2/wire"
)

// Configuration payloads (RFC 7296 2.19, 3.15): what they say, read and written.

// maxSubnets is how many subnets of a peer are kept.
const maxSubnets = 256

// payloadOf is the configuration payload of a kind in a message; nil: there is none.
func payloadOf(m *wire.Message, kind wire.CPType) *wire.CP {
	if cp, ok := wire.Get[*wire.CP](m); ok && cp.Kind == kind {
		return cp
	}
	return nil
}

// asks says whether a request asks for an attribute, and with which value it would like
// it best.
func asks(cp *wire.CP, t wire.CPAttrType) ([]byte, bool) {
	i := slices.IndexFunc(cp.Attributes, func(a wire.CPAttribute) bool { return a.Type == t })
	if i < 0 {
		return nil, false
	}
	return cp.Attributes[i].Value, true
}

// lengths are what values of attributes have to be long (RFC 7296 3.15.1): "0 or 4
// octets", "0 or 8 octets".
var lengths = map[wire.CPAttrType]int{
	wire.INTERNAL_IP4_ADDRESS: 4, wire.INTERNAL_IP4_NETMASK: 4, wire.INTERNAL_IP4_DNS: 4, wire.INTERNAL_IP4_NBNS: 4,
	wire.INTERNAL_IP4_DHCP: 4, wire.INTERNAL_IP4_SUBNET: 8,
	wire.INTERNAL_IP6_ADDRESS: 17, wire.INTERNAL_IP6_DNS: 16, wire.INTERNAL_IP6_DHCP: 16, wire.INTERNAL_IP6_SUBNET: 17,
}

// wellFormed says whether values are as long as their attributes want. An attribute that
// we do not know may be anything: "Unrecognized or unsupported attributes MUST be ignored
// in both requests and responses" (RFC 7296 3.15.1).
func wellFormed(cp *wire.CP) bool {
	return !slices.ContainsFunc(cp.Attributes, func(a wire.CPAttribute) bool {
		n, known := lengths[a.Type]
		return known && len(a.Value) != 0 && len(a.Value) != n
	})
}

// readConfiguration is what a CFG_REPLY or CFG_SET says; false: it is malformed. Addresses that
// nobody can have are.
func readConfiguration(cp *wire.CP) (c Configuration, ok bool) {
	if !wellFormed(cp) {
		return c, false
	}
	for _, a := range cp.Attributes {
		if len(a.Value) == 0 {
			continue
		}
		switch a.Type {
		case wire.INTERNAL_IP4_ADDRESS:
			if !c.Address.IsValid() { // of several the first
				c.Address, _ = netip.AddrFromSlice(a.Value)
				ok = assignable(c.Address)
			}
		case wire.INTERNAL_IP4_NETMASK:
			c.Netmask, _ = netip.AddrFromSlice(a.Value)
			_, ok = maskBits(a.Value)
		case wire.INTERNAL_IP4_DNS:
			c.DNS, ok = addAddress(c.DNS, a.Value), true
		case wire.INTERNAL_IP4_NBNS:
			c.NBNS, ok = addAddress(c.NBNS, a.Value), true
		case wire.INTERNAL_IP4_SUBNET:
			c.Subnets, ok = addSubnet(c.Subnets, a.Value)
		case wire.UNITY_DEF_DOMAIN:
			c.Domain, ok = printable(a.Value), true
		default:
			continue
		}
		if !ok {
			return Configuration{}, false
		}
	}
	return c, true
}

// setIn is the CFG_SET in a message; nil: there is none. False: it is malformed.
func setIn(m *wire.Message) (*wire.CP, bool) {
	set := payloadOf(m, wire.CFGSet)
	if set == nil {
		return nil, true
	}
	_, ok := readConfiguration(set)
	return set, ok
}

// assignable says whether an address can be a host's.
func assignable(a netip.Addr) bool {
	return a.Is4() && a.As4()[0] != 0 && a.As4()[0] < 224 && !a.IsLoopback()
}

// maxServers is how many servers of a kind are kept.
const maxServers = 8

func addAddress(list []netip.Addr, value []byte) []netip.Addr {
	a, _ := netip.AddrFromSlice(value)
	if len(list) >= maxServers || slices.Contains(list, a) {
		return list
	}
	return append(list, a)
}

// addSubnet takes an address and its mask; false: the mask has holes, or it is nobody's
// network.
func addSubnet(list []netip.Prefix, value []byte) ([]netip.Prefix, bool) {
	a, _ := netip.AddrFromSlice(value[:4])
	n, ok := maskBits(value[4:])
	p := netip.PrefixFrom(a, n).Masked()
	if ok && (n >= 8 && assignable(p.Addr()) || n < 8 && p.Addr().As4()[0] < 224) { // half of all addresses too, as 0.0.0.0/1
		if len(list) < maxSubnets && !slices.Contains(list, p) {
			list = append(list, p)
		}
		return list, true
	}
	return list, false
}

// maskBits is how long the network is that a mask leaves; false: it has holes.
func maskBits(mask []byte) (int, bool) {
	m := binary.BigEndian.Uint32(mask)
	n := bits.LeadingZeros32(^m)
	return n, m<<n == 0
}

// maxDomain is how long a name is.
const maxDomain = 255

// printable is a text of the peer's without what a terminal would act on.
func printable(text []byte) string {
	text = bytes.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
	return string(text[:min(len(text), maxDomain)])
}

// subnetAttributes tell subnets.
func subnetAttributes(list []netip.Prefix) (out []wire.CPAttribute) {
	for _, p := range list {
		mask := binary.BigEndian.AppendUint32(nil, ^uint32(0)<<(32-p.Bits()))
		out = append(out, wire.CPAttribute{Type: wire.INTERNAL_IP4_SUBNET, Value: append(p.Addr().AsSlice(), mask...)})
	}
	return out
}

// cfgReply answers a request: with what it asks for, and of that with what there is.
func (c *configured) cfgReply(request *wire.CP, g Configuration, tells []netip.Prefix) *wire.CP {
	cp := &wire.CP{Kind: wire.CFGReply}
	add := func(t wire.CPAttrType, values ...[]byte) {
		if _, asked := asks(request, t); asked {
			for _, v := range values {
				cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: t, Value: v})
			}
		}
	}
	if g.Address.IsValid() {
		cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: wire.INTERNAL_IP4_ADDRESS, Value: g.Address.AsSlice()})
		if g.Netmask.IsValid() {
			add(wire.INTERNAL_IP4_NETMASK, g.Netmask.AsSlice())
		}
	}
	add(wire.INTERNAL_IP4_DNS, octetsOf(g.DNS)...)
	add(wire.INTERNAL_IP4_NBNS, octetsOf(g.NBNS)...)
	if _, asked := asks(request, wire.INTERNAL_IP4_SUBNET); asked {
		cp.Attributes = append(cp.Attributes, subnetAttributes(tells)...)
	}
	add(wire.APPLICATION_VERSION, c.version(new([versionLen]byte)))
	if g.Domain != "" {
		add(wire.UNITY_DEF_DOMAIN, []byte(g.Domain))
	}
	return cp
}

func octetsOf(list []netip.Addr) (out [][]byte) {
	for _, a := range list {
		out = append(out, a.AsSlice())
	}
	return out
}

// cfgSet tells a peer of subnets; nil: there are none to tell.
func cfgSet(f *entry, g *given) *wire.CP {
	c := &f.cfg.Configuring
	tells := c.Tells
	if c.TellsOwn && g != nil && g.Address.IsValid() {
		tells = slices.Concat([]netip.Prefix{netip.PrefixFrom(g.Address, 32)}, tells)
	}
	if len(tells) == 0 {
		return nil
	}
	return &wire.CP{Kind: wire.CFGSet, Attributes: subnetAttributes(tells)}
}

// cfgAck says what of a CFG_SET was taken: those attributes, without values (RFC 7296 3.15).
func cfgAck(set *wire.CP, taken Configuration) *wire.CP {
	ack := &wire.CP{Kind: wire.CFGAck}
	for _, a := range set.Attributes {
		if a.Type != wire.INTERNAL_IP4_SUBNET || len(a.Value) == 0 {
			continue
		}
		if one, _ := addSubnet(nil, a.Value); len(one) > 0 && slices.Contains(taken.Subnets, one[0]) {
			ack.Attributes = append(ack.Attributes, wire.CPAttribute{Type: a.Type})
		}
	}
	return ack
}
