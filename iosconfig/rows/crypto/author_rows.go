package crypto

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// What a peer is given that asks for configuration.

var authorizationSection = editor.Section[iosconfig.Config, iosconfig.AuthorPolicy]{
	Syntax: "crypto ikev2 authorization policy <name:word>",
	Help:   "||IKEv2 authorization|IKEv2 authorization policy|Name of IKEv2 authorization policy",
	Mode:   authorizationMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.AuthorPolicy] { return &c.IKEv2.Authorizations },
	NameOf: func(p *iosconfig.AuthorPolicy) string { return p.Name },
	Head:   func(p *iosconfig.AuthorPolicy) string { return "crypto ikev2 authorization policy " + p.Name },
	Smart:  iosconfig.Generation.DefaultAuthorization,
	Off:    func(c *iosconfig.Config) *bool { return &c.IKEv2.NoDefaults.Authorization },
}

var authorizationMode = editor.NewMode(editor.Mode[iosconfig.AuthorPolicy]{
	Name: "config-ikev2-author-policy", Title: "IKEv2 Authorization Policy commands:", Kind: iosconfig.KindAuthorization,
	New: func(_ iosconfig.Generation, name string) *iosconfig.AuthorPolicy {
		return &iosconfig.AuthorPolicy{Name: name}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.AuthorPolicy { return c.Authorization(path[0]) },
	Put: func(c *iosconfig.Config, path []string, p *iosconfig.AuthorPolicy) {
		if p.Name == iosconfig.DefaultName {
			c.IKEv2.NoDefaults.Authorization = false
			editor.PutSmart(&c.IKEv2.Authorizations, p, c.Generation.DefaultAuthorization())
			return
		}
		c.IKEv2.Authorizations.Put(p.Name, p)
	},
}, []editor.Row[iosconfig.AuthorPolicy]{
	editor.Refers(editor.WordRow("pool", "word", "Specify local address pool|Name of the address pool", func(p *iosconfig.AuthorPolicy) *string { return &p.Pool }),
		editor.Reference{After: "pool", What: "Address pool", Has: func(c *iosconfig.Config, name string) bool { return c.IKEv2.Pools.Get(name) != nil }}),
	editor.AddressesRow(2, "dns", "Specify DNS Addresses|Primary DNS|Secondary DNS", func(p *iosconfig.AuthorPolicy) *[]netip.Addr { return &p.DNS }),
	editor.AddressesRow(2, "wins", "Specify WINS Addresses|Primary WINS|Secondary WINS", func(p *iosconfig.AuthorPolicy) *[]netip.Addr { return &p.WINS }),
	{
		Syntax: "netmask / <mask:mask>", Help: "Specify netmask of the config address|Netmask",
		Set: func(e *authorPolicy, a syntax.Args) error {
			if _, ok := iosconfig.ParseNet(a.Addr("mask"), a.Addr("mask")); !ok {
				return a.Invalid("mask")
			}
			e.It.Netmask = a.Addr("mask")
			return nil
		},
		Clear: func(e *authorPolicy, _ syntax.Args) error { e.It.Netmask = netip.Addr{}; return nil },
		Show:  func(e *authorPolicy) []string { return editor.Address("netmask", e.It.Netmask) },
	},
	editor.WordRow("def-domain", "word", "Set default domain name to send to client|Domain name", func(p *iosconfig.AuthorPolicy) *string { return &p.Domain }),
	editor.Refers(setInterfaceRow, editor.AnInterface("interface")),
	editor.Refers(editor.WordRow("route set access-list", "word", "Route parameters|Set routes to send to peer|Specify the route access-list|Access list name or number", func(p *iosconfig.AuthorPolicy) *string { return &p.SetAccess }),
		editor.AccessList("access-list")),
	setRemoteRow,
	acceptRow,
}, authorTexts)

// setInterfaceRow has a peer told of the address of the tunnel, or of another interface.
var setInterfaceRow = editor.Row[iosconfig.AuthorPolicy]{
	Syntax: "route set interface / [<interface:interface>]",
	Help:   "Route parameters|Set routes to send to peer|Address of the tunnel interface|Interface name",
	Set: func(e *authorPolicy, a syntax.Args) error {
		if err := e.CheckPhysical(a, "interface"); err != nil {
			return err
		}
		switch name := a.Word("interface"); {
		case name == "":
			e.It.SetInterface = true
		case !slices.Contains(e.It.SetInterfaces, name):
			e.It.SetInterfaces = append(slices.Clone(e.It.SetInterfaces), name)
		}
		return nil
	},
	Clear: func(e *authorPolicy, a syntax.Args) error {
		if name := a.Word("interface"); name != "" {
			e.It.SetInterfaces = editor.Without(e.It.SetInterfaces, []string{name})
			return nil
		}
		e.It.SetInterface = false
		return nil
	},
	Show: func(e *authorPolicy) []string {
		lines := editor.When(e.It.SetInterface, "route set interface")
		for _, name := range e.It.SetInterfaces {
			lines = append(lines, "route set interface "+name)
		}
		if p := e.Config.Generation.DefaultAuthorization(); len(lines) == 0 && e.It.Name == p.Name && !e.It.SetInterface {
			return []string{"no route set interface"}
		}
		return lines
	},
}

// setRemoteRow has a peer told of a network.
var setRemoteRow = editor.Row[iosconfig.AuthorPolicy]{
	Syntax: "route set remote ipv4 <prefix:ip> <mask:mask>",
	Help:   "||Specify routes to be pushed to peer|IPv4 route|IP address prefix|Mask",
	Set: func(e *authorPolicy, a syntax.Args) error {
		p, err := editor.NetArgs(a, "prefix", "mask")
		if err == nil && !slices.Contains(e.It.SetRemote, p.Masked()) {
			e.It.SetRemote = append(slices.Clone(e.It.SetRemote), p.Masked())
		}
		return err
	},
	Clear: func(e *authorPolicy, a syntax.Args) error {
		p, err := editor.NetArgs(a, "prefix", "mask")
		if err == nil {
			e.It.SetRemote = editor.Without(e.It.SetRemote, []netip.Prefix{p.Masked()})
		}
		return err
	},
	Show: func(e *authorPolicy) (lines []string) {
		for _, p := range e.It.SetRemote {
			lines = append(lines, "route set remote ipv4 "+p.Addr().String()+" "+iosconfig.MaskOf(p))
		}
		return lines
	},
}

// acceptRow has routes made of what a peer tells, as they are unless it says no.
var acceptRow = editor.Row[iosconfig.AuthorPolicy]{
	Syntax: "route accept any / [tag <tag:1-497777>] [distance <distance:1-255>]",
	Help:   "|Route accept parameters|Accept all subnets from peer|Specify tag for routes to remote subnets|Tag value|Specify distance for routes to remote subnets|Distance value",
	Set: func(e *authorPolicy, a syntax.Args) error {
		e.It.AcceptOff, e.It.AcceptTag, e.It.AcceptMetric = false, a.Int("tag"), a.Int("distance")
		return nil
	},
	Clear: func(e *authorPolicy, _ syntax.Args) error {
		e.It.AcceptOff, e.It.AcceptTag, e.It.AcceptMetric = true, 0, 0
		return nil
	},
	Default: func(e *authorPolicy, _ syntax.Args) error {
		e.It.AcceptOff, e.It.AcceptTag, e.It.AcceptMetric = false, 0, 0
		return nil
	},
	Show: func(e *authorPolicy) []string {
		if e.It.AcceptOff {
			return []string{"no route accept any"}
		}
		line := "route accept any"
		if e.It.AcceptTag != 0 {
			line += fmt.Sprintf(" tag %d", e.It.AcceptTag)
		}
		if e.It.AcceptMetric != 0 {
			line += fmt.Sprintf(" distance %d", e.It.AcceptMetric)
		}
		return editor.When(line != "route accept any", line)
	},
	Usual: func(*authorPolicy) []string { return []string{"route accept any"} },
}

// authorTexts are what nobody here asks for, or needs what there is not.
var authorTexts = editor.TextRows(func(p *iosconfig.AuthorPolicy) *iosconfig.Texts { return &p.Texts }, authorFamilies()...)

func authorFamilies() (list []editor.Family) {
	for item := range strings.SplitSeq("route set local=Specify route set local parameters|route redistribute=Redistribute routes|route accept route-map=Route map|ipv6=Specify the ipv6 attributes|aaa=Specify aaa attribute list"+
		"|split-dns=Split DNS names|session-lifetime=Specify maximum session lifetime|dhcp=Specify DHCP server for config address|banner=Specify mode config banner|include-local-lan=Enable Local LAN Access with no split tunnel"+
		"|backup-gateway=Specify backup gateway|pfs=The client should propose PFS|smartcard-removal-disconnect=Enables smartcard-removal-disconnect|configuration=Push configuration to the client|subnet-acl=Access-list|ipsec=Specify ipsec parameters|keepalive=Keepalive", "|") {
		words, help, _ := strings.Cut(item, "=")
		what := words
		list = append(list, editor.Family{Words: words, Help: help, Says: func(_ *iosconfig.Config, t *iosconfig.Text) string {
			return "% crypto ikev2 authorization policy: " + what + ": accepted, but without effect here"
		}})
	}
	return list
}
