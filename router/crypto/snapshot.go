package crypto

import "slices"

// flowsOf are the whole of an entry, and the parts that have pairs of their own.
func flowsOf(e *Entry) []*flow {
	list := []*flow{&e.whole}
	for _, p := range e.pairs {
		if !slices.Contains(list, p.flow) {
			list = append(list, p.flow)
		}
	}
	return list
}

// Counters are those of what an entry protects as a whole.
func (e *Entry) Counters() Count { return e.whole.Count }

// ClearCounters is `clear crypto sa counters` for one entry.
func (e *Entry) ClearCounters() {
	for _, f := range flowsOf(e) {
		f.Count = Count{}
	}
}

// States are snapshots for the screens, flow by flow.
func (e *Entry) States() []FlowState {
	var list []FlowState
	for _, f := range flowsOf(e) {
		list = append(list, stateOf(e, f))
	}
	return list
}

// Outline is what all flows of an entry have in common: what they are found by.
func Outline(e *Entry) FlowState {
	return FlowState{Interface: e.iface.Name, Map: e.settings.Map, Sequence: e.settings.Sequence, Ends: vrfsOf(e)}
}

func stateOf(e *Entry, f *flow) FlowState {
	set, s := &e.settings, Outline(e)
	asked := set.Demand.Value()
	s.PathMTU, s.PlaintextMTU = e.pathMTU(), e.pathMTU()
	s.Encaps, s.Decaps, s.SendErrors, s.RecvErrors, s.Unprotected, s.Aside, s.UpSince, s.Pairs = f.Encaps, f.Decaps, f.SendErrors, f.RecvErrors, f.Down, f.Aside, f.since, []Pair{}
	s.LocalIdent, s.RemoteIdent, s.Part = selectorOf(asked.Local), selectorOf(asked.Remote), f != &e.whole
	if to := e.c.stack.VRF(set.VRF).Lookup(s.Remote); to.Out != nil {
		s.OutInterface = to.Out.Name
	}
	if i := slices.IndexFunc(e.sending, func(p *pair) bool { return p.flow == f }); i >= 0 {
		s.Sending = e.sending[i].outSPI
		s.PlaintextMTU = plaintextMTU(e, &e.sending[i].out)
	}
	for _, p := range e.pairs {
		if p.flow == f {
			s.Pairs = append(s.Pairs, p.state())
		}
	}
	return s
}

// vrfsOf are an entry's ends, with their VRFs and that of what it protects. The peer is where its
// pairs lead: behind a NAT it may have another address by now.
func vrfsOf(e *Entry) Ends {
	set, inside := &e.settings, e.settings.Inside
	if alone(e) {
		inside = e.iface.VRF()
	}
	all := Ends{Local: set.Local, Remote: set.Remote, VRF: set.VRF, FVRF: e.c.stack.VRF(set.VRF).Name, IVRF: e.c.stack.VRF(inside).Name}
	if n := len(e.pairs); n > 0 {
		all.Local, all.Remote = e.pairs[n-1].LocalEnd.Addr(), e.pairs[n-1].Peer.Addr()
	}
	return all
}
