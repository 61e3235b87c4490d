package swarm

import (
	"fmt"
	"slices"
)

// Check refuses a plan, such as one that was written by hand, that cannot be carried
// out.
func (p *Plan) Check() error {
	for _, r := range p.Routers {
		if r.Number < 1 || r.Number > numbers {
			return fmt.Errorf("swarm: a router has the number %d", r.Number)
		}
	}
	for _, t := range p.Tunnels {
		if t.Number < 1 || t.Number > numbers || t.A == t.B || p.router(t.A) == nil || p.router(t.B) == nil {
			return fmt.Errorf("swarm: tunnel %d is not between two of the routers", t.Number)
		}
		if two := second(p); t.Second != ((p.router(t.A).Like != 0) != (p.router(t.B).Like != 0)) || two != nil && t.Second && t.Number != two.Number {
			return fmt.Errorf("swarm: tunnel %d is not the second customer's alone", t.Number)
		}
		if t.Inside != 0 && (!t.has(t.Inside) || t.Shared || t.Mode != "" && !t.Transport) {
			return fmt.Errorf("swarm: tunnel %d cannot lead through a NAT gateway", t.Number)
		}
		if p.Both && (t.Mode != "") {
			return fmt.Errorf("swarm: tunnel %d cannot carry IPv6", t.Number)
		}
		if t.Front && apart(p, &t) || t.mapped() && t.Shared && (p.router(t.A).Front && !p.router(t.A).VRF || p.router(t.B).Front && !p.router(t.B).VRF) {
			return fmt.Errorf("swarm: tunnel %d is of a crypto map in front of the global table", t.Number)
		}
		if t.Six && (t.Mode != "" || t.Inside != 0) {
			return fmt.Errorf("swarm: tunnel %d cannot lead over IPv6", t.Number)
		}
		if t.Client != 0 && (!t.has(t.Client) || t.Inside != 0 && t.Inside != t.Client || t.Mode != "" || t.Six || p.Both || p.maps() || p.onDemand() || clientOf(p, t.Client).Number != t.Number) {
			return fmt.Errorf("swarm: tunnel %d cannot be FlexVPN", t.Number)
		}
		if slices.Contains(t.Lists[:], whole) && (t.Shared || t.Split) {
			return fmt.Errorf("swarm: tunnel %d leads to one peer of several, or by one entry of several", t.Number)
		}
	}
	for _, f := range p.Flows {
		if f.Period <= 0 || p.router(f.From) == nil || p.router(f.To) == nil || f.Bytes < sixLen || f.Bytes > packetMost || !possible(p, &f) {
			return fmt.Errorf("swarm: a flow from %d to %d cannot be", f.From, f.To)
		}
	}
	return p.checkFaults()
}

func (p *Plan) checkFaults() error {
	for _, f := range p.Faults {
		if t := p.tunnel(f.Tunnel); t == nil || !t.has(f.Router) || p.router(f.Router) == nil || (f.Kind == Packet) != (f.Packet != nil) || f.Kind == Rebind && t.Inside == 0 || f.Kind == Revoke && (p.Trust == nil || p.router(f.Router).Proof.By != root) {
			return fmt.Errorf("swarm: a fault (%s) at router %d, tunnel %d, cannot be", f.Kind, f.Router, f.Tunnel)
		}
		for _, also := range f.Also {
			if p.router(also.Router) == nil {
				return fmt.Errorf("swarm: a fault (%s) needs a router %d", f.Kind, also.Router)
			}
		}
	}
	return nil
}

const (
	numbers    = 99   // of routers and tunnels, at most
	packetMost = 1500 // octets
)
