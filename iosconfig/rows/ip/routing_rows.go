package ip

import (
	"net/netip"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Routing protocols are kept as text and carry no routes here, which is said
// with the networks that neighbours will lack.

var (
	routerWords = editor.Words("network=Enable routing on an IP network|neighbor=Specify a neighbor router|redistribute=Redistribute information from another routing protocol" +
		"|passive-interface=Suppress routing updates on an interface|default-information=Control distribution of default information|distance=Define an administrative distance" +
		"|maximum-paths=Forward packets over multiple paths|auto-summary=Enable automatic network number summarization|synchronization=Perform IGP synchronization|timers=Adjust routing timers" +
		"|distribute-list=Filter networks in routing updates|default-metric=Set metric of redistributed routes|summary-address=Configure IP address summaries|area=OSPF area parameters" +
		"|router-id=router-id for this process|log-adjacency-changes=Log changes in adjacency state|auto-cost=Calculate interface cost according to bandwidth|eigrp=EIGRP specific commands" +
		"|metric=Modify metrics and parameters for advertisement|variance=Control load balancing variance|traffic-share=How to compute traffic share|offset-list=Add or subtract offset" +
		"|version=Set routing protocol version|aggregate-address=Configure BGP aggregate entries|table-map=Map external entry attributes|bfd=BFD configuration commands|shutdown=Shutdown this instance" +
		"|max-metric=Set maximum metric|ispf=Enable incremental SPF computation|prefix-suppression=Enable prefix suppression|nsf=Non-stop forwarding|capability=Enable specific feature|bgp=BGP specific commands" +
		"|template=Enter template command mode|exit-peer-policy=Leave|exit-peer-session=Leave|net=Network Entity Title|is-type=IS Level|metric-style=Use old-style or new-style TLVs|advertise=Advertise|compatible=OSPF compatibility list" +
		"|exit-address-family=Exit from Address Family configuration mode|exit-service-family=Exit from Service Family configuration mode|exit-af-interface=Exit from Address Family Interface configuration mode" +
		"|exit-af-topology=Exit from Address Family Topology configuration mode|remote-neighbors=Specify IP service family remote neighbors|hello-interval=Configures hello interval|hold-time=Configures hold time" +
		"|authentication=authentication subcommands|split-horizon=Perform split horizon|bandwidth-percent=Set percentage of bandwidth percentage limit|next-hop-self=Configures next-hop-self|add-paths=Advertise add paths")
	interfaceFamilyMode = editor.TextMode("config-router-af-interface", "Address Family Interfaces configuration commands:", routerWords)
	topologyMode        = editor.TextMode("config-router-af-topology", "Address Family Topology configuration commands:", routerWords)
	familyMode          = editor.TextMode("config-router-af", "Router Address Family configuration commands:", routerWords, []editor.Below{
		{Word: "af-interface", Help: "Enter Address Family interface configuration", Enters: interfaceFamilyMode},
		{Word: "topology", Help: "Topology configuration mode", Enters: topologyMode},
	})
	routerMode = editor.TextMode("config-router", "Router configuration commands:", routerWords, []editor.Below{
		{Word: "address-family", Help: "Enter Address Family command mode", Enters: familyMode},
		{Word: "service-family", Help: "Enter Service Family command mode", Enters: familyMode},
	})
	routeMapMode = editor.TextMode("config-route-map", "Route Map configuration commands:", []editor.Below{
		{Word: "match", Help: "Match values from routing table", Refers: []editor.Reference{editor.AccessList("address"), editor.Text("prefix-list", "Prefix list", "ip prefix-list")}},
	}, editor.Words("set=Set values in destination routing protocol|description=Route-map comment|continue=Continue on a different entry within the route-map"))
)

// routingRows stand behind the interfaces.
var routingRows = editor.GlobalTexts(
	editor.Family{Words: "router eigrp", Help: "Enable a routing process|Enhanced Interior Gateway Routing Protocol (EIGRP)", Rest: "needed", Enters: routerMode, Says: saysRouter},
	editor.Family{Words: "router ospf", Help: "Open Shortest Path First (OSPF)", Rest: "needed", Enters: routerMode, Says: saysRouter},
	editor.Family{Words: "router ospfv3", Help: "OSPFv3", Rest: "needed", Enters: routerMode, Says: saysRouter},
	editor.Family{Words: "router isis", Help: "ISO IS-IS", Enters: routerMode, Says: saysRouter},
	editor.Family{Words: "router rip", Help: "Routing Information Protocol (RIP)", Enters: routerMode, Says: saysRouter},
	editor.Family{Words: "router bgp", Help: "Border Gateway Protocol (BGP)", Rest: "needed", Enters: routerMode, Says: saysRouter},
)

// staticTexts are static routes of other kinds.
var staticTexts = editor.GlobalTexts(
	editor.Family{Words: "ip route static", Help: "Configure static route attributes"},
)

// filterRows are what routing protocols filter by; they stand behind the routes.
var filterRows = editor.GlobalTexts(
	editor.Family{Words: "ip nat inside destination", Help: "Destination address translation", Says: saysNothing("such NAT is")},
	editor.Family{Words: "ip nat inside source static network", Help: "||||Specify static local->global mapping|Subnet translation", Says: saysNothing("such NAT is")},
	editor.Family{Words: "ip nat inside source static esp", Help: "IPSec-ESP (Tunnel mode) support", Says: saysNothing("such NAT is")},
	editor.Family{Words: "ip nat outside", Help: "Outside address translation", Says: saysNothing("such NAT is"), Refers: []editor.Reference{
		editor.RouteMap("route-map"), {After: "list", What: "Access list", Has: func(c *iosconfig.Config, name string) bool { return c.Access.Get(name) != nil }},
		{After: "pool", Says: noPool, Has: func(c *iosconfig.Config, name string) bool { return c.NAT.Pools.Get(name) != nil }},
	}},
	editor.Family{Words: "ip nat service", Help: "Special translation for application using non-standard port"},
	editor.Family{Words: "ip nat log", Help: "NAT Logging"},
	editor.Family{Words: "ip nat settings", Help: "NAT settings"},
	editor.Family{Words: "ip host", Help: "Add an entry to the ip hostname table", Rest: "needed", Key: 2, Acted: true},
	editor.Family{Words: "ip community-list", Help: "Add a community list entry"},
	editor.Family{Words: "ip extcommunity-list", Help: "Add a extended community list entry"},
	editor.Family{Words: "ip as-path", Help: "BGP autonomous system path filter"},
	editor.Family{Words: "ip bgp-community", Help: "Format for BGP community"},
	editor.Family{Words: "ip prefix-list", Help: "Build a prefix list"},
	editor.Family{Words: "ip radius", Help: "RADIUS configuration commands"},
	editor.Family{Words: "ip tacacs", Help: "TACACS configuration commands"},
	editor.Family{Words: "ip pim", Help: "PIM global commands"},
	editor.Family{Words: "ip igmp", Help: "IGMP global configuration"},
	editor.Family{Words: "ip local policy", Help: "Enable policy routing", Says: saysNothing("local policies are")},
	editor.Family{Words: "ip default-gateway", Help: "Specify default gateway (if not routing IP)", Key: 1},
	editor.Family{Words: "ip default-network", Help: "Flags networks as candidates for default routes"},
	editor.Family{Words: "ip forward-protocol", Help: "Controls forwarding of physical and directed IP broadcasts", On: true},
	editor.Family{Words: "ip http", Help: "HTTP server configuration"},
	editor.Family{Words: "ip classless", Help: "Follow classless routing forwarding rules", On: true},
	editor.Family{Words: "ip ftp", Help: "FTP configuration commands"},
	editor.Family{Words: "ip tftp", Help: "tftp configuration commands"},
	editor.Family{Words: "ip rcmd", Help: "Rcmd commands"},
	editor.Family{Words: "ip finger", Help: "finger server"},
	editor.Family{Words: "ip dns", Help: "Configure DNS server for a zone"},
	editor.Family{Words: "ip explicit-path", Help: "Configure explicit-path"},
	editor.Family{Words: "ip options", Help: "Options"},
	editor.Family{Words: "ip device", Help: "Device tracking"},
	editor.Family{Words: "ip access-list logging", Help: "Named access-list|Control access list logging"},
	editor.Family{Words: "ip access-list log-update", Help: "Control access list log updates"},
	editor.Family{Words: "ip flow-export", Help: "Specify host/port to send flow statistics"},
	editor.Family{Words: "ip flow-top-talkers", Help: "Netflow top talkers"},
	editor.Family{Words: "bfd-template", Help: "BFD template configuration", Enters: editor.TextMode("config-bfd", "BFD configuration commands:", editor.Words("interval=Transmit interval|authentication=Authentication|echo=Echo"))},
	editor.Family{Words: "route-map", Help: "Create route-map or enter route-map command mode", Rest: "needed", Enters: routeMapMode},
)

func saysNothing(what string) func(*iosconfig.Config, *iosconfig.Text) string {
	return func(_ *iosconfig.Config, t *iosconfig.Text) string {
		return "% " + syntax.PublicText(t.Line) + ": accepted, but " + what + " without effect here"
	}
}

// saysNothingOf is that for a line that may hold a secret: it tells its first words only.
func saysNothingOf(words, what string) func(*iosconfig.Config, *iosconfig.Text) string {
	return func(*iosconfig.Config, *iosconfig.Text) string {
		return "% " + words + ": accepted, but " + what + " without effect here"
	}
}

// saysRouter names the networks that a routing process would have announced.
func saysRouter(c *iosconfig.Config, t *iosconfig.Text) string {
	text := "% " + t.Line + ": accepted, but it carries no routes here"
	networks := announced(t)
	for i := range c.Interfaces.All() {
		networks = append(networks, joined(i, t.Line)...)
	}
	if len(networks) == 0 {
		return text
	}
	return text + ": neighbours will lack " + strings.Join(networks, ", ")
}

// announced are the networks of `network …`, in address families too.
func announced(t *iosconfig.Text) []string {
	var list []string
	for below := range t.Below.All() {
		words := strings.Fields(below.Line)
		if len(words) > 1 && words[0] == "network" {
			list = append(list, networkOf(words[1:]))
		}
		list = append(list, announced(below)...)
	}
	return list
}

// networkOf is `A`, `A WILDCARD`, or `A mask MASK`, as a prefix where it is one.
func networkOf(words []string) string {
	address, ok := syntax.Address(words[0])
	var mask netip.Addr
	switch {
	case ok && len(words) > 2 && words[1] == "mask":
		mask, ok = syntax.Address(words[2])
	case ok && len(words) > 1:
		mask, ok = syntax.Address(words[1])
		b := mask.As4()
		if ok && b[0] == 0 { // a wildcard
			mask = netip.AddrFrom4([4]byte{^b[0], ^b[1], ^b[2], ^b[3]})
		}
	default:
		ok = false
	}
	if ok {
		if p, fits := iosconfig.ParseNet(address, mask); fits {
			return p.String()
		}
	}
	return words[0]
}

// joined is the network of an interface that takes part by itself: `ip ospf 1
// area 0`.
func joined(i *iosconfig.Interface, process string) []string {
	process, ospf := strings.CutPrefix(process, "router ospf ")
	if !ospf || !i.Address.IsValid() {
		return nil
	}
	lines := i.Texts.Family("ip ospf")
	for t := range lines.All() {
		if strings.HasPrefix(t.Line, "ip ospf "+process+" area ") {
			return []string{i.Address.Masked().String()}
		}
	}
	return nil
}
