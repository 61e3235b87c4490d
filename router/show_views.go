package router

import (
	"net/netip"
	"time"

	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
)

// The screens see the router through these views, snapshots of what the data
// plane holds. They are built here and nowhere else.

// saView is a pair of ESP SAs of a tunnel.
type saView struct {
	Tunnel       string // "Tunnel0"
	In, Out      crypto.Params
	PFS          ipsec.Group
	InID, OutID  int // connection ids
	Expires      time.Time
	KilobytesIn  uint64 // left to receive and to send; 0 when there is no limit
	KilobytesOut uint64
}

// ifaceView is an interface with its state.
type ifaceView struct {
	Config     *iosconfig.Interface
	MAC        [6]byte
	Physical   bool
	Up         bool // carrier and not shut down
	Protocol   bool // line protocol
	LastIn     time.Time
	LastOut    time.Time
	Cleared    time.Time // last `clear counters`; zero: never
	InPackets  uint64
	InOctets   uint64
	InErrors   uint64
	Broadcasts uint64
	OutPackets uint64
	OutOctets  uint64
	OutErrors  uint64
	OutDrops   uint64
	InDrops    uint64
	Unknown    uint64 // packets of protocols that the router does not speak
	Resets     uint64
	MTU        int
}

// routeView is a route that is in the table.
type routeView struct {
	Code      byte // L, C or S
	Prefix    netip.Prefix
	NextHop   netip.Addr // invalid: directly connected
	Interface string
	Distance  int
}

// arpView is an ARP entry.
type arpView struct {
	Addr       netip.Addr
	MAC        [6]byte
	Own        bool // one of our addresses: has no age
	Incomplete bool
	Age        time.Duration
	Interface  string
}

// tunnelView is a tunnel interface with `tunnel protection`.
type tunnelView struct {
	Config        *iosconfig.Interface
	Local, Remote netip.Addr // outer addresses; Local is invalid while the source has none
	Source        string     // interface that the outer packets leave by
	PathMTU       int
	Encaps        uint64 // packets since the last `clear crypto sa counters`, over all pairs
	Decaps        uint64
	SendErrors    uint64
	RecvErrors    uint64
	Pairs         []saView // newest last
	Sending       ipsec.SPI
	UpSince       time.Time
}
