package ikev2

import (
	"slices"

	"ikelab/ikev2/wire"
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
// first transform set decides, and the one that is chosen whether it counts.
func (c *ChildPolicy) asksTransport() bool {
	return c.Hosts && len(c.Suites) > 0 && c.Suites[0].Transport
}

// transportAsked says whether a request under the SA has the notify. Through a
// NAT it never does: the checksums of what is protected would be those of other
// addresses (RFC 3948 section 3.1.2).
func (sa *ikeSA) transportAsked(c *ChildPolicy) bool { return c.asksTransport() && !sa.translated() }

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
