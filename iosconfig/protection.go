package iosconfig

import "net/netip"

// Protection is what an entry of a crypto map and an IPsec profile both say by `set …`.
type Protection struct {
	TransformSets []string
	IKEv2Profile  string
	PFS           int      // DH group, 0: none
	PFSPQC        []string // methods of an additional key exchange beside it
	Lifetime      Lifetime
	ReplayWindow  int // 0: global; -1: disabled
	IdleTime      int
	IdleDefault   bool    // the first peer has its turn again then
	Dummies       Dummies // not given: global
	Padding       int     // octets to which packets are padded, MaxPadding: as far as they go whole; 0: they are not
	DFBit         string
	Reverse       ReverseRoute
}

// MaxPadding is `tfc-padding mtu`.
const MaxPadding = 65535

// Dummies is `… dummy {pps N | seconds N}`: packets that carry nothing; none with a rate
// of zero.
type Dummies struct {
	Given         bool
	Rate, Seconds int
}

// ReverseRoute is `reverse-route …` and `set reverse-route …`.
type ReverseRoute struct {
	On      bool
	Static  bool       // as long as the list is there, not the pairs
	Peer    netip.Addr // remote-peer: the next hop; invalid: the peer itself
	Gateway bool       // the next hop is the peer's, not that of what lies behind it
	Metric  int        // distance, 0: 1
	Tag     uint32     // 0: none
}
