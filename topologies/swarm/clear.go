package swarm

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/topologies/fault"
)

// openings are the ports at which an edit has taken protection away: by crypto maps
// what they do not protect rightly goes in clear.
type openings struct {
	open   map[door]int
	kept   map[door]bool // in the startup configuration, too: it may come again until the network heals
	closed map[door]time.Time
}

func newOpenings() *openings {
	return &openings{map[door]int{}, map[door]bool{}, map[door]time.Time{}}
}

func (o *openings) begin(d door) { o.open[d]++ }

func (o *openings) end(d door, now time.Time) {
	o.open[d]--
	o.closed[d] = now
}

// saved keeps what is open at a router.
func (o *openings) saved(node string) {
	for d, n := range o.open {
		if d.node == node && n > 0 {
			o.kept[d] = true
		}
	}
}

// heal closes all.
func (o *openings) heal(now time.Time) {
	for d := range o.kept {
		o.closed[d] = now
	}
	clear(o.kept)
}

func (o *openings) has(d door) bool { return o.open[d] > 0 || o.kept[d] }

// since says whether a port has been open at any time since then.
func (o *openings) since(d door, then time.Time) bool {
	return o.has(d) || !o.closed[d].Before(then) && !o.closed[d].IsZero()
}

// protoGRE and protoIPIP are what tunnels put around a packet before they protect
// it.
const protoGRE, protoIPIP = 47, 4

// watchClear finds packets of the inner networks that leave a router as they are,
// other than to its station. What may leave so by crypto maps must not get further:
// the other end protects it still.
func watchClear(r *run, p *fault.Packet) {
	if !p.InClear() || strings.HasSuffix(p.Port.Name(), lanPort) || strings.HasSuffix(p.Port.Name(), secondPort) {
		return
	}
	from, to := protected(p.Src), protected(p.Dst)
	at := door{p.Node, strings.TrimPrefix(p.Port.Name(), p.Node+":")}
	switch {
	case p.Protocol != protoGRE && p.Protocol != protoIPIP && !from && !to:
	case from != to && r.plan.guarded(at): // a router's own
	case from && to && r.opened.since(at, r.ledger.begun(p.Frame.Data[ethernetLen:])): // it may have waited for ARP since then
		bare(r, p)
	case from && to && r.ledger.strays(p.Frame.Data[ethernetLen:]) && aside(r.plan, at, p):
		// What another has let out goes on where nobody is to protect it: in the global table of who has his
		// networks in a VRF, and at who is not on the way of these packets.
		r.ledger.wentOn(p.Frame.Data[ethernetLen:], at.node)
		bare(r, p)
	default:
		r.violated(Protected, fmt.Sprintf("frame %d at %s, %v to %v, protocol %d", p.Frame.Number, p.Port.Name(), p.Src, p.Dst, p.Protocol))
	}
}

// bare notes a packet that goes in clear, and whether who gets it has nothing to do with it: he may lead it
// on, also into a tunnel.
func bare(r *run, p *fault.Packet) {
	to := reaches(r, [6]byte(p.Frame.Data))
	r.ledger.bare(p.Frame.Data[ethernetLen:], to, to.node != "" && !r.plan.router(numberOf(to.node)).VRF && aside(r.plan, to, p))
}

// aside says whether a packet has come to where no tunnel is to protect it.
func aside(p *Plan, at door, packet *fault.Packet) bool {
	node, from, to := numberOf(at.node), networkOf(packet.Src), networkOf(packet.Dst)
	if p.router(node).VRF {
		return true
	}
	return !slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool {
		return t.has(node) && (p.crosses(&t, node, from, to) || p.crosses(&t, node, to, from) || t.mapped() && t.port() == at.port && said(&t, node) == whole)
	})
}

// networkOf is the number of the router behind which an address is.
func networkOf(a netip.Addr) int {
	if b := a.As16(); a.Is6() {
		return int(b[7])
	}
	return int(a.As4()[2])
}

// guarded says whether a port has a crypto map.
func (p *Plan) guarded(at door) bool {
	for i := range p.Tunnels {
		if t := &p.Tunnels[i]; t.mapped() && t.port() == at.port && (nameOf(t.A) == at.node || nameOf(t.B) == at.node) {
			return true
		}
	}
	return false
}

// reaches is the port that has a hardware address.
func reaches(r *run, mac [6]byte) door {
	for i := range r.plan.Tunnels {
		t := &r.plan.Tunnels[i]
		for _, end := range []int{t.A, t.B} {
			if r.lab.Router(nameOf(end)).MAC(t.port()) == mac {
				return door{nameOf(end), t.port()}
			}
		}
	}
	return door{}
}
