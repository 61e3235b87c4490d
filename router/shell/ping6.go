package shell

import (
	"net/netip"

	"ikelab/iosconfig/syntax"
)

// linkOf is the interface by which a link-local destination is; "": it is none. IOS asks
// for it.
func linkOf(a args, dst netip.Addr) (string, error) {
	if !dst.IsLinkLocalUnicast() || !dst.Is6() {
		return "", nil
	}
	name := syntax.InterfaceName(a.Word("iface"))
	if name == "" {
		return "", syntax.Refuse("%% Interface has to be specified for a link-local destination")
	}
	return name, nil
}

// unreachableMark6 is the character for an error of ICMPv6, by the type and code that ICMP
// has for it.
func unreachableMark6(kind, code uint8) string {
	if kind == icmpTimeExceeded {
		return "T"
	}
	switch code {
	case 1:
		return "H"
	case 2:
		return "R"
	case codePort:
		return "P"
	case codeFragmentationNeeded:
		return "B"
	case 13:
		return "A"
	}
	return "U"
}
