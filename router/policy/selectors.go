package policy

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"ikelab/iosconfig"
	"ikelab/ipsec/spd"
	"ikelab/router/acl"
)

// identOf is the traffic of a line as selectors, those of this end and of the
// other, of which there are none where nothing fits the line; ok is false where selectors do not say
// it: of marks they know nothing, and bits of a wildcard that do not stand together are ranges each,
// of which there may be too many.
func identOf(e *acl.Entry) (ident [2][]spd.Selector, ok bool) {
	if e.FromGroup != nil || e.ToGroup != nil || e.Services != nil { // IOS: not supported with IPsec
		return ident, true
	}
	if e.Mark.Mask != 0 {
		return ident, false
	}
	proto := e.Protocol
	if e.AnyProtocol {
		proto = 0
	}
	from, to := e.FromPorts, e.ToPorts
	if e.ICMP != nil { // type and code stand in the place of the port, at both ends
		from, to = messages(e.ICMP), messages(e.ICMP)
	}
	local, ok1 := selectorsOf(proto, e.From, from)
	remote, ok2 := selectorsOf(proto, e.To, to)
	return [2][]spd.Selector{local, remote}, ok1 && ok2
}

func messages(list []acl.Message) acl.Ports {
	var out acl.Ports
	for _, m := range list {
		first, last := uint16(m.Type)<<8, uint16(m.Type)<<8|0xff
		if !m.AnyCode {
			first += uint16(m.Code)
			last = first
		}
		out = append(out, acl.Range{First: first, Last: last})
	}
	return out
}

func selectorsOf(proto uint8, n acl.Net, ports acl.Ports) (list []spd.Selector, ok bool) {
	if ports == nil {
		ports = acl.Ports{{First: 0, Last: lastPort}}
	}
	together := n.Wildcard & ^(n.Wildcard + 1) // the lowest bits, as far as they stand together
	apart := n.Wildcard &^ together
	if len(ports)<<bits.OnesCount32(apart) > iosconfig.MaxRanges {
		return nil, false
	}
	for part := uint32(0); ; part = (part - apart) & apart { // each subset of the bits apart
		first := n.Address&^n.Wildcard | part
		for _, p := range ports {
			if p.First <= p.Last {
				list = append(list, spd.Selector{Proto: proto, StartPort: p.First, EndPort: p.Last, Start: address(first), End: address(first | together)})
			}
		}
		if part == apart {
			return list, true
		}
	}
}

func address(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// around is the smallest prefix that has all addresses of a net; exact: and no others.
func around(n acl.Net) (p netip.Prefix, exact bool) {
	length := bits.LeadingZeros32(n.Wildcard)
	return netip.PrefixFrom(address(n.Address), length).Masked(), uint64(n.Wildcard)+1 == 1<<(32-length)
}
