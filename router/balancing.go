package router

import (
	"net/netip"

	"ikelab/ikev2"
	"ikelab/router/cluster"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/standby"
)

// balancing is to which other gateway this one sends clients (RFC 5685).
type balancing struct {
	away    netip.Addr // everybody; invalid: nobody
	cluster *cluster.Cluster
}

// newCluster has the gateway be a member of a cluster, whose master is the active router of a group of HSRP.
func newCluster(s *ip.Stack, timers *ip.Timers, e *record.Emitter, engine *ikev2.Engine, groups **standby.Groups) *cluster.Cluster {
	return cluster.New(cluster.Options{
		Stack: s, Timers: timers, Records: e, Sessions: func() int { return ikev2.Negotiated(engine) },
		Group: func(name string) (standby.GroupState, bool) { return (*groups).Named(name) },
	})
}

// gatewayFor is what the engine asks, when `crypto ikev2 redirect gateway` says: of a client that
// comes, or has proved who it is. One that another gateway has just sent here stays, or two
// would send it to and fro.
func (b *balancing) gatewayFor(c ikev2.Redirectee) netip.Addr {
	switch {
	case !b.away.IsValid():
		return b.cluster.Least(c.VRF, c.Local, c.Profile != "")
	case c.From == b.away:
		return netip.Addr{}
	}
	return b.away
}
