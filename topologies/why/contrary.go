package why

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// contrary says that an end's tunnel mode makes packets of one family, and its destination is an address of
// the other.
func contrary(e *end, proof Evidence) (Claim, bool) {
	for _, o := range []*end{e, e.peer} {
		if o == nil || o.tunnel == nil || !o.tunnel.Tunnel.Contrary() {
			continue
		}
		t := &o.tunnel.Tunnel
		outer, other := "4", "6"
		if t.Over6() {
			outer, other = other, outer
		}
		return Claim{
			Key: "tunnel.mode", Evidence: []Evidence{proof}, Lines: o.lines(o.head(), "", "tunnel mode", "tunnel destination"),
			Say:  phrase.Of("why.tunnel.contrary", "node", o.name(), "interface", o.tunnel.Name(), "mode", t.Mode, "outer", outer, "destination", t.Destination, "other", other),
			Mend: []Line{o.typed(o.head(), "tunnel mode "+otherFamily(t))},
		}, true
	}
	return Claim{}, false
}

// otherFamily is the mode that carries the same over the other family.
func otherFamily(t *iosconfig.TunnelConfig) string {
	outer, inner := "ipsec ipv6", "v4-overlay"
	if t.Over6() {
		outer, inner = "ipsec ipv4", "v6-overlay"
	}
	if _, six := t.Carries(); six == strings.HasPrefix(inner, "v6") {
		return outer + " " + inner
	}
	return outer
}
