package show

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/dhcp"
	"ikelab/router/words"
)

// DHCPState is a router's DHCP.
type DHCPState struct {
	Leases    []dhcp.ClientState `json:"leases"`
	Bindings  []dhcp.Binding     `json:"bindings"`
	Pools     []dhcp.PoolState   `json:"pools"`
	Conflicts []dhcp.Conflict    `json:"conflicts"`
}

// Leases is `show dhcp lease`.
type Leases struct {
	Now    time.Time          `json:"now"`
	Leases []dhcp.ClientState `json:"leases"`
}

// LeasesOf is of one interface, or of all; those that ask yet have none.
func LeasesOf(s DHCPState, now time.Time, name string) Leases {
	out := Leases{Now: now, Leases: []dhcp.ClientState{}}
	for _, l := range s.Leases {
		if name == "" || l.Interface == name {
			out.Leases = append(out.Leases, l)
		}
	}
	return out
}

// leaseStates are the numbers of states on IOS's screen.
var leaseStates = map[dhcp.State]string{
	dhcp.Init: "1 Purging", dhcp.Selecting: "3 Selecting", dhcp.Requesting: "4 Requesting", dhcp.Rebooting: "4 Requesting", dhcp.Bound: "5 Bound", dhcp.Renewing: "6 Renewing", dhcp.Rebinding: "7 Rebinding",
}

// Lines shows lease by lease.
func (s Leases) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.Leases {
		if l := &s.Leases[i]; l.State != dhcp.Released {
			addLease(&p, l, s.Now)
		}
	}
	return p.lines
}

func addLease(p *page, l *dhcp.ClientState, now time.Time) {
	p.linef("Temp IP addr: %s  for peer on Interface: %s", addrOr(l.Address.Addr(), "0.0.0.0"), l.Interface)
	mask := "0.0.0.0"
	if l.Address.IsValid() {
		mask = iosconfig.MaskOf(l.Address)
	}
	p.linef("Temp  sub net mask: %s", mask)
	p.linef("   DHCP Lease server: %s, state: %s", addrOr(l.Server, "0.0.0.0"), leaseStates[l.State])
	p.linef("   DHCP transaction id: %X", l.XID)
	left := func(t time.Time) int { return int(t.Sub(l.Since) / time.Second) }
	switch {
	case l.Seconds == dhcp.Forever:
		p.line("   Lease: Infinite,  Renewal: Infinite,  Rebind: Infinite")
	case l.Leased:
		p.linef("   Lease: %d secs,  Renewal: %d secs,  Rebind: %d secs", l.Seconds, left(l.T1), left(l.T2))
	default:
		p.line("   Lease: 0 secs,  Renewal: 0 secs,  Rebind: 0 secs")
	}
	if len(l.Routers) > 0 {
		p.linef("Temp default-gateway addr: %v", l.Routers[0])
	}
	if !l.Due.IsZero() {
		p.linef("   Next timer fires after: %s", words.Age(l.Due.Sub(now)))
	}
	p.linef("   Retry count: %d   Client-ID: %s", l.Sent, clientName(l.ClientID))
	digits := strings.ToUpper(hex.EncodeToString([]byte(strings.TrimPrefix(l.ClientID, "\x00"))))
	for head := "   Client-ID hex dump: "; digits != ""; head = strings.Repeat(" ", len(head)) {
		n := min(32, len(digits))
		p.line(head + digits[:n])
		digits = digits[n:]
	}
	p.linef("   Hostname: %s", l.Hostname)
}

// clientName is an identifier: a text as it is, anything else in digits.
func clientName(id string) string {
	if text, ok := strings.CutPrefix(id, "\x00"); ok && words.Printable(text) {
		return text
	}
	return iosconfig.DottedHex([]byte(id))
}

// DHCPBindings is `show ip dhcp binding`.
type DHCPBindings struct {
	Bindings []dhcp.Binding `json:"bindings"`
}

// DHCPBindingsOf is of one address, or of all.
func DHCPBindingsOf(s DHCPState, a netip.Addr) DHCPBindings {
	out := DHCPBindings{Bindings: []dhcp.Binding{}}
	for _, b := range s.Bindings {
		if !a.IsValid() || b.Address == a {
			out.Bindings = append(out.Bindings, b)
		}
	}
	return out
}

// dhcpTime is how these screens write a moment.
const dhcpTime = "Jan 02 2006 03:04 PM"

// Lines is the table; an identifier that is long goes on below.
func (s DHCPBindings) Lines(g iosconfig.Generation) []string {
	var p page
	p.line("Bindings from all pools not associated with VRF:")
	more := ""
	if g != iosconfig.IOS151 {
		more = "       State      Interface"
	}
	p.line("IP address          Client-ID/              Lease expiration        Type" + more)
	p.add("                    Hardware address/", "                    User name")
	for _, b := range s.Bindings {
		ends, kind := "Infinite", "Manual"
		if !b.Expires.IsZero() {
			ends = b.Expires.Format(dhcpTime)
		}
		if b.Automatic {
			kind = "Automatic"
		}
		if more != "" {
			kind = fmt.Sprintf("%-11s%-11sUnknown", kind, "Active")
		}
		id := iosconfig.DottedHex(b.Client)
		for n := 0; id != ""; n++ {
			part := id[:min(len(id), 20)]
			if id = id[len(part):]; n == 0 {
				p.linef("%-20v%-24s%-24s%s", b.Address, part, ends, kind)
				continue
			}
			p.linef("%-20s%s", "", part)
		}
	}
	return p.lines
}

// DHCPPools is `show ip dhcp pool`.
type DHCPPools struct {
	Pools []dhcp.PoolState `json:"pools"`
}

// DHCPPoolsOf is one pool, or all.
func DHCPPoolsOf(s DHCPState, name string) DHCPPools {
	out := DHCPPools{Pools: []dhcp.PoolState{}}
	for _, p := range s.Pools {
		if name == "" || p.Name == name {
			out.Pools = append(out.Pools, p)
		}
	}
	return out
}

// Lines shows pool by pool.
func (s DHCPPools) Lines(iosconfig.Generation) []string {
	var p page
	for _, v := range s.Pools {
		p.line("").linef("Pool %s :", v.Name)
		p.add(" Utilization mark (high/low)    : 100 / 0", " Subnet size (first/next)       : 0 / 0 ")
		p.linef(" Total addresses                : %d", v.Size)
		p.linef(" Leased addresses               : %d", v.Leased)
		p.line(" Pending event                  : none")
		if !v.First.IsValid() {
			p.line(" 0 subnet is currently in the pool :")
			continue
		}
		p.line(" 1 subnet is currently in the pool :")
		p.line(" Current index        IP address range                    Leased addresses")
		p.linef(" %-21s%-17v- %-18v%d", addrOr(v.Next, "0.0.0.0"), v.First, v.Last, v.Leased)
	}
	return p.lines
}

// DHCPConflicts is `show ip dhcp conflict`.
type DHCPConflicts struct {
	Conflicts []dhcp.Conflict `json:"conflicts"`
}

// Lines is the table.
func (s DHCPConflicts) Lines(iosconfig.Generation) []string {
	var p page
	p.line("IP address        Detection method   Detection time          VRF")
	for _, c := range s.Conflicts {
		method := "Gratuitous ARP"
		if c.Pinged {
			method = "Ping"
		}
		p.linef("%-18v%-19s%s", c.Address, method, c.At.Format(dhcpTime))
	}
	return p.lines
}
