package shell

import (
	"net/netip"

	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// dhcpShowRows and dhcpRows are those of addresses that are given.
var dhcpShowRows = []syntax.Command[exec]{
	{Syntax: "show dhcp lease [<name:interface>]", Help: "|Dynamic Host Configuration Protocol status|Show DHCP Addresses leased from a server|Interface name", Set: always(func(x *exec, a args) show.Screen {
		return show.LeasesOf(x.d.DHCP(), x.now, a.Word("name"))
	})},
	{Syntax: "show ip dhcp binding [<address:ip>]", Help: "||Show items in the DHCP database|DHCP address bindings|IP address of the binding", Set: always(func(x *exec, a args) show.Screen {
		return show.DHCPBindingsOf(x.d.DHCP(), a.Addr("address"))
	})},
	{Syntax: "show ip dhcp pool [<name:word>]", Help: "|||DHCP pools information|DHCP pool name", Set: always(func(x *exec, a args) show.Screen {
		return show.DHCPPoolsOf(x.d.DHCP(), a.Word("name"))
	})},
	{Syntax: "show ip dhcp conflict", Help: "|||DHCP address conflicts", Set: always(func(x *exec, _ args) show.Screen {
		return show.DHCPConflicts{Conflicts: x.d.DHCP().Conflicts}
	})},
}

var dhcpRows = []syntax.Command[exec]{
	{Syntax: "release dhcp <name:interface>", Help: "Release a resource|Release a DHCP lease|Interface name", Set: leaseOf(func(x *exec, name string) bool { return x.d.Release(x.now, name) })},
	{Syntax: "renew dhcp <name:interface>", Help: "Renew a resource|Renew a DHCP lease|Interface name", Set: leaseOf(func(x *exec, name string) bool { return x.d.Renew(x.now, name) })},
	{Syntax: "crypto ikev2 client flexvpn connect <name:word>", Help: "Encryption related commands|IKEv2|Client|FlexVPN|Connect|Client name", Set: dials(true)},
	{Syntax: "clear crypto ikev2 client flexvpn <name:word>", Help: "|||Client|FlexVPN|Client name", Set: dials(false)},
	{Syntax: "clear ip dhcp binding {*|<address:ip>}", Help: "||Delete items from the DHCP database|DHCP address bindings|Clear all automatic bindings|IP address of the binding",
		Set: clearsDHCP("%% Bad argument, no binding for %v", Device.ClearBinding)},
	{Syntax: "clear ip dhcp conflict {*|<address:ip>}", Help: "|||DHCP address conflicts|Clear all address conflicts|IP address of the conflict",
		Set: clearsDHCP("%% Bad argument, no conflict for %v", Device.ClearConflict)},
}

// leaseOf does something to the lease of an interface.
func leaseOf(do func(x *exec, name string) bool) func(*exec, args) error {
	return func(x *exec, a args) error {
		x.s.sh.records.Begin(x.now, 0, 0)
		if name := a.Word("name"); !show.HasInterface(x.d, name) {
			return a.Invalid("name")
		} else if !do(x, name) {
			return syntax.Refuse("%s: Interface is not configured for DHCP", name)
		}
		return nil
	}
}

// dials starts a FlexVPN client, or ends what it has.
func dials(on bool) func(*exec, args) error {
	return func(x *exec, a args) error {
		x.s.sh.records.Begin(x.now, 0, 0)
		if !x.d.Connect(x.now, a.Word("name"), on) {
			return syntax.Refuse("%% FlexVPN client %s does not exist", a.Word("name"))
		}
		return nil
	}
}

// clearsDHCP forgets one address or all of them.
func clearsDHCP(none string, do func(Device, netip.Addr) bool) func(*exec, args) error {
	return func(x *exec, a args) error {
		x.s.sh.records.Begin(x.now, 0, 0)
		if to := a.Addr("address"); !do(x.d, to) && to.IsValid() {
			return syntax.Refuse(none, to)
		}
		return nil
	}
}
