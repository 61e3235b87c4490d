package crypto

import "ikelab/ipsec/spd"

// State is a snapshot for the screens.
func (e *Entry) State() FlowState {
	s := FlowState{
		Interface: e.iface.Name, Local: e.settings.Local, Remote: e.settings.Remote, PathMTU: e.PathMTU(),
		Encaps: e.count.Encaps, Decaps: e.count.Decaps, SendErrors: e.count.SendErrors, RecvErrors: e.count.RecvErrors, UpSince: e.since, Pairs: []Pair{},
	}
	if to := e.c.stack.Table.Lookup(e.settings.Remote); to.Out != nil {
		s.OutInterface = to.Out.Name
	}
	if len(e.sending) > 0 {
		s.Sending = e.sending[0].Out.SPI
	}
	for _, p := range e.pairs {
		s.Pairs = append(s.Pairs, p.state())
	}
	return s
}

func (p *pair) state() Pair {
	return Pair{
		In:    SAState{SPI: p.In.SPI, ConnID: p.inID, Encr: p.Encr, Integ: p.Integ, Window: p.window, Kilobytes: left(p.hard, p.received)},
		Out:   SAState{SPI: p.Out.SPI, ConnID: p.outID, Encr: p.Encr, Integ: p.Integ, Window: p.window, Kilobytes: left(p.hard, p.sent)},
		Local: selectorsOf(p.Local), Remote: selectorsOf(p.Remote), PFS: p.PFS, Expires: p.Expires,
	}
}

// left is what remains of a limit, in kilobytes.
func left(limit, used uint64) uint64 {
	if used > limit {
		return 0
	}
	return (limit - used) / kilobyte
}

func selectorsOf(list []spd.Selector) []Selector {
	out := make([]Selector, 0, len(list))
	for _, s := range list {
		out = append(out, selectorOf(s))
	}
	return out
}
