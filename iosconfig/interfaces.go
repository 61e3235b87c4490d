package iosconfig

import (
	"encoding/binary"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// EthernetMTU is how long packets are, in octets, unless `mtu` says otherwise.
const EthernetMTU = 1500

// Interfaces are the interface sections in the order of running-config: by
// type, then by number. They are found by name, by network and by what they name.
type Interfaces struct {
	byName   Tree[string, *Interface]
	networks Tree[string, string] // who has an address there, by VRF and family
	lengths  lengths              // that these networks have, or once had
	naming   naming               // by the keys of byName
}

// lengths are prefix lengths, those of both families together. Interfaces have few: who looks for
// the networks around an address asks for these only.
type lengths [129/64 + 1]uint64

func (l *lengths) add(bits int)      { l[bits/64] |= 1 << (bits % 64) }
func (l *lengths) has(bits int) bool { return l[bits/64]&(1<<(bits%64)) != 0 }

// Len is how many interfaces there are.
func (s *Interfaces) Len() int { return s.byName.Len() }

// Get returns the interface with the full name, or nil.
func (s *Interfaces) Get(name string) *Interface {
	i, _ := s.byName.Get(interfaceKey(name))
	return i
}

// Put adds an interface, or puts it in the place of the one with its name.
func (s *Interfaces) Put(name string, i *Interface) {
	var before []string
	key := interfaceKey(name)
	if old, found := s.byName.Get(key); found {
		before = old.networks()
		s.naming.follow(key, old, i)
	} else {
		s.naming.follow(key, nil, i)
	}
	s.move(name, before, i.networks())
	for _, p := range i.addresses() {
		s.lengths.add(p.Bits())
	}
	s.byName.Put(key, i)
}

// Remove takes an interface away.
func (s *Interfaces) Remove(name string) {
	if old := s.Get(name); old != nil {
		s.move(name, old.networks(), nil)
		s.naming.follow(interfaceKey(name), old, nil)
		s.byName.delete(interfaceKey(name))
	}
}

// move notes that an interface has other addresses than before.
func (s *Interfaces) move(name string, before, after []string) {
	if slices.Equal(before, after) {
		return
	}
	for _, key := range before {
		s.networks.delete(key)
	}
	for _, key := range after {
		s.networks.Put(key, name)
	}
}

// All are the interfaces.
func (s *Interfaces) All() iter.Seq[*Interface] {
	return func(yield func(*Interface) bool) {
		for _, i := range s.byName.All() {
			if !yield(i) {
				return
			}
		}
	}
}

// users are the names of the interfaces that name an object.
func (s *Interfaces) users(of Object) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key := range s.naming.users(of) {
			if i, _ := s.byName.Get(key); !yield(i.Name()) {
				return
			}
		}
	}
}

// Changed are the names of those that are not as they were before, of which one was made of the other.
func (s *Interfaces) Changed(before *Interfaces) (names []string) {
	for _, key := range s.byName.differs(before.byName) {
		i, ok := s.byName.Get(key)
		if !ok {
			i, _ = before.byName.Get(key)
		}
		names = append(names, i.Name())
	}
	return names
}

// Overlap is the name of another interface than the one with the name that is
// in a network of the VRF which shares addresses with p, or "".
func (s *Interfaces) Overlap(name, vrf string, p netip.Prefix) string {
	in := tableKey(vrf, p)
	for bits := range p.Bits() + 1 { // the networks around p
		if !s.lengths.has(bits) {
			continue
		}
		around := in + networkKey(netip.PrefixFrom(p.Addr(), bits))
		for key, other := range s.networks.From(around) {
			if !strings.HasPrefix(key, around) {
				break
			}
			if other != name {
				return other
			}
		}
	}
	for key, other := range s.networks.From(in + string(p.Masked().Addr().AsSlice())) { // and within
		if !strings.HasPrefix(key, in) {
			break
		}
		if n, _ := netip.AddrFromSlice([]byte(key[len(in) : len(in)+p.Addr().BitLen()/8])); !p.Contains(n) {
			break
		} else if other != name {
			return other
		}
	}
	return ""
}

// Owner is the interface of the VRF that has the address for its own; nil: none has. What several
// routers share by HSRP is not its own.
func (s *Interfaces) Owner(vrf string, a netip.Addr) *Interface {
	if !a.IsValid() {
		return nil
	}
	for bits := range a.BitLen() + 1 {
		if !s.lengths.has(bits) {
			continue
		}
		p := netip.PrefixFrom(a, bits)
		name, _ := s.networks.Get(tableKey(vrf, p) + networkKey(p) + string(a.AsSlice()))
		if i := s.Get(name); name != "" && (i.Address.Addr() == a || slices.ContainsFunc(i.Secondary, func(p netip.Prefix) bool { return p.Addr() == a })) {
			return i
		}
	}
	return nil
}

// networkKey orders networks by address, then by length.
func networkKey(p netip.Prefix) string {
	return string(append(p.Masked().Addr().AsSlice(), byte(p.Bits())))
}

// vrfKey is what the keys of a VRF begin with.
func vrfKey(name string) string { return name + "\x00" }

// tableKey is what the keys of networks in a table of a VRF begin with.
func tableKey(vrf string, p netip.Prefix) string {
	if p.Addr().Is6() {
		return vrfKey(vrf) + "6"
	}
	return vrfKey(vrf) + "4"
}

// networks are the keys of the interface's networks.
func (i *Interface) networks() (keys []string) {
	for _, p := range i.addresses() {
		keys = append(keys, tableKey(i.VRF, p)+networkKey(p)+string(p.Addr().AsSlice()))
	}
	return keys
}

func (i *Interface) addresses() []netip.Prefix {
	list := slices.Clone(i.Secondary)
	if i.Address.IsValid() {
		list = append(list, i.Address)
	}
	for _, a := range i.IPv6.Addresses {
		list = append(list, a.Prefix)
	}
	for n := range i.Standby.Groups {
		for _, a := range i.Standby.Groups[n].Addresses() {
			list = append(list, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return list
}

// Siblings are the subinterfaces of the interface that a subinterface is part of.
func (s *Interfaces) Siblings(sub *Interface) iter.Seq[*Interface] {
	main, _, _ := strings.Cut(sub.Number, ".")
	key := interfaceKey(string(sub.Type) + main)
	first := key[:len(key)-len(main)-1] + "\x01" // a part more: that of 0/0.1, and of 0/0/1
	return func(yield func(*Interface) bool) {
		for key, i := range s.byName.From(first) {
			if !strings.HasPrefix(key, first) || strings.HasPrefix(i.Number, main+".") && !yield(i) {
				return
			}
		}
	}
}

// interfaceKey orders full names by type, then by number: 0/0.100 is behind
// 0/0 and before 0/1.
func interfaceKey(name string) string {
	t, number, _ := syntax.Interface(name)
	key := []byte{byte(InterfaceType(t).order())}
	for part := range strings.FieldsFuncSeq(number, func(r rune) bool { return r == '/' || r == '.' }) {
		n, _ := strconv.ParseUint(part, 10, 32)
		key = binary.BigEndian.AppendUint32(append(key, 1), uint32(n))
	}
	return string(append(append(key, 0), number...)) // 0/1 is not 0.1
}

// NewInterface is an interface without settings; nil when that is no
// interface name.
func NewInterface(name string) *Interface {
	t, number, ok := syntax.Interface(name)
	if !ok {
		return nil
	}
	i := &Interface{Type: InterfaceType(t), Number: number}
	if i.Type == Tunnel || i.Type == VirtualTemplate {
		i.Tunnel.Mode = TunnelGRE
	}
	return i
}

// TypeOf is the type of the interfaces with such a name, "" when it is none.
func TypeOf(name string) InterfaceType {
	t, _, _ := syntax.Interface(name)
	return InterfaceType(t)
}

// Subinterface says whether the interface is part of another: Ethernet0/0.1.
func (i *Interface) Subinterface() bool { return strings.Contains(i.Number, ".") }

// IPsec says whether a tunnel is ESP itself: a static virtual tunnel interface.
func (t *TunnelConfig) IPsec() bool { return strings.HasPrefix(t.Mode, "ipsec") }

// Over6 says whether its packets are of IPv6; where both may be the destination says it.
func (t *TunnelConfig) Over6() bool {
	return strings.HasPrefix(t.Mode, "ipsec ipv6") || t.Mode == "ipsec dual-overlay" && t.Destination.Is6()
}

// Carries says which families it carries.
func (t *TunnelConfig) Carries() (four, six bool) {
	switch t.Mode {
	case "ipsec ipv4 v6-overlay", "ipsec ipv6":
		return false, true
	case "ipsec dual-overlay":
		return true, true
	}
	return true, false
}

// ShortName is an interface's name as tables of IOS write it: "Et0/0". Of the two that begin
// alike a template is "Vt1", and what is cloned from it "Vi1".
func ShortName(name string) string {
	at := strings.IndexAny(name, "0123456789")
	if at < 2 {
		return name
	}
	if name[:at] == string(VirtualTemplate) {
		return "Vt" + name[at:]
	}
	return name[:2] + name[at:]
}
