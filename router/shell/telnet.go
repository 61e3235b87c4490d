package shell

import (
	"net/netip"
	"slices"
	"strings"
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
func (x *exec) host(word string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(word); err == nil && a.Is4() {
		return a, true
	}
	for _, l := range x.d.Running().Texts.Lines("ip host") {
		f := strings.Fields(l)
		if len(f) < 4 || f[0] != "ip" || f[1] != "host" || !strings.EqualFold(f[2], word) {
			continue
		}
		if a, err := netip.ParseAddr(f[3]); err == nil {
			return a, true
		}
	}
	return netip.Addr{}, false
}
