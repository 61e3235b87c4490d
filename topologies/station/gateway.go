package station

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/router/record"
)

// NAT makes a station a gateway between its other ports, the inside, and one
// outside.
type NAT struct {
	Outside string // name of the port
	nat.Settings
}

// gateway is a stack that translates.
type gateway struct {
	stack      *ip.Stack
	translator *nat.Translator
	port       string
}

// newGateway hangs the translator into a stack.
func newGateway(n *NAT, s *ip.Stack, timers *ip.Timers, records *record.Emitter) *gateway {
	g := &gateway{stack: s, translator: nat.New(nat.Options{Settings: n.Settings, Timers: timers, Records: records}), port: n.Outside}
	s.Translator = g
	return g
}

// Concerns says that the gateway looks at every packet.
func (g *gateway) Concerns(*ip.Packet, *ip.Interface) bool { return true }

// Answers says that the gateway has no addresses but its ports'.
func (g *gateway) Answers(netip.Addr) bool { return false }

// Arrives translates what comes to the address outside.
func (g *gateway) Arrives(now time.Time, p *ip.Packet) bool {
	switch {
	case p.In.Name == g.port:
		return g.translator.Inward(now, p.Bytes()) != nat.Dropped
	case p.Dst() == g.translator.Outside():
		return g.translator.Hairpin(now, p.Bytes()) != nat.Dropped
	}
	return true
}

// Leaves translates what leaves by the port outside. The gateway's own packets have
// ports among the others', or their answers would be nobody's.
func (g *gateway) Leaves(now time.Time, p *ip.Packet, out *ip.Interface) bool {
	if out.Name != g.port {
		return true
	}
	return g.translator.Outward(now, p.Bytes()) != nat.Dropped || p.In == nil
}

// Flush has a gateway forget all its mappings.
func (s *Station) Flush(now time.Time) {
	if s.machine != nil && s.machine.gateway != nil {
		s.records.Begin(now, 0, 0)
		s.machine.gateway.translator.Flush()
	}
}

// Rebind has a gateway give all its mappings other ports, and takes another
// address outside if one is given.
func (s *Station) Rebind(now time.Time, address netip.Addr) {
	if s.machine == nil || s.machine.gateway == nil {
		return
	}
	s.records.Begin(now, 0, 0)
	g := s.machine.gateway
	at := slices.IndexFunc(s.options.Ports, func(p Port) bool { return p.Name == g.port })
	switch has := g.translator.Outside(); {
	case !address.IsValid():
		address = has
	case address != has:
		bits := s.options.Ports[at].Address.Bits()
		g.stack.Interfaces.Set(now, ip.InterfaceSettings{Name: g.port, Kind: ethernet, Addresses: []netip.Prefix{netip.PrefixFrom(address, bits)}})
	}
	g.translator.Rebind(address)
}
