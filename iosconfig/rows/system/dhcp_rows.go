package system

import (
	"cmp"
	"net/netip"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// What a router serves by DHCP.

type pool = editor.At[iosconfig.DHCPPool]

// dhcpServiceRows stand among those of `service`.
var dhcpServiceRows = []editor.Row[iosconfig.Config]{{
	Syntax: "service dhcp", Help: "|Enable DHCP server and relay agent",
	Set:     func(e *global, _ syntax.Args) error { e.It.DHCP.Off = false; return nil },
	Clear:   func(e *global, _ syntax.Args) error { e.It.DHCP.Off = true; return nil },
	Default: func(e *global, _ syntax.Args) error { e.It.DHCP.Off = false; return nil },
	Show:    func(e *global) []string { return editor.When(e.It.DHCP.Off, "no service dhcp") },
	Usual:   func(*global) []string { return []string{"service dhcp"} },
}}

// dhcpRows are the pools.
var dhcpRows = []editor.Row[iosconfig.Config]{excludedRow, pingPacketsRow, pingTimeoutRow, poolSection.Row()}

const pingHelp = "||Specify ping parameters used by DHCP|"

// pingPacketsRow: the `no` form pings nobody, as 0 does.
var pingPacketsRow = editor.Row[iosconfig.Config]{
	Syntax: "ip dhcp ping packets / <n:0-10>", Help: pingHelp + "Specify number of ping packets|Number of ping packets (0 disables ping)",
	Set: func(e *global, a syntax.Args) error {
		n := a.Int("n")
		e.It.DHCP.Ping.Off, e.It.DHCP.Ping.Packets = n == 0, n
		if n == 2 {
			e.It.DHCP.Ping.Packets = 0
		}
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error {
		e.It.DHCP.Ping.Off, e.It.DHCP.Ping.Packets = true, 0
		return nil
	},
	Default: func(e *global, _ syntax.Args) error {
		e.It.DHCP.Ping.Off, e.It.DHCP.Ping.Packets = false, 0
		return nil
	},
	Show: func(e *global) []string {
		if e.It.DHCP.Ping.Off {
			return []string{"ip dhcp ping packets 0"}
		}
		return editor.Number("ip dhcp ping packets", e.It.DHCP.Ping.Packets)
	},
	Usual: func(*global) []string { return []string{"ip dhcp ping packets 2"} },
}

var pingTimeoutRow = editor.Row[iosconfig.Config]{
	Syntax: "ip dhcp ping timeout / <ms:100-10000>", Help: pingHelp + "Specify ping timeout|Ping timeout in milliseconds",
	Set: func(e *global, a syntax.Args) error {
		if e.It.DHCP.Ping.Timeout = a.Int("ms"); a.Int("ms") == 500 {
			e.It.DHCP.Ping.Timeout = 0
		}
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error { e.It.DHCP.Ping.Timeout = 0; return nil },
	Show:  func(e *global) []string { return editor.Number("ip dhcp ping timeout", e.It.DHCP.Ping.Timeout) },
	Usual: func(*global) []string { return []string{"ip dhcp ping timeout 500"} },
}

var excludedRow = editor.Row[iosconfig.Config]{
	Syntax: "ip dhcp excluded-address <first:ip> [<last:ip>]",
	Help:   "Global IP configuration subcommands|Configure DHCP server and relay parameters|Prevent DHCP from assigning certain addresses|Low IP address|High IP address",
	Set: func(e *global, a syntax.Args) error {
		r := rangeArg(a)
		if r.Last.Less(r.First) {
			return syntax.Refuse("%% Invalid address range.")
		}
		e.It.DHCP.Excluded.Put(r.String(), &r)
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		r := rangeArg(a)
		if e.It.DHCP.Excluded.Get(r.String()) == nil {
			return syntax.Refuse("%% Range [%v, %v] is not in the database.", r.First, r.Last)
		}
		e.It.DHCP.Excluded.Remove(r.String())
		return nil
	},
	Show: func(e *global) (lines []string) {
		for r := range e.It.DHCP.Excluded.All() {
			lines = append(lines, "ip dhcp excluded-address "+r.String())
		}
		return lines
	},
}

func rangeArg(a syntax.Args) iosconfig.DHCPRange {
	r := iosconfig.DHCPRange{First: a.Addr("first"), Last: a.Addr("first")}
	if a.Given("last") {
		r.Last = a.Addr("last")
	}
	return r
}

var poolSection = editor.Section[iosconfig.Config, iosconfig.DHCPPool]{
	Syntax: "ip dhcp pool <name:word>",
	Help:   "||Configure DHCP address pools|Pool name",
	Mode:   poolMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.DHCPPool] { return &c.DHCP.Pools },
	NameOf: func(p *iosconfig.DHCPPool) string { return p.Name },
	Head:   func(p *iosconfig.DHCPPool) string { return "ip dhcp pool " + p.Name },
}

var poolMode = editor.NewMode(editor.Mode[iosconfig.DHCPPool]{
	Name: "dhcp-config", Title: "DHCP pool configuration commands:", Kind: iosconfig.KindDHCPPool,
	New: func(_ iosconfig.Generation, name string) *iosconfig.DHCPPool {
		return &iosconfig.DHCPPool{Name: name}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.DHCPPool { return c.DHCP.Pools.Get(path[0]) },
	Put: func(c *iosconfig.Config, path []string, p *iosconfig.DHCPPool) { c.DHCP.Pools.Put(path[0], p) },
}, []editor.Row[iosconfig.DHCPPool]{
	netRow("network", "Network number and mask|Network number in dotted-decimal notation", func(p *iosconfig.DHCPPool) *netip.Prefix { return &p.Network }),
	netRow("host", "Client IP address and mask|IP address in dotted-decimal notation", func(p *iosconfig.DHCPPool) *netip.Prefix { return &p.Host }),
	{
		Syntax: "client-identifier / <id:word>", Help: "Client identifier|Dotted-hexadecimal string (Ex. 0122.c94d.33a1)",
		Set: func(e *pool, a syntax.Args) error {
			octets, ok := iosconfig.FromDottedHex(a.Word("id"))
			if !ok {
				return syntax.Refuse("%% A client identifier must be a dotted-hexadecimal string.")
			}
			e.It.ClientID, e.It.Hardware = iosconfig.DottedHex(octets), ""
			return nil
		},
		Clear: func(e *pool, _ syntax.Args) error { e.It.ClientID = ""; return nil },
		Show:  func(e *pool) []string { return editor.Word("client-identifier", e.It.ClientID) },
	},
	{
		Syntax: "hardware-address / <mac:word> [{ethernet|ieee802|<type:0-255>}]",
		Help:   "Client hardware address|Dotted-hexadecimal string (Ex. 22c9.4d33.a122)|Ethernet|IEEE 802|ARP hardware type",
		Set: func(e *pool, a syntax.Args) error {
			octets, ok := iosconfig.FromDottedHex(a.Word("mac"))
			if !ok || len(octets) != 6 {
				return syntax.Refuse("%% A hardware address must be a dotted-hexadecimal string.")
			}
			e.It.Hardware, e.It.ClientID = iosconfig.DottedHex(octets), ""
			return nil
		},
		Clear: func(e *pool, _ syntax.Args) error { e.It.Hardware = ""; return nil },
		Show:  func(e *pool) []string { return editor.Word("hardware-address", e.It.Hardware) },
	},
	editor.WordRow("client-name", "word", "Client name|Client name (name should not include the domain name)", func(p *iosconfig.DHCPPool) *string { return &p.ClientName }),
	editor.AddressesRow(8, "default-router", "Default routers|Router's name or IP address", func(p *iosconfig.DHCPPool) *[]netip.Addr { return &p.Routers }),
	editor.AddressesRow(8, "dns-server", "Set name server|Server's name or IP address", func(p *iosconfig.DHCPPool) *[]netip.Addr { return &p.DNS }),
	editor.WordRow("domain-name", "word", "Domain name|Domain name", func(p *iosconfig.DHCPPool) *string { return &p.Domain }),
	leaseRow,
	poolVRFRow,
}, poolTexts)

// poolVRFRow takes one word: `vrf definition` begins something else.
var poolVRFRow = editor.Refers(editor.Warns(editor.WordRow("vrf", "word", "Associate this pool with a VRF|VRF name", func(p *iosconfig.DHCPPool) *string { return &p.VRF }), nil), editor.VRF("vrf"))

// netRow is an address with its mask; without one it has that of its class.
func netRow(word, help string, field func(*iosconfig.DHCPPool) *netip.Prefix) editor.Row[iosconfig.DHCPPool] {
	return editor.Row[iosconfig.DHCPPool]{
		Syntax: word + " / <address:ip> [{<mask:mask>|<length:word>}]", Help: help + "|Network mask|Network prefix length, such as /24",
		Set: func(e *pool, a syntax.Args) error {
			p, err := netArg(a)
			if err != nil {
				return err
			}
			if word == "network" {
				p = p.Masked()
				e.It.Host, e.It.ClientID, e.It.Hardware = netip.Prefix{}, "", ""
			} else {
				e.It.Network = netip.Prefix{}
			}
			*field(e.It) = p
			return nil
		},
		Clear: func(e *pool, _ syntax.Args) error { *field(e.It) = netip.Prefix{}; return nil },
		Show: func(e *pool) []string {
			p := *field(e.It)
			return editor.When(p.IsValid(), word+" "+p.Addr().String()+" "+iosconfig.MaskOf(p))
		},
	}
}

func netArg(a syntax.Args) (netip.Prefix, error) {
	at := a.Addr("address")
	if first := at.As4()[0]; first == 0 || first == 127 || first >= 224 {
		return netip.Prefix{}, a.Invalid("address")
	}
	switch {
	case a.Given("mask"):
		return editor.NetArgs(a, "address", "mask")
	case a.Given("length"):
		p, err := netip.ParsePrefix(at.String() + a.Word("length"))
		if err != nil || p.Bits() == 0 {
			return p, a.Invalid("length")
		}
		return p, nil
	}
	bits := 24
	if first := at.As4()[0]; first < 128 {
		bits = 8
	} else if first < 192 {
		bits = 16
	}
	return netip.PrefixFrom(at, bits), nil
}

var leaseRow = editor.Row[iosconfig.DHCPPool]{
	Syntax: "lease / {infinite|<days:0-365> [<hours:0-23> [<minutes:0-59>]]}",
	Help:   "Address lease time|Infinite lease|Days|Hours|Minutes",
	Set: func(e *pool, a syntax.Args) error {
		l := iosconfig.DHCPLease{Days: a.Int("days"), Hours: a.Int("hours"), Minutes: a.Int("minutes"), Infinite: a.Has("infinite")}
		switch l {
		case iosconfig.DHCPLease{}:
			return syntax.Refuse("%% A lease of no time is not permitted.")
		case iosconfig.DHCPLease{Days: 1}:
			l = iosconfig.DHCPLease{}
		}
		e.It.Lease = l
		return nil
	},
	Clear: func(e *pool, _ syntax.Args) error { e.It.Lease = iosconfig.DHCPLease{}; return nil },
	Show: func(e *pool) []string {
		return editor.When(e.It.Lease != iosconfig.DHCPLease{}, "lease "+e.It.Lease.String())
	},
	Usual: func(*pool) []string { return []string{"lease 1"} },
}

// poolTexts are the options that nobody here asks for.
var poolTexts = editor.TextRows(func(p *iosconfig.DHCPPool) *iosconfig.Texts { return &p.Texts }, poolFamilies()...)

func poolFamilies() (list []editor.Family) {
	for item := range strings.SplitSeq("option=Raw DHCP options|netbios-name-server=NetBIOS (WINS) name servers|netbios-node-type=NetBIOS node type|next-server=Next server in boot process"+
		"|bootfile=Boot file name|import=Programatically importing DHCP option parameters|remember=Remember released bindings|update=Dynamic updates"+
		"|utilization=Configure various utilization parameters|origin=Configure the origin of the pool|class=Specify a DHCP class|relay=Function as a DHCP relay|accounting=Send Accounting Start/Stop messages|override=Override default parameters|subnet=Subnet allocation commands|address=Configure a reserved address|reserved-only=Only assign reserved addresses", "|") {
		word, help, _ := strings.Cut(item, "=")
		list = append(list, editor.Family{Words: word, Help: cmp.Or(help, word)})
	}
	return list
}
