package router

import (
	"net/netip"

	"ikelab/ikev2"
	"ikelab/iosconfig"
)

type args = iosconfig.Args

// shows makes a row's action of a screen that takes no arguments.
func shows(f func(*exec)) func(*exec, args) error {
	return func(x *exec, _ args) error {
		f(x)
		return nil
	}
}

// showsNamed makes a row's action of a screen that may be told a name.
func showsNamed(f func(*exec, string)) func(*exec, args) error {
	return func(x *exec, a args) error {
		f(x, a.Word("name"))
		return nil
	}
}

// showRows are the screens that both levels of EXEC have.
var showRows = []iosconfig.Command[exec]{
	{Syntax: "show version", Help: "Show running system information|System hardware and software status", Set: shows((*exec).showVersion)},
	{Syntax: "show clock", Help: "|Display the system clock", Set: shows((*exec).showClock)},
	{Syntax: "show privilege", Help: "|Show current privilege level", Set: shows((*exec).showPrivilege)},
	{Syntax: "show interfaces [<name:interface>]", Help: "|Interface status and configuration|Interface name", Set: showInterfaces},
	{Syntax: "show ip interface brief", Help: "|IP information|IP interface status and configuration|Brief summary of IP status and configuration",
		Set: shows((*exec).showIPInterfaceBrief)},
	{Syntax: "show ip route [{connected|static}]", Help: "|IP information|IP routing table|Connected|Static routes", Set: showIPRoute},
	{Syntax: "show ip arp", Help: "|IP information|IP ARP table", Set: shows((*exec).showARP)},
	{Syntax: "show arp", Help: "|ARP table", Set: shows((*exec).showARP)},
	{Syntax: "show logging", Help: "|Show the contents of logging buffers", Set: shows((*exec).showLogging)},
	{Syntax: "show debugging", Help: "|State of each debugging option", Set: shows((*exec).showDebugging)},
	{Syntax: "show terminal", Help: "|Display terminal configuration parameters", Set: shows((*exec).showTerminal)},
	{Syntax: "show crypto ikev2 sa [{local <local:ip>|remote <remote:ip>}] [detailed]",
		Help: "|Encryption module|Shows IKEv2 info|Shows ikev2 SAs|Show SAs of a local address|Local address|Show SAs of a remote address|Remote address|Detailed information",
		Set:  showIKEv2SA},
	{Syntax: "show crypto ikev2 session [detailed]", Help: "|||Shows ikev2 active session|Detailed information", Set: func(x *exec, a args) error {
		x.showIKEv2Session(a.Has("detailed"))
		return nil
	}},
	{Syntax: "show crypto ikev2 stats", Help: "|||Shows ikev2 sa stats", Set: shows((*exec).showIKEv2Stats)},
	{Syntax: "show crypto ikev2 proposal [<name:word>]", Help: "|||Show proposals|Proposal name", Set: showsNamed((*exec).showProposals)},
	{Syntax: "show crypto ikev2 policy [<name:word>]", Help: "|||Show policies|Policy name", Set: showsNamed((*exec).showPolicies)},
	{Syntax: "show crypto ikev2 profile [<name:word>]", Help: "|||Shows ikev2 profiles|Profile name", Set: showsNamed((*exec).showProfiles)},
	{Syntax: "show crypto ipsec sa [{interface <name:interface>|peer <peer:ip>}]",
		Help: "||Show IPSEC policy|IPSEC SA table|Show SAs of an interface|Interface name|Show SAs of a peer|Peer address", Set: showIPsecSA},
	{Syntax: "show crypto ipsec transform-set [<name:word>]", Help: "|||Crypto transform sets|Transform set tag", Set: showsNamed((*exec).showTransformSets)},
	{Syntax: "show crypto ipsec profile [<name:word>]", Help: "|||Show ipsec profile information|Profile name", Set: showsNamed((*exec).showIPsecProfiles)},
	{Syntax: "show crypto session [{remote <remote:ip>|interface <name:interface>}] [detail]",
		Help: "||Show crypto sessions (tunnels)|Show sessions of a remote address|Remote address|Show sessions of an interface|Interface name|Detailed information",
		Set:  showCryptoSession},
}

// configurationRows are the screens of privileged EXEC.
var configurationRows = []iosconfig.Command[exec]{
	{Syntax: "show running-config [interface <name:interface>]", Help: "|Current operating configuration|Show interface configuration|Interface name",
		Set: func(x *exec, a args) error {
			if a.Given("name") {
				x.showRunningInterface(a.Word("name"))
			} else {
				x.showRunning()
			}
			return nil
		}},
	{Syntax: "show startup-config", Help: "|Contents of startup configuration", Set: shows((*exec).showStartup)},
}

func showInterfaces(x *exec, a args) error {
	if name := a.Word("name"); name != "" && !x.r.hasInterface(name) {
		return a.Invalid("name")
	}
	x.showInterfaces(a.Word("name"))
	return nil
}

func showIPRoute(x *exec, a args) error {
	switch {
	case a.Has("connected"):
		x.showIPRoute("LC")
	case a.Has("static"):
		x.showIPRoute("S")
	default:
		x.showIPRoute("")
	}
	return nil
}

// atAddresses keeps the SAs at the addresses that were given.
func atAddresses(a args) func(ikev2.SAInfo) bool {
	fits := func(name string, addr netip.Addr) bool { return !a.Given(name) || a.Addr(name) == addr }
	return func(sa ikev2.SAInfo) bool { return fits("local", sa.Local.Addr()) && fits("remote", sa.Remote.Addr()) }
}

func showIKEv2SA(x *exec, a args) error {
	list := x.ikeSAs(atAddresses(a))
	if a.Has("detailed") {
		x.showIKEv2SADetailed(list)
	} else {
		x.showIKEv2SA(list)
	}
	return nil
}

// ofTunnel keeps the tunnels that an interface or peer argument names.
func ofTunnel(a args, peer string) func(tunnelView) bool {
	return func(t tunnelView) bool {
		return (!a.Given("name") || a.Word("name") == t.Config.Name()) && (!a.Given(peer) || a.Addr(peer) == t.Remote)
	}
}

func showIPsecSA(x *exec, a args) error {
	x.showIPsecSA(ofTunnel(a, "peer"))
	return nil
}

func showCryptoSession(x *exec, a args) error {
	x.showCryptoSession(a.Has("detail"), ofTunnel(a, "remote"))
	return nil
}

func (x *exec) showPrivilege() {
	level := 1
	if x.s.privileged {
		level = 15
	}
	x.linef("Current privilege level is %d", level)
}

func (x *exec) showTerminal() {
	x.linef("Line 0, Location: \"\", Type: \"\"")
	x.linef("Length: %d lines, Width: %d columns", x.s.length, x.s.width)
}

// hasInterface says whether an interface is configured or a port of this
// router.
func (r *Router) hasInterface(name string) bool {
	for _, v := range r.ifaceViews() {
		if v.Config.Name() == name {
			return true
		}
	}
	return false
}
