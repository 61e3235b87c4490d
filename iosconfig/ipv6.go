package iosconfig

import (
	"fmt"
	"net/netip"
	"strings"
)

// IPv6 is what an interface has of it.
type IPv6 struct {
	Enabled   bool         // ipv6 enable
	Addresses []SixAddress // as they were entered
	LinkLocal netip.Addr   // invalid: made of the hardware address
}

// SixAddress is `ipv6 address X:X:X:X::X/N [eui-64]`.
type SixAddress struct {
	Prefix netip.Prefix
	EUI64  bool
}

// On says whether an interface speaks IPv6.
func (s *IPv6) On() bool { return s.Enabled || len(s.Addresses) > 0 || s.LinkLocal.IsValid() }

func (a SixAddress) String() string {
	line := "ipv6 address " + Upper(a.Prefix)
	if a.EUI64 {
		line += " eui-64"
	}
	return line
}

// Upper is an address or a network as IOS writes it: IPv6 has capital letters.
func Upper(a fmt.Stringer) string { return strings.ToUpper(a.String()) }
