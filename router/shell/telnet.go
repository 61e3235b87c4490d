package shell

import (
	"net/netip"
	"slices"
)

// A word that is no command is a host to log into.

// translate answers one. There is no name server in a lab, and nothing to log
// into by telnet.
func (x *exec) translate(word string) {
	if a, ok := x.host(word); ok {
		x.linef("Trying %v ... ", a).line("% telnet is not simulated: no connection was opened")
		return
	}
	if !slices.Contains(x.d.Running().Texts.Lines("ip domain lookup"), "no ip domain lookup") {
		x.linef("Translating %q...domain server (255.255.255.255)", word)
	}
	x.line("% Unknown command or computer name, or unable to find computer address")
}

// host is the address of a host: itself, or what `ip host` says.
func (x *exec) host(word string) (netip.Addr, bool) { return x.d.Running().Host(word) }
