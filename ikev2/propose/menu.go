package propose

import (
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Menu is one side's choice for one proposal, in order of preference. It holds
// either AEAD ciphers or others, never both (RFC 5282 8).
type Menu struct {
	Name     string // of what it was configured as
	Protocol wire.ProtocolID
	Encr     []ipsec.Encr
	PRF      []ipsec.PRFID
	Integ    []ipsec.IntegID
	Group    []ipsec.Group
	AddKE    [][]ipsec.Group // additional key exchanges in order, each with its methods (RFC 9370)
	ESN      bool            // ESP: extended sequence numbers, else none (RFC 7296 3.3.2)
	AnyGroup bool            // take whatever group the peer asks for (PFS not configured)
}

// Apart makes of one menu for IKE the menus that may stand in proposals: AEAD
// ciphers apart from the others. One that cannot be complete is left out.
func Apart(m Menu) []Menu {
	if !slices.ContainsFunc(m.Encr, ipsec.Encr.AEAD) && len(m.Encr) > 0 && len(m.PRF) > 0 {
		return []Menu{m}
	}
	classic, aead := m, m
	classic.Encr, aead.Encr, aead.Integ = nil, nil, nil
	for _, encr := range m.Encr {
		if encr.AEAD() {
			aead.Encr = append(aead.Encr, encr)
		} else {
			classic.Encr = append(classic.Encr, encr)
		}
	}
	return slices.DeleteFunc([]Menu{classic, aead}, func(m Menu) bool { return len(m.Encr) == 0 || len(m.PRF) == 0 })
}

// Offer is the SA payload's proposals for the menus.
func Offer(menus []Menu, spi []byte) []wire.Proposal {
	list := make([]wire.Proposal, len(menus))
	for i, m := range menus {
		list[i] = wire.Proposal{Number: uint8(i + 1), Protocol: m.Protocol, SPI: spi, Transforms: m.transforms()}
	}
	return list
}

// Offers says whether a group is among the menus.
func Offers(menus []Menu, g ipsec.Group) bool {
	return slices.ContainsFunc(menus, func(m Menu) bool { return slices.Contains(m.Group, g) })
}

// esnID is the id of a transform of type 5 (RFC 7296 3.3.2).
func esnID(extended bool) uint16 {
	if extended {
		return 1
	}
	return 0
}

// transforms lists a menu in the order in which IOS sends it.
func (m *Menu) transforms() []wire.Transform {
	list := make([]wire.Transform, 0, len(m.Encr)+len(m.PRF)+len(m.Integ)+len(m.Group)+1)
	for _, e := range m.Encr {
		list = append(list, wire.Transform{Type: wire.TypeEncr, ID: uint16(e.ID), KeyBits: e.KeyBits})
	}
	for _, p := range m.PRF {
		list = append(list, wire.Transform{Type: wire.TypePRF, ID: uint16(p)})
	}
	for _, i := range m.Integ {
		list = append(list, wire.Transform{Type: wire.TypeInteg, ID: uint16(i)})
	}
	for _, g := range m.Group {
		list = append(list, wire.Transform{Type: wire.TypeDH, ID: uint16(g)})
	}
	for i, methods := range m.AddKE {
		for _, g := range methods {
			list = append(list, wire.Transform{Type: wire.TypeADDKE + wire.TransformType(i), ID: uint16(g)})
		}
	}
	if m.Protocol == wire.ProtoESP {
		list = append(list, wire.Transform{Type: wire.TypeESN, ID: esnID(m.ESN)})
	}
	return list
}
