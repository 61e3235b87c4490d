// Package tunnel is the tunnel interfaces of a device: what carries the packets
// that leave by them.
//
//	t := tunnel.New(tunnel.Options{…})
//	kinds["Tunnel"] = ip.Kind{Output: t.Bind}   // each tunnel interface is one
//	t.Get("Tunnel0").Set(now, tunnel.Settings{…})
//
// A VTI is an interface whose every packet the SPD entry of its name protects:
// the entry decides about the line protocol, whether routes hold, and where a
// packet is best copied to.
//
// GRE (gre.go: RFC 2784, 2890) and IPIP (RFC 2003) put a packet into one of their
// own between the tunnel's ends (carry.go). In clear that leaves by a port or
// another tunnel (way.go), as an ip.Underlay says. Protected it goes to the SPD entry, whose selectors are the two ends and
// the protocol, and which uses transport mode where both ends want it; what the
// entry decrypts comes back to be unpacked, and what comes in clear is refused.
// Keepalives (alive.go) are IOS's.
//
// Costs: a change at a source interface touches the tunnels that have it as
// their source, which are found by its name.
package tunnel
