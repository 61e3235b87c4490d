package shell

import (
	"cmp"
	"net/netip"
	"strconv"

	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
	"ikelab/router/debug"
	"ikelab/router/show"
	"ikelab/router/words"
)

// debugRows are `debug` and the two ways to end it.
var debugRows = append(append(
	debugForms("debug", "Debugging functions (see also 'undebug')", true),
	debugForms("undebug", "Disable debugging functions (see also 'debug')", false)...),
	debugForms("no debug", "Disable debugging functions|Debugging functions (see also 'undebug')", false)...)

// debugForms are the rows of one of them.
func debugForms(verb, help string, on bool) []syntax.Command[exec] {
	row := func(form, help string, set func(x *exec, a args, on bool) error) syntax.Command[exec] {
		return syntax.Command[exec]{Syntax: verb + " " + form, Help: help, Set: func(x *exec, a args) error { return set(x, a, on) }}
	}
	return []syntax.Command[exec]{
		row("crypto {ipsec|isakmp|engine|socket|kmi|ikev2 [which={packet|internal|error}]}",
			help+"|Cryptographic subsystem|IPSEC processing|Crypto ISAKMP debug|Crypto Engine Debug|Crypto Secure Socket Debug|Crypto Key Management Interface debug|"+
				"IKEv2 debugging|IKEv2 Packet debugging|IKEv2 Internal debugging|IKEv2 Error debugging", setDebug),
		row("all", help+"|Enable all debugging", setAll),
		row("arp", help+"|IP ARP and HP Probe transactions", setTopic),
		row("ip {icmp|routing}", help+"|IP information|ICMP transactions|Routing table events", setTopic),
		row("ipv6 {icmp|nd|packet}", help+"|IPv6 information|ICMPv6 debugging|IPv6 Neighbor Discovery debugging|IPv6 packet debugging", setTopic),
		row("ip nat [detailed]", help+"|IP information|NAT events|NAT detailed events", setTopic),
		row("ip dhcp server {events|packet}", help+"||Dynamic Host Configuration Protocol|DHCP server debugging|Report address assignments, lease expirations, etc.|Decode message receptions and transmissions", setTopic),
		row("track", help+"|Object tracking", setTopic),
		row("ntp {packet|events|all}", help+"|NTP information|NTP packets|NTP events|NTP all debugging on", setTime),
		row("standby [{errors|events|packets}]", help+"|Hot Standby Router Protocol (HSRP)|HSRP errors|HSRP events|HSRP packets", setStandby),
		row("dhcp", help+"|DHCP client activities", setTopic),
		row("ip packet [{detail|<list:1-2699>}...]", help+"|IP information|General IP debugging and IPSO security transactions|Print more debugging detail|Access list", setPackets),
		row("crypto condition {peer ipv4 <peer:ip>|peer subnet <net:ip> <mask:mask>|local ipv4 <local:ip>|fvrf <fvrf:word>|ivrf <ivrf:word>}",
			help+"|Cryptographic subsystem|Define debug condition filters|Peer|IPv4 address|IP address|Peer|Subnet of peers|Network|Mask|Local address|IPv4 address|IP address|Front-door VRF|VRF name|Inside VRF|VRF name", setCondition),
		row("crypto condition unmatched [which={engine|ike|ipsec}]",
			help+"||Define debug condition filters|Output debugs even if no context available|Output engine debugs|Output IKE debugs|Output IPsec debugs", setUnmatched),
		row("crypto condition reset", help+"||Define debug condition filters|Delete all debug filters and turn off conditional debug",
			func(x *exec, _ args, _ bool) error { x.s.sh.conditions = nil; return nil }),
	}
}

// setDebug turns a debug of IKE and IPsec on or off and says so.
func setDebug(x *exec, a args, on bool) error {
	d := &x.s.sh.switches
	state := "off"
	if on {
		state = "on"
	}
	for word, t := range map[string]debug.Topic{"isakmp": debug.ISAKMP, "engine": debug.CryptoEngine, "socket": debug.CryptoSocket, "kmi": debug.CryptoKMI} {
		if a.Has(word) {
			d.Set(t, on)
			x.line(d.Says(t))
			return nil
		}
	}
	if a.Has("ipsec") {
		d.IPsec = on
		x.linef("Crypto IPSEC debugging is %s", state)
		return nil
	}
	which := cmp.Or(a.Word("which"), "default")
	d.SetIKEv2(which, on)
	x.linef("IKEv2 %s debugging is %s", which, state)
	return nil
}

// setAll asks before it turns everything on, as IOS does: no is the default.
func setAll(x *exec, _ args, on bool) error {
	if !on {
		x.s.sh.switches = debug.Switches{}
		x.line("All possible debugging has been turned off")
		return nil
	}
	x.ask("This may severely impact network performance. Continue? (yes/[no]): ", func(x *exec, text string) {
		if isPrefix(text, "yes") {
			x.s.sh.switches.All()
			x.line("All possible debugging has been turned on")
		}
	})
	return nil
}

func setTopic(x *exec, a args, on bool) error {
	t := debug.ARP
	switch {
	case a.Has("ipv6") && a.Has("icmp"):
		t = debug.IPv6ICMP
	case a.Has("nd"):
		t = debug.IPv6ND
	case a.Has("ipv6"):
		t = debug.IPv6Packet
	case a.Has("nat"):
		if t = debug.IPNAT; a.Has("detailed") {
			t = debug.IPNATDetailed
		}
	case a.Has("events"):
		t = debug.DHCPServerEvents
	case a.Has("packet"):
		t = debug.DHCPServerPackets
	case a.Has("dhcp"):
		t = debug.DHCPClient
	case a.Has("track"):
		t = debug.Tracking
	case a.Has("icmp"):
		t = debug.ICMP
	case a.Has("routing"):
		t = debug.IPRouting
	}
	x.s.sh.switches.Set(t, on)
	x.line(x.s.sh.switches.Says(t))
	return nil
}

// setTime is `debug ntp`.
func setTime(x *exec, a args, on bool) error {
	for word, t := range map[string]debug.Topic{"packet": debug.NTPPackets, "events": debug.NTPEvents} {
		if a.Has(word) {
			x.s.sh.switches.Set(t, on)
			x.line(x.s.sh.switches.Says(t))
		}
	}
	if a.Has("all") {
		for _, t := range []debug.Topic{debug.NTPEvents, debug.NTPPackets} {
			x.s.sh.switches.Set(t, on)
			x.line(x.s.sh.switches.Says(t))
		}
	}
	return nil
}

// setPackets is `debug ip packet`, whose last form counts.
func setPackets(x *exec, a args, on bool) error {
	d := &x.s.sh.switches
	d.Set(debug.IPPacket, on)
	d.Detailed, d.List = on && a.Has("detail"), ""
	if on && a.Given("list") {
		d.List = strconv.Itoa(a.Int("list"))
	}
	x.line(d.Says(debug.IPPacket))
	return nil
}

// conditions are those that the debugs of a shell have, made if need be.
func conditions(sh *Shell) *debug.Conditions {
	if sh.conditions == nil {
		sh.conditions = &debug.Conditions{}
	}
	return sh.conditions
}

// setCondition adds a condition, or takes it away.
func setCondition(x *exec, a args, on bool) error {
	c := conditions(x.s.sh)
	switch {
	case a.Given("peer"):
		set(&c.Peers, netip.PrefixFrom(a.Addr("peer"), a.Addr("peer").BitLen()), on)
	case a.Given("net"):
		net, err := editor.NetArgs(a, "net", "mask")
		if err != nil {
			return err
		}
		set(&c.Peers, net.Masked(), on)
	case a.Given("local"):
		set(&c.Locals, a.Addr("local"), on)
	case a.Given("fvrf"):
		set(&c.Fronts, a.Word("fvrf"), on)
	default:
		set(&c.Insides, a.Word("ivrf"), on)
	}
	return nil
}

// set has an element in a list or not.
func set[E comparable](list *[]E, e E, in bool) {
	kept := make([]E, 0, len(*list)+1)
	for _, o := range *list {
		if o != e {
			kept = append(kept, o)
		}
	}
	if in {
		kept = append(kept, e)
	}
	*list = kept
}

// setUnmatched is about lines of which it is not known whom they are about.
func setUnmatched(x *exec, a args, on bool) error {
	u := &conditions(x.s.sh).Unmatched
	for word, flag := range map[string]*bool{"ike": &u.IKE, "ipsec": &u.IPsec, "engine": &u.Engine} {
		if which := a.Word("which"); which == "" || which == word {
			*flag = on
		}
	}
	return nil
}

func debuggingScreen(x *exec, _ args) show.Screen {
	on := x.s.sh.switches
	s := show.Debugging{IKEv2: on.OnIKEv2(), Groups: []show.DebugGroup{}}
	for _, g := range on.Groups() {
		s.Groups = append(s.Groups, show.DebugGroup(g))
	}
	return s
}

func conditionsScreen(x *exec, _ args) show.Screen {
	c := cmp.Or(x.s.sh.conditions, &debug.Conditions{})
	s := show.DebugConditions{On: c.Any(), IKE: c.Unmatched.IKE, IPsec: c.Unmatched.IPsec, Engine: c.Unmatched.Engine, VRFs: append(append([]string{}, c.Fronts...), c.Insides...), Peers: []string{}, Subnets: []string{}, Locals: []string{}}
	for _, p := range c.Peers {
		if p.IsSingleIP() {
			s.Peers = append(s.Peers, p.Addr().String())
		} else {
			s.Subnets = append(s.Subnets, p.Addr().String()+"/"+words.Mask(p.Bits()))
		}
	}
	for _, a := range c.Locals {
		s.Locals = append(s.Locals, a.String())
	}
	return s
}
