package why

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// FlexVPN clients, which say where a tunnel leads whose destination is dynamic.

// clientOf is the one of a tunnel; nil: it has none.
func clientOf(e *end) *iosconfig.FlexClient {
	if e.tunnel == nil || !e.tunnel.Tunnel.Dynamic {
		return nil
	}
	for f := range e.cfg.IKEv2.Clients.All() {
		if f.Tunnel == e.tunnel.Name() {
			return f
		}
	}
	return nil
}

func clientHead(f *iosconfig.FlexClient) string { return "crypto ikev2 client flexvpn " + f.Name }

// clientField is a field of the tunnel's client in its screen.
func clientField(e *end, path string) (string, Evidence) {
	return e.field("crypto ikev2 client flexvpn", fmt.Sprintf("clients.#(tunnel==%q)", e.tunnel.Name())+path)
}

// clientPeers are the peers of a client: the one that it has or tries, and the others.
func clientPeers(e *end, f *iosconfig.FlexClient) (list []netip.Addr) {
	now, _ := clientField(e, ".peer")
	if a, err := netip.ParseAddr(now); err == nil {
		list = append(list, a)
	}
	for _, p := range f.Peers {
		if !slices.Contains(list, p.Address) {
			list = append(list, p.Address)
		}
	}
	return list
}

// undialled says why a tunnel whose destination is dynamic leads nowhere.
func undialled(e *end, proof Evidence) (Claim, bool) {
	f := clientOf(e)
	c := Claim{Key: "path.peer", Evidence: []Evidence{proof}, Lines: e.lines(e.head(), "", "tunnel destination")}
	if f == nil {
		_, none := clientField(e, "#")
		c.Say = phrase.Of("why.path.noclient", "node", e.name(), "interface", e.tunnel.Name())
		c.Evidence = append(c.Evidence, none)
		c.Mend = []Line{e.typed("crypto ikev2 client flexvpn NAME", "client connect "+e.tunnel.Name())}
		return c, true
	}
	state, mine := clientField(e, ".state")
	c.Lines, c.Evidence = append(c.Lines, e.lines(clientHead(f), "", "peer", "connect", "client connect")...), append(c.Evidence, mine)
	with := []any{"node", e.name(), "client", f.Name}
	switch {
	case len(f.Peers) == 0:
		c.Say, c.Mend = phrase.Of("why.path.client.none", with...), []Line{e.typed(clientHead(f), "peer 1 ADDRESS")}
	case state == "CONNECT_REQUIRED" && f.Manual:
		c.Say, c.Mend = phrase.Of("why.path.client.manual", with...), []Line{{Node: e.name(), Text: "crypto ikev2 client flexvpn connect " + f.Name}}
	default:
		return c, false
	}
	return c, true
}
