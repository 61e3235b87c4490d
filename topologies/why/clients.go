package why

import (
	"ikelab/topologies/phrase"
)

// FlexVPN clients, which say where a tunnel leads whose destination is dynamic.

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
