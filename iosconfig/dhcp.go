package iosconfig

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Addressing is where an interface has its addresses from.
type Addressing struct {
	VRF        string         // that the interface is in; "": the global table
	Address    netip.Prefix   // host address with its mask; zero: no ip address
	Secondary  []netip.Prefix // secondary addresses
	Unnumbered string         // whose address it uses instead, "": nobody's
	DHCP       DHCPClient
	Negotiated bool         // ip address negotiated: the peer of the tunnel gives it
	Helpers    []netip.Addr // ip helper-address
	Standby    Standby
}

// DHCPClient is `ip address dhcp`.
type DHCPClient struct {
	On       bool
	ClientID string // the interface whose hardware address says who asks; "": IOS's own
	Hostname string // "": the router's
}

// String is the line.
func (c *DHCPClient) String() string {
	line := "ip address dhcp"
	if c.ClientID != "" {
		line += " client-id " + c.ClientID
	}
	if c.Hostname != "" {
		line += " hostname " + c.Hostname
	}
	return line
}

// DHCP is what a router serves.
type DHCP struct {
	Off      bool // no service dhcp
	Excluded List[DHCPRange]
	Pools    List[DHCPPool]
	Ping     DHCPPing
}

// DHCPPing is `ip dhcp ping`: what a server does before it offers an address.
type DHCPPing struct {
	Off     bool // no ip dhcp ping packets
	Packets int  // 0: two
	Timeout int  // milliseconds; 0: 500
}

// Count is how many packets are sent.
func (p DHCPPing) Count() int {
	switch {
	case p.Off:
		return 0
	case p.Packets == 0:
		return 2
	}
	return p.Packets
}

// Wait is how long an answer to each is waited for.
func (p DHCPPing) Wait() time.Duration {
	if p.Timeout == 0 {
		return 500 * time.Millisecond
	}
	return time.Duration(p.Timeout) * time.Millisecond
}

// DHCPRange is `ip dhcp excluded-address`.
type DHCPRange struct{ First, Last netip.Addr }

// String is the line without its head; one address stands once.
func (r *DHCPRange) String() string {
	if r.First == r.Last {
		return r.First.String()
	}
	return r.First.String() + " " + r.Last.String()
}

// DHCPPool is `ip dhcp pool`.
type DHCPPool struct {
	Name         string
	Network      netip.Prefix
	Host         netip.Prefix // the one address of a client's own pool
	ClientID     string       // as IOS writes it: 0163.6973.63
	Hardware     string       // aabb.cc00.0100
	ClientName   string
	Routers, DNS []netip.Addr
	Domain       string
	Lease        DHCPLease
	VRF          string // no effect
	Texts        Texts  // what nothing acts on
}

// DHCPLease is how long addresses are given; zero: a day.
type DHCPLease struct {
	Days, Hours, Minutes int
	Infinite             bool
}

// String is the line without its head.
func (l DHCPLease) String() string {
	switch {
	case l.Infinite:
		return "infinite"
	case l.Minutes != 0:
		return strconv.Itoa(l.Days) + " " + strconv.Itoa(l.Hours) + " " + strconv.Itoa(l.Minutes)
	case l.Hours != 0:
		return strconv.Itoa(l.Days) + " " + strconv.Itoa(l.Hours)
	}
	return strconv.Itoa(l.Days)
}

// DottedHex are octets as IOS writes them, in groups of four digits.
func DottedHex(octets []byte) string {
	digits := hex.EncodeToString(octets)
	var parts []string
	for ; len(digits) > 4; digits = digits[4:] {
		parts = append(parts, digits[:4])
	}
	return strings.Join(append(parts, digits), ".")
}

// FromDottedHex reads them; false: these are none.
func FromDottedHex(text string) ([]byte, bool) {
	digits := strings.ReplaceAll(text, ".", "")
	octets, err := hex.DecodeString(digits)
	return octets, err == nil && len(octets) > 0
}
