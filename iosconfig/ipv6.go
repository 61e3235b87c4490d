package iosconfig

import (
	"fmt"
	"net/netip"
	"strings"
)

// GlobalIPv6 is what a router has of it.
type GlobalIPv6 struct {
	IPv6Routing bool             // ipv6 unicast-routing
	Access6     List[AccessList] // ipv6 access-list
}

// IPv6 is what an interface has of it.
type IPv6 struct {
	// Filters are the lists of `ipv6 traffic-filter … in` and `… out`.
	Filters   [2]string
	Addresses []SixAddress // as they were entered
	LinkLocal netip.Addr   // invalid: made of the hardware address
	// Unnumbered is the interface whose address it uses, "": nobody's.
	Unnumbered string

	RA      RouterAdvertisements
	Enabled bool // ipv6 enable
	Auto    bool // ipv6 address autoconfig
	Default bool // the same with `default`
}

// RouterAdvertisements are `ipv6 nd ra …`; zero is what is so without.
type RouterAdvertisements struct {
	Suppress string // "", "suppress" or "suppress all"
	Interval int    // seconds
	Lifetime int    // seconds
	Never    bool   // it is no default router: a lifetime of 0
}

// Seconds, unless `ipv6 nd ra` says otherwise.
const (
	RAInterval = 200
	RALifetime = 1800
)

// SixAddress is `ipv6 address X:X:X:X::X/N [eui-64]`.
type SixAddress struct {
	Prefix netip.Prefix
	EUI64  bool // in what is in effect Prefix has the address that was made
	Given  bool // by a router's word; it is in no configuration
}

// On says whether an interface speaks IPv6.
func (s *IPv6) On() bool {
	return s.Enabled || s.Auto || s.Unnumbered != "" || len(s.Addresses) > 0 || s.LinkLocal.IsValid()
}

func (a SixAddress) String() string {
	line := "ipv6 address " + Upper(a.Prefix)
	if a.EUI64 {
		line += " eui-64"
	}
	return line
}

// Upper is an address or a network as IOS writes it: IPv6 has capital letters.
func Upper(a fmt.Stringer) string { return strings.ToUpper(a.String()) }
