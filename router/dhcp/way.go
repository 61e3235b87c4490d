package dhcp

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
)

// SendBy sends what the client of an interface says: to a server, or to all on the link.
func SendBy(now time.Time, s *ip.Stack, i *ip.Interface, m *Message, from, to netip.Addr) {
	if !from.IsValid() {
		from = netip.IPv4Unspecified()
	}
	d := ip.Datagram{Local: netip.AddrPortFrom(from, ClientPort), Remote: netip.AddrPortFrom(to, ServerPort), Data: m.Append(nil)}
	switch {
	case i == nil:
	case to.IsValid():
		if m.Client.IsValid() {
			d.VRF = i.VRF()
			s.UDP.Send(now, d, ip.DefaultTTL)
		}
	default:
		d.Remote = netip.AddrPortFrom(everybody, ServerPort)
		s.UDP.SendOnLink(now, i, ip.BroadcastMAC, d)
	}
}

// everybody is the address of all on a link.
var everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})
