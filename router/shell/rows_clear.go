package shell

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig/syntax"
)

// clearRows are the `clear` commands of neighbours, counters and lines.
var clearRows = []syntax.Command[exec]{
	{Syntax: "clear arp-cache", Help: "|Clear the entire ARP cache", Set: clearNeighbours},
	{Syntax: "clear ip access-list counters [<name:word>]", Help: "||Clear access-list statistical information|Clear access list counters|Access list name or number",
		Set: func(x *exec, a args) error { x.d.ClearMatches(a.Word("name"), false); return nil }},
	{Syntax: "clear line <number:0-999>", Help: "|Reset a terminal line|Line number",
		Set: func(x *exec, a args) error { return clearLine(x, a, a.Int("number")) }},
	{Syntax: "clear line console <number:0-0>", Help: "||Primary terminal line|Line number", Set: func(x *exec, a args) error { return clearLine(x, a, 0) }},
	{Syntax: "clear line vty <number:0-997>", Help: "||Virtual terminal|Line number",
		Set: func(x *exec, a args) error { return clearLine(x, a, firstVTY+a.Int("number")) }},
	{Syntax: "clear ip traffic", Help: "||Clear IP traffic statistics",
		Set: func(x *exec, _ args) error {
			x.confirm(`Clear "show ip traffic" counters [confirm]`, func(x *exec) { x.d.ClearTraffic(false) })
			return nil
		}},
	{Syntax: "clear ipv6 access-list [<name:word>]", Help: "|IPv6|Reset access list counters|Access-list name",
		Set: func(x *exec, a args) error { x.d.ClearMatches(a.Word("name"), true); return nil }},
	{Syntax: "clear ipv6 neighbors", Help: "||Clear IPv6 Neighbor cache entries", Set: does(func(x *exec) { x.d.ForgetNeighbours() })},
	{Syntax: "clear ipv6 traffic", Help: "|IPv6|Clear traffic statistics", Set: func(x *exec, _ args) error { x.d.ClearTraffic(true); return nil }},
	{Syntax: "clear ip arp [<address:ip>]", Help: "|IP|Clear the ARP cache|IP address of ARP entry", Set: clearNeighbours},
}

// clearNeighbours has the one with an address asked for anew, or all.
func clearNeighbours(x *exec, a args) error {
	var only netip.Addr
	if a.Given("address") {
		only = a.Addr("address")
	}
	x.d.ClearNeighbours(x.now, only)
	return nil
}

// clearLine logs out who sits at a line.
func clearLine(x *exec, a args, number int) error {
	if number == x.s.number() {
		return syntax.Refuse("%% Not allowed to clear current line")
	}
	if _, exists := x.s.sh.vty(number - firstVTY); number != 0 && !exists {
		return a.Invalid("number")
	}
	x.confirm("[confirm]", func(x *exec) {
		x.line(" [OK]")
		for _, s := range slices.Collect(x.s.sh.all) {
			if s.number() == number {
				s.Close()
			}
		}
	})
	return nil
}

// number is that of a session's line.
func (s *Session) number() int {
	if s.vty < 0 {
		return 0
	}
	return firstVTY + s.vty
}
