// Package tunnel is the tunnel interfaces of a device: what carries the packets
// that leave by them.
//
//	t := tunnel.New(stack, crypto)
//	kinds["Tunnel"] = ip.Kind{Output: t.Bind}   // each tunnel interface is one
//	t.Get("Tunnel0").Set(now, tunnel.Settings{…})
//
// A VTI is an interface whose every packet the SPD entry of its name protects:
// the entry decides about the line protocol, whether routes hold, and where a
// packet is best copied to. GRE and IPIP have their place as modes and carry
// nothing yet: their line protocol stays down, and what is routed into them is
// dropped and recorded.
//
// Costs: a change at a source interface touches the tunnels that have it as
// their source, which are found by its name.
package tunnel
