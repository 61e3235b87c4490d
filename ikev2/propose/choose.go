package propose

import (
	"fmt"
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Suite is what a negotiation settled on. ESP has no PRF; its group is the one
// of PFS, GroupNone without.
type Suite struct {
	Name  string // of the menu that it is from
	Encr  ipsec.Encr
	Integ ipsec.IntegID
	PRF   ipsec.PRFID
	Group ipsec.Group
	AddKE [wire.MaxADDKE]ipsec.Group // additional key exchanges; GroupNone: not that one
	ESN   bool                       // of ESP
}

// AddsKE says whether there is an additional key exchange.
func (s *Suite) AddsKE() bool { return s.AddKE != [wire.MaxADDKE]ipsec.Group{} }

// Added are the additional key exchanges, in order; nil without.
func (s *Suite) Added() (list []ipsec.Group) {
	for _, g := range s.AddKE {
		if g != ipsec.GroupNone {
			list = append(list, g)
		}
	}
	return list
}

// Mismatch is why nothing was chosen: both sides.
type Mismatch struct {
	Protocol        wire.ProtocolID
	Received, Local []wire.Proposal
}

func (m *Mismatch) Error() string {
	return fmt.Sprintf("propose: received %v, expected %v", m.Received, m.Local)
}

func mismatch(menus []Menu, received []wire.Proposal) error {
	m := &Mismatch{Received: received, Local: Offer(menus, nil)}
	if len(menus) > 0 {
		m.Protocol = menus[0].Protocol
	}
	return m
}

// Choose goes through our menus and takes the peer's first proposal that fits.
func Choose(menus []Menu, offered []wire.Proposal) (Suite, *wire.Proposal, error) {
	for i := range menus {
		for j := range offered {
			if s, ok := menus[i].accept(&offered[j]); ok {
				return s, &offered[j], nil
			}
		}
	}
	return Suite{}, nil, mismatch(menus, offered)
}

// Chosen checks the peer's choice against what we offered: one proposal of
// ours, by its number, with one transform of each type.
func Chosen(menus []Menu, answer []wire.Proposal) (Suite, *wire.Proposal, error) {
	if len(answer) != 1 || answer[0].Number < 1 || int(answer[0].Number) > len(menus) {
		return Suite{}, nil, mismatch(menus, answer)
	}
	p := &answer[0]
	for i, t := range p.Transforms {
		if names(p.Transforms[:i], t.Type) {
			return Suite{}, nil, mismatch(menus, answer)
		}
	}
	s, ok := menus[p.Number-1].accept(p)
	if !ok {
		return Suite{}, nil, mismatch(menus, answer)
	}
	return s, p, nil
}

// Answer is the proposal that tells the peer what was chosen, in the order in which IOS sends it.
func (s *Suite) Answer(p *wire.Proposal, spi []byte) wire.Proposal {
	list := make([]wire.Transform, 0, len(p.Transforms))
	add := func(t wire.TransformType, id uint16, chosen bool) {
		if chosen {
			list = append(list, wire.Transform{Type: t, ID: id})
		}
	}
	list = append(list, wire.Transform{Type: wire.TypeEncr, ID: uint16(s.Encr.ID), KeyBits: s.Encr.KeyBits})
	add(wire.TypePRF, uint16(s.PRF), s.PRF != 0)
	add(wire.TypeInteg, uint16(s.Integ), s.Integ != ipsec.IntegNone)
	add(wire.TypeDH, uint16(s.Group), s.Group != ipsec.GroupNone)
	for i, g := range s.AddKE { // NONE that was among the peer's is an answer
		add(addKE(i), uint16(g), g != ipsec.GroupNone || names(p.Transforms, addKE(i)))
	}
	add(wire.TypeESN, esnID(s.ESN), p.Protocol == wire.ProtoESP)
	return wire.Proposal{Number: p.Number, Protocol: p.Protocol, SPI: spi, Transforms: list}
}

// accept chooses from one proposal of the peer (RFC 7296 2.7, 3.3.6): exactly
// one transform of each type, or nothing. A transform that we do not know is
// passed over, a proposal with a type that we do not know is none of ours.
func (m *Menu) accept(p *wire.Proposal) (Suite, bool) {
	s := Suite{Name: m.Name, ESN: m.ESN}
	if p.Protocol != m.Protocol || unknownType(p.Transforms) {
		return s, false
	}
	i := slices.IndexFunc(m.Encr, func(e ipsec.Encr) bool { return has(p.Transforms, wire.TypeEncr, uint16(e.ID), e.KeyBits) })
	if i < 0 {
		return s, false
	}
	var ok [3]bool
	s.Encr = m.Encr[i]
	s.PRF, ok[0] = pick(wire.TypePRF, m.PRF, p.Transforms)
	s.Integ, ok[1] = pick(wire.TypeInteg, m.Integ, p.Transforms)
	s.Group, ok[2] = m.pickGroup(p.Transforms)
	return s, m.takesESN(p.Transforms) && ok == [3]bool{true, true, true} && m.pickAddKE(&s, p.Transforms)
}

// pickAddKE chooses the additional key exchanges. No method is chosen twice, in whatever
// order the two lists have them (RFC 9370 2.2.1), and they add to one, so they need it.
func (m *Menu) pickAddKE(s *Suite, offered []wire.Transform) bool {
	if len(m.AddKE) == 0 && !addsKE(offered) {
		return true
	}
	var both matching
	for i := range s.AddKE {
		kind, ours := addKE(i), []ipsec.Group(nil)
		switch {
		case m.AnyGroup:
			ours = knownGroups(kind, offered)
		case i < len(m.AddKE):
			ours = m.AddKE[i]
		}
		both.methods[i] = slices.DeleteFunc(slices.Clone(ours), func(g ipsec.Group) bool {
			return g == s.Group || !has(offered, kind, uint16(g), 0)
		})
		_, none := pick(kind, []ipsec.Group(nil), offered)
		wanted := i < len(m.AddKE) && len(m.AddKE[i]) > 0
		if !both.settle(i) && (wanted || !none) {
			return false
		}
	}
	s.AddKE = both.chosen
	return s.Group != ipsec.GroupNone || !s.AddsKE()
}

// matching gives each additional key exchange one of the methods that both ends have for it, and
// each method to one: only a responder that "is unable to select algorithms that are not
// duplicated for each proposed key exchange" refuses (RFC 9370 2.2.1).
type matching struct {
	methods [wire.MaxADDKE][]ipsec.Group // in order of preference
	chosen  [wire.MaxADDKE]ipsec.Group   // GroupNone: none yet
}

// settle finds a method for one more: the best that is free, else one that another can do without.
func (m *matching) settle(i int) bool {
	for _, g := range m.methods[i] {
		if !slices.Contains(m.chosen[:], g) {
			m.chosen[i] = g
			return true
		}
	}
	return m.move(i, map[ipsec.Group]bool{})
}

// move takes a method from another, which finds a further one; tried are those that cannot be had.
func (m *matching) move(i int, tried map[ipsec.Group]bool) bool {
	for _, g := range m.methods[i] {
		if tried[g] {
			continue
		}
		tried[g] = true
		if at := slices.Index(m.chosen[:], g); at < 0 || at != i && m.move(at, tried) {
			m.chosen[i] = g
			return true
		}
	}
	return false
}

// WithoutAddKE are the proposals that name no additional key exchange.
func WithoutAddKE(list []wire.Proposal) []wire.Proposal {
	return slices.DeleteFunc(slices.Clone(list), func(p wire.Proposal) bool {
		return addsKE(p.Transforms)
	})
}

// addsKE says whether transforms name additional key exchanges.
func addsKE(list []wire.Transform) bool {
	return slices.ContainsFunc(list, func(t wire.Transform) bool { return t.Type >= wire.TypeADDKE && t.Type < addKE(wire.MaxADDKE) })
}

// addKE is the transform type of an additional key exchange, which count from 0 here.
func addKE(i int) wire.TransformType { return wire.TypeADDKE + wire.TransformType(i) }

// knownGroups are the peer's methods of one type that we have.
func knownGroups(kind wire.TransformType, offered []wire.Transform) (list []ipsec.Group) {
	for _, t := range offered {
		if g := ipsec.Group(t.ID); t.Type == kind && g.Known() {
			list = append(list, g)
		}
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

func (m *Menu) pickGroup(offered []wire.Transform) (ipsec.Group, bool) {
	if !m.AnyGroup {
		return pick(wire.TypeDH, m.Group, offered)
	}
	for _, t := range offered {
		if t.Type == wire.TypeDH && (t.ID == 0 || ipsec.Group(t.ID).Known()) {
			return ipsec.Group(t.ID), true
		}
	}
	return ipsec.GroupNone, !names(offered, wire.TypeDH)
}

// takesESN says whether the peer takes the sequence numbers that a menu wants. ESP
// has to name them: "a proposal that is missing a mandatory Transform Type" is
// unacceptable (RFC 7296 3.3.3, 3.3.6).
func (m *Menu) takesESN(offered []wire.Transform) bool {
	return m.Protocol != wire.ProtoESP || has(offered, wire.TypeESN, esnID(m.ESN), 0)
}

func has(offered []wire.Transform, kind wire.TransformType, id, bits uint16) bool {
	return slices.ContainsFunc(offered, func(t wire.Transform) bool {
		return t.Type == kind && t.ID == id && t.KeyBits == bits && len(t.Attrs) == 0
	})
}

func names(offered []wire.Transform, kind wire.TransformType) bool {
	return slices.ContainsFunc(offered, func(t wire.Transform) bool { return t.Type == kind })
}

// unknownType says whether a proposal names a transform type that we do not
// know: such a proposal must be refused whole (RFC 7296 3.3.6).
func unknownType(offered []wire.Transform) bool {
	return slices.ContainsFunc(offered, func(t wire.Transform) bool {
		return t.Type < wire.TypeEncr || t.Type >= addKE(wire.MaxADDKE)
	})
}
