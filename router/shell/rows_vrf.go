package shell

import (
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

const (
	pingVRFHelp  = "Send echo messages|Select VPN routing instance|VPN routing instance name"
	traceVRFHelp = "Trace route to destination|Select VPN routing instance|VPN routing instance name"
	routeVRFHelp = "|||Display routes from a VPN Routing/Forwarding instance|VPN Routing/Forwarding instance name"
	vrfNameHelp  = "VPN Routing/Forwarding instance name"
)

// vrfRows are the commands about a VRF.
var vrfRows = []syntax.Command[exec]{
	{Syntax: "show ip route vrf <vrf:word> [{connected|static}]", Help: routeVRFHelp + "|Connected|Static routes", Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.RoutesOf(x.d.Routes(a.Word("vrf")), routeCodes(a)).In(a.Word("vrf")), hasTable(x, a)
	})},
	{Syntax: "show ip route vrf <vrf:word> summary", Help: "|||||Summary of all routes", Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.RouteSummaryOf(x.d.Routes(a.Word("vrf"))), hasTable(x, a)
	})},
	{Syntax: "show ip route vrf <vrf:word> <to:ip>", Help: "|||||Network to display information about or hostname", Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.RouteTo(show.RoutesAt(x.d, a.Word("vrf"), a.Addr("to")), a.Addr("to")).In(a.Word("vrf")), hasTable(x, a)
	})},
	{Syntax: "show ip route vrf <vrf:word> <to:ip> <mask:mask>", Help: "||||||Network mask", Set: shows(func(x *exec, a args) (show.Screen, error) {
		net, err := editor.NetArgs(a, "to", "mask")
		if err == nil {
			err = hasTable(x, a)
		}
		if err != nil {
			return nil, err
		}
		return show.RoutesIn(show.RoutesAt(x.d, a.Word("vrf"), net.Masked().Addr()), net.Masked()).In(a.Word("vrf")), nil
	})},
	{Syntax: "show ip arp vrf <vrf:word>", Help: "|IP information|IP ARP table|VPN Routing/Forwarding instance|" + vrfNameHelp, Set: shows(neighboursInVRF)},
	{Syntax: "show arp vrf <vrf:word>", Help: "|ARP table|VPN Routing/Forwarding instance|" + vrfNameHelp, Set: shows(neighboursInVRF)},
	{Syntax: "show ip interface brief vrf <vrf:word>", Help: "||||Interfaces of a VPN Routing/Forwarding instance|" + vrfNameHelp, Set: shows(briefInVRF)},
	{Syntax: "show vrf [<name:word>]", Help: "|VPN Routing/Forwarding instance information|" + vrfNameHelp, Set: vrfScreen(func(v show.VRFs) show.Screen { return v })},
	{Syntax: "show vrf detail [<name:word>]", Help: "||Detailed information|" + vrfNameHelp, Set: vrfScreen(func(v show.VRFs) show.Screen { return show.VRFDetails(v) })},
	{Syntax: "show ip vrf [<name:word>]", Help: "||VPN Routing/Forwarding instance information|" + vrfNameHelp, Set: vrfScreen(func(v show.VRFs) show.Screen { return show.OldVRFs(v) })},
	{Syntax: "show ip vrf detail [<name:word>]", Help: "|||Detailed information|" + vrfNameHelp, Set: vrfScreen(func(v show.VRFs) show.Screen { return show.VRFDetails(v) })},
	{Syntax: "show ip vrf interfaces [<name:word>]", Help: "|||Interfaces|" + vrfNameHelp, Set: shows(func(x *exec, a args) (show.Screen, error) {
		return show.VRFInterfacesOf(x.d, a.Word("name")), knowsVRF(x, a.Word("name"))
	})},
	{Syntax: "ping vrf <vrf:word> [ip] {<to:ip>|<host:word>} " + pingSyntax, Help: pingVRFHelp + "|IP echo|Ping destination address|Ping destination hostname|" + pingHelp, Set: startPing},
	{Syntax: "ping vrf <vrf:word> ipv6 {<to:ip6>|<host:word>} " + ping6Syntax, Help: "|||IPv6 echo|Ping destination address|Ping destination hostname|" + ping6Help, Set: startPing},
	{Syntax: "traceroute vrf <vrf:word> ipv6 {<to:ip6>|<host:word>} " + trace6Syntax, Help: "|||IPv6 Trace|Trace route to destination address|Trace route to destination hostname|" + traceHelp, Set: startTrace},
	{Syntax: "ping vrf <vrf:word>", Help: pingVRFHelp, Set: pingDialogueIn},
	{Syntax: "traceroute vrf <vrf:word> [ip] {<to:ip>|<host:word>} " + traceSyntax, Help: traceVRFHelp + "|IP Trace|Trace route to destination address|Trace route to destination hostname|" + traceHelp, Set: startTrace},
	{Syntax: "traceroute vrf <vrf:word>", Help: traceVRFHelp, Set: traceDialogueIn},
}

// knowsVRF says why a VRF cannot be spoken of: there is none of its name.
func knowsVRF(x *exec, name string) error {
	if name != "" && !isVRF(x, name) {
		return syntax.Refuse("%% VRF %s does not exist", name)
	}
	return nil
}

func isVRF(x *exec, name string) bool { return x.d.Running().VRFs.Get(name) != nil }

// hasTable is knowsVRF in the words of `show ip route`.
func hasTable(x *exec, a args) error {
	if !isVRF(x, a.Word("vrf")) {
		return syntax.Refuse("%% IP routing table vrf %s does not exist", a.Word("vrf"))
	}
	return nil
}

func vrfScreen(form func(show.VRFs) show.Screen) func(*exec, args) error {
	return shows(func(x *exec, a args) (show.Screen, error) {
		return form(show.VRFsOf(x.d.Running(), a.Word("name"))), knowsVRF(x, a.Word("name"))
	})
}

func neighboursInVRF(x *exec, a args) (show.Screen, error) {
	return show.NeighboursOf(x.d, x.now, a.Word("vrf")), knowsVRF(x, a.Word("vrf"))
}

func briefInVRF(x *exec, a args) (show.Screen, error) {
	return show.InterfaceBriefOf(show.InterfacesIn(x.d, a.Word("vrf")), savedConfig(x)), knowsVRF(x, a.Word("vrf"))
}

func pingDialogueIn(x *exec, a args) error {
	if err := knowsVRF(x, a.Word("vrf")); err != nil {
		return err
	}
	pingIn(x, a.Word("vrf"))
	return nil
}

func traceDialogueIn(x *exec, a args) error {
	if err := knowsVRF(x, a.Word("vrf")); err != nil {
		return err
	}
	traceIn(x, a.Word("vrf"))
	return nil
}
