package iosconfig

import "net/netip"

// MapPeer is a peer of a crypto map's entry: an address, or a name that is resolved
// when it is used.
type MapPeer struct {
	Address netip.Addr
	Name    string // of `set peer NAME dynamic`; "": the address is given
}

func (p MapPeer) String() string {
	if p.Name != "" {
		return p.Name + " dynamic"
	}
	return p.Address.String()
}
