package router

import "ikelab/ipsec"

// tunnelViews are the protected tunnels in the order of their interfaces.
func (r *Router) tunnelViews() []tunnelView {
	list := make([]tunnelView, 0, len(r.tunnels))
	for _, t := range r.tunnels {
		v := tunnelView{
			Config: t.iface.config, Source: t.iface.config.Tunnel.SourceInterface, PathMTU: t.outerMTU(r),
			Encaps: t.count.encaps, Decaps: t.count.decaps, SendErrors: t.count.sendErrors, RecvErrors: t.count.recvErrors,
			UpSince: t.since, Remote: t.iface.config.Tunnel.Destination,
		}
		if t.local != 0 {
			v.Local = t.local.addr()
		}
		if e := r.fib.lookup(t.remote); t.remote != 0 && e.out != nil {
			v.Source = e.out.name
		}
		if t.sending != nil {
			v.Sending = t.sending.child.Out.SPI
		}
		for _, p := range t.pairs {
			v.Pairs = append(v.Pairs, p.view())
		}
		list = append(list, v)
	}
	return list
}

func (p *saPair) view() saView {
	return saView{
		Tunnel: p.child.Entry, In: p.child.In, Out: p.child.Out, PFS: p.child.PFS, InID: p.inID, OutID: p.outID,
		Expires: p.child.Expires, KilobytesIn: left(p.hard, p.received), KilobytesOut: left(p.hard, p.sent),
	}
}

// left is what remains of a limit, in kilobytes.
func left(limit, used uint64) uint64 {
	if used > limit {
		return 0
	}
	return (limit - used) / kilobyte
}

// saViews are all pairs of ESP SAs, tunnel by tunnel.
func (r *Router) saViews() []saView {
	var list []saView
	for _, t := range r.tunnels {
		for _, p := range t.pairs {
			list = append(list, p.view())
		}
	}
	return list
}

// clearSACounters is `clear crypto sa counters`.
func (r *Router) clearSACounters() {
	for _, t := range r.tunnels {
		t.count = tunnelCounters{}
	}
}

// connection is the id of an SA that is installed, by the SPI of either
// direction; 0 when there is none.
func (r *Router) connection(spi ipsec.SPI) int {
	for _, t := range r.tunnels {
		for _, p := range t.pairs {
			switch spi {
			case p.child.In.SPI:
				return p.inID
			case p.child.Out.SPI:
				return p.outID
			}
		}
	}
	return 0
}
