package ikev2

import (
	"net/netip"
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Transport mode is asked for by a notify, and agreed to by another one. "If
// the responder declines the request, the Child SA will be established in
// tunnel mode." (RFC 7296 1.3.1)

// transport says whether a pair of a transform set may be in transport mode:
// its ends must be the hosts that its selectors name.
func (c *ChildPolicy) transport(set string) bool {
	return c.Hosts && slices.ContainsFunc(c.Suites, func(s ESPSuite) bool { return s.Name == set && s.Transport })
}

// requires says whether a pair of a transform set may be in no other mode: "If this is
// unacceptable to the initiator, the initiator MUST delete the SA." (RFC 7296 1.3.1)
func (c *ChildPolicy) requires(set string) bool {
	return c.Hosts && slices.ContainsFunc(c.Suites, func(s ESPSuite) bool { return s.Name == set && s.Require })
}

// asksTransport says whether a request of ours has the notify. It is for all its proposals: the
// first transform set decides.
func (c *ChildPolicy) asksTransport() bool {
	return c.Hosts && len(c.Suites) > 0 && c.Suites[0].Transport
}

// selection are selectors of this end and of the other, as this end sees the addresses.
type selection struct {
	local, remote []spd.Selector
	Mode          // that is possible
}

// seen are selectors of the peer for transport mode, which is possible where all have
// one address: "If the client is behind a NAT, substitute the IP address in the TSi
// entries with the remote address of the IKE SA. If the server is behind a NAT,
// substitute the IP address in the TSr entries with the local address of the IKE SA."
// (RFC 7296 2.23.1) Without a NAT they stay what they are.
func (w *way) seen(local, remote []spd.Selector) selection {
	p := selection{local: local, remote: remote, Mode: Mode{Transport: true}}
	if !w.behind && !w.peerBehind {
		return p
	}
	here, one := single(local)
	there, one2 := single(remote)
	if p.Transport = one && one2; !p.Transport {
		return p
	}
	p.Real = [2]netip.Addr{here, there}
	if w.behind {
		p.local = at(local, w.local.Addr())
	}
	if w.peerBehind {
		p.remote = at(remote, w.remote.Addr())
	}
	return p
}

// single is the address that all selectors have.
func single(list []spd.Selector) (netip.Addr, bool) {
	first := list[0].Start
	return first, !slices.ContainsFunc(list, func(s spd.Selector) bool { return s.Start != first || s.End != first })
}

// at are selectors of another address.
func at(list []spd.Selector, a netip.Addr) []spd.Selector {
	out := slices.Clone(list)
	for i := range out {
		out[i].Start, out[i].End = a, a
	}
	return out
}

// allowsTransport says whether one of the transform sets may be in transport mode.
func (c *ChildPolicy) allowsTransport() bool {
	return c.Hosts && slices.ContainsFunc(c.Suites, func(s ESPSuite) bool { return s.Transport })
}

// asksTransport says whether the peer asks for transport mode, or agrees to it.
func asksTransport(m *wire.Message) bool {
	for _, p := range m.Payloads {
		if n, ok := p.(*wire.Notify); ok && n.Kind == wire.USE_TRANSPORT_MODE {
			return true
		}
	}
	return false
}

// transportNotify is the notify, where it is wanted.
func transportNotify(wanted bool) []wire.Payload {
	if !wanted {
		return nil
	}
	return []wire.Payload{ikeNotify(wire.USE_TRANSPORT_MODE, nil)}
}

// tellMode tells of a pair that was to be in transport mode and is not.
func tellMode(r *recording, x *exchange, m Mode, asked bool) {
	if asked && !m.Transport {
		tell(r, ModeDeclined{SA: x.sa.ref(), Entry: x.entry.cfg.Entry, Initiator: x.initiator, NAT: x.sa.translated()})
	}
}
