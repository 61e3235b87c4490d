package ikev2

import (
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// suite is what a negotiation settled on. ESP has no PRF; its group is the one
// of PFS, GroupNone without.
type suite struct {
	encr  ipsec.Encr
	integ ipsec.IntegID
	prf   ipsec.PRFID
	group ipsec.Group
}

// menu is one side's choice for one proposal, in order of preference. It holds
// either AEAD ciphers or others, never both (RFC 5282 8).
type menu struct {
	protocol wire.ProtocolID
	encr     []ipsec.Encr
	prf      []ipsec.PRFID
	integ    []ipsec.IntegID
	group    []ipsec.Group
	anyGroup bool // take whatever group the peer asks for (PFS not configured)
}

// ikeMenus lists the menus of IKE proposals in order.
func ikeMenus(proposals []*Proposal) []menu {
	var list []menu
	for _, p := range proposals {
		aead := menu{protocol: wire.ProtoIKE, prf: p.PRF, group: p.Group}
		classic := menu{protocol: wire.ProtoIKE, prf: p.PRF, integ: p.Integ, group: p.Group}
		for _, encr := range p.Encr {
			if encr.AEAD() {
				aead.encr = append(aead.encr, encr)
			} else {
				classic.encr = append(classic.encr, encr)
			}
		}
		for _, m := range []menu{classic, aead} {
			if len(m.encr) > 0 && len(m.prf) > 0 {
				list = append(list, m)
			}
		}
	}
	return list
}

// espMenus lists the menus of a entry. PFS is not negotiated in IKE_AUTH, whose
// keys come from the IKE SA's own exchange (RFC 7296 1.2).
func espMenus(f *ChildPolicy, inAuth bool) []menu {
	var list []menu
	for _, s := range f.Suites {
		m := menu{protocol: wire.ProtoESP, encr: []ipsec.Encr{s.Encr}}
		if s.Integ != ipsec.IntegNone {
			m.integ = []ipsec.IntegID{s.Integ}
		}
		if !inAuth && f.PFS != ipsec.GroupNone {
			m.group = []ipsec.Group{f.PFS}
		}
		m.anyGroup = !inAuth && f.PFS == ipsec.GroupNone
		list = append(list, m)
	}
	return list
}

// offer is the SA payload's proposals for the menus.
func offer(menus []menu, spi []byte) []wire.Proposal {
	list := make([]wire.Proposal, len(menus))
	for i, m := range menus {
		list[i] = wire.Proposal{Number: uint8(i + 1), Protocol: m.protocol, SPI: spi, Transforms: m.transforms()}
	}
	return list
}

// transforms lists a menu in the order in which IOS sends it.
func (m *menu) transforms() []wire.Transform {
	var list []wire.Transform
	for _, e := range m.encr {
		list = append(list, wire.Transform{Type: wire.TypeEncr, ID: uint16(e.ID), KeyBits: e.KeyBits})
	}
	for _, p := range m.prf {
		list = append(list, wire.Transform{Type: wire.TypePRF, ID: uint16(p)})
	}
	for _, i := range m.integ {
		list = append(list, wire.Transform{Type: wire.TypeInteg, ID: uint16(i)})
	}
	for _, g := range m.group {
		list = append(list, wire.Transform{Type: wire.TypeDH, ID: uint16(g)})
	}
	if m.protocol == wire.ProtoESP {
		list = append(list, wire.Transform{Type: wire.TypeESN, ID: 0})
	}
	return list
}

// pick is the first transform of one type, in our order, that the peer offers.
// Nothing to pick is fine when neither side names that type.
func pick[T ~uint16](kind wire.TransformType, ours []T, offered []wire.Transform) (T, bool) {
	for _, id := range ours {
		if has(offered, kind, uint16(id), 0) {
			return id, true
		}
	}
	return 0, len(ours) == 0 && (!names(offered, kind) || has(offered, kind, 0, 0))
}

func has(offered []wire.Transform, kind wire.TransformType, id, bits uint16) bool {
	return slices.ContainsFunc(offered, func(t wire.Transform) bool {
		return t.Type == kind && t.ID == id && t.KeyBits == bits && len(t.Attrs) == 0
	})
}

func names(offered []wire.Transform, kind wire.TransformType) bool {
	return slices.ContainsFunc(offered, func(t wire.Transform) bool { return t.Type == kind })
}

// accept chooses from one proposal of the peer (RFC 7296 2.7, 3.3.6): exactly
// one transform of each type, or nothing.
func (m *menu) accept(p *wire.Proposal) (suite, bool) {
	var s suite
	if p.Protocol != m.protocol || unknownType(p.Transforms) {
		return s, false
	}
	i := slices.IndexFunc(m.encr, func(e ipsec.Encr) bool { return has(p.Transforms, wire.TypeEncr, uint16(e.ID), e.KeyBits) })
	if i < 0 {
		return s, false
	}
	var ok [3]bool
	s.encr = m.encr[i]
	s.prf, ok[0] = pick(wire.TypePRF, m.prf, p.Transforms)
	s.integ, ok[1] = pick(wire.TypeInteg, m.integ, p.Transforms)
	s.group, ok[2] = m.pickGroup(p.Transforms)
	if m.protocol == wire.ProtoESP && names(p.Transforms, wire.TypeESN) && !has(p.Transforms, wire.TypeESN, 0, 0) {
		return s, false
	}
	return s, ok == [3]bool{true, true, true}
}

func (m *menu) pickGroup(offered []wire.Transform) (ipsec.Group, bool) {
	if !m.anyGroup {
		return pick(wire.TypeDH, m.group, offered)
	}
	for _, t := range offered {
		if t.Type == wire.TypeDH && (t.ID == 0 || ipsec.Group(t.ID).Known()) {
			return ipsec.Group(t.ID), true
		}
	}
	return ipsec.GroupNone, !names(offered, wire.TypeDH)
}

// unknownType says whether a proposal names a transform type that we do not
// know: such a proposal must be refused whole (RFC 7296 3.3.6).
func unknownType(offered []wire.Transform) bool {
	return slices.ContainsFunc(offered, func(t wire.Transform) bool {
		return t.Type < wire.TypeEncr || t.Type > wire.TypeESN
	})
}

// choose goes through our menus and takes the peer's first proposal that fits.
func choose(menus []menu, offered []wire.Proposal) (suite, *wire.Proposal, bool) {
	for i := range menus {
		for j := range offered {
			if s, ok := menus[i].accept(&offered[j]); ok {
				return s, &offered[j], true
			}
		}
	}
	return suite{}, nil, false
}

// answerTo is the proposal that tells the peer what was chosen.
func (s *suite) answerTo(p *wire.Proposal, spi []byte) wire.Proposal {
	m := menu{protocol: p.Protocol, encr: []ipsec.Encr{s.encr}}
	if s.prf != 0 {
		m.prf = []ipsec.PRFID{s.prf}
	}
	if s.integ != ipsec.IntegNone {
		m.integ = []ipsec.IntegID{s.integ}
	}
	if s.group != ipsec.GroupNone {
		m.group = []ipsec.Group{s.group}
	}
	return wire.Proposal{Number: p.Number, Protocol: p.Protocol, SPI: spi, Transforms: m.transforms()}
}

// chosen checks the peer's choice against what we offered: one proposal of
// ours, by its number, with one transform of each type.
func chosen(menus []menu, answer []wire.Proposal) (suite, *wire.Proposal, bool) {
	if len(answer) != 1 || answer[0].Number < 1 || int(answer[0].Number) > len(menus) {
		return suite{}, nil, false
	}
	p := &answer[0]
	for i, t := range p.Transforms {
		if names(p.Transforms[:i], t.Type) {
			return suite{}, nil, false
		}
	}
	s, ok := menus[p.Number-1].accept(p)
	return s, p, ok
}

// noMatch tells why nothing was chosen: both sides' proposals.
func (e *Engine) noMatch(sa *ikeSA, offered *wire.SA, ours []menu) {
	ev := NoProposal{SA: sa.ref(), Received: offered.Proposals, Local: offer(ours, nil)}
	if len(ours) > 0 {
		ev.Protocol = ours[0].protocol
	}
	e.emit(ev)
	e.note(sa, FailedPolicyMatch)
}
