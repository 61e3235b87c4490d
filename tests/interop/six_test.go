package interop

import (
	"fmt"
	"strings"
)

// IPv6 in the matrix: outside, where IKE and ESP go, inside, and both.

var sixFeatures = []*feature{
	{name: "IPv6 outside, IPv4 inside", outside6: true, try: (*matrix).bothBegin},
	{name: "IPv4 outside, IPv6 inside", carries: "6", try: (*matrix).bothBegin},
	{name: "IPv6 outside and inside", outside6: true, carries: "6", try: (*matrix).bothBegin},
	{name: "both families in one pair over IPv4", carries: "46", try: (*matrix).bothBegin},
	{name: "both families in one pair over IPv6", outside6: true, carries: "46", image: "xe-17", try: (*matrix).bothBegin},
	{name: "IPv6 outside, a peer that forces UDP", outside6: true, carries: "6", conn: "encap = yes", try: (*matrix).floats},
	{name: "IPv6 outside, IKE in fragments (RFC 7383)", outside6: true, carries: "6", ours: "crypto ikev2 fragmentation mtu 200", try: (*matrix).fragments},
}

func (c cell) outside6() bool { return c.feature != nil && c.feature.outside6 }

// carries says whether the tunnel carries a family.
func (c cell) carries(family string) bool {
	if c.feature == nil || c.feature.carries == "" {
		return family == "4"
	}
	return strings.Contains(c.feature.carries, family)
}

// outside is the address of an end: of our router or, 2, of the peer.
func (c cell) outside(end int) string {
	if c.outside6() {
		return fmt.Sprintf("2001:db8:%d::%d", c.n, end)
	}
	return fmt.Sprintf("10.0.%d.%d", c.n, end)
}

// shown is the peer's address as the screens of our router have it.
func (c cell) shown() string { return strings.ToUpper(c.theirs()) }

func (c cell) inside6() string     { return fmt.Sprintf("2001:db8:a:%d", c.n) }
func (c cell) theirInner6() string { return fmt.Sprintf("2001:db8:b:%d::2", c.n) }

// theirInners are the peer's inner addresses, of each family that the tunnel carries.
func (c cell) theirInners() (list []string) {
	if c.carries("4") {
		list = append(list, c.theirInner())
	}
	if c.carries("6") {
		list = append(list, c.theirInner6())
	}
	return list
}

// selectors are the peer's.
func (c cell) selectors() string {
	var local, remote []string
	if c.carries("4") {
		local, remote = append(local, c.theirInner()+"/32"), append(remote, c.inside()+".0/24")
	}
	if c.carries("6") {
		local, remote = append(local, c.theirInner6()+"/128"), append(remote, c.inside6()+"::/64")
	}
	return "local_ts = " + strings.Join(local, ",") + "\nremote_ts = " + strings.Join(remote, ",")
}

// whole is an address as IOS has one that is meant alone: with a length, or the mask of IPv4.
func (c cell) whole(address, mask string) string {
	if strings.Contains(address, ":") {
		return address + "/128"
	}
	return address + mask
}

// mode is what our tunnel carries over what.
func (c cell) mode() string {
	switch four, six, over6 := c.carries("4"), c.carries("6"), c.outside6(); {
	case four && six:
		return "ipsec dual-overlay"
	case six && over6:
		return "ipsec ipv6"
	case six:
		return "ipsec ipv4 v6-overlay"
	case over6:
		return "ipsec ipv6 v4-overlay"
	}
	return "ipsec ipv4"
}

// sixLines are our lines for IPv6, after the others.
func (c cell) sixLines() string {
	if !c.outside6() && !c.carries("6") {
		return ""
	}
	lines := "ipv6 unicast-routing\ninterface Tunnel0\n tunnel mode " + c.mode() + "\n"
	if c.carries("6") {
		lines += fmt.Sprintf(" ipv6 enable\ninterface Ethernet0/1\n ipv6 address %s::1/64\nipv6 route %s/128 Tunnel0\n", c.inside6(), c.theirInner6())
	}
	return lines
}

// peerAddresses are lines for ip(8): those of the peer beside its inner one of IPv4. Whether
// somebody else has them is not asked.
func (c cell) peerAddresses() string {
	lines := fmt.Sprintf("addr add %s/24 dev eth0\n", c.theirs())
	if c.outside6() {
		lines = fmt.Sprintf("addr add %s/64 dev eth0 nodad\n", c.theirs())
	}
	if c.carries("6") {
		lines += fmt.Sprintf("addr add %[1]s/128 dev lo nodad\nroute add %[2]s::/64 dev eth0 src %[1]s\n", c.theirInner6(), c.inside6())
	}
	return lines
}

// hostAddresses are those of the host behind our router.
func (c cell) hostAddresses() string {
	if !c.carries("6") {
		return ""
	}
	return fmt.Sprintf("addr add %[1]s::9/64 dev eth0 nodad\nroute add %[2]s/128 via %[1]s::1 src %[1]s::9\n", c.inside6(), c.theirInner6())
}
