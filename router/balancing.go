package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/router/cluster"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/standby"
)

// balancing is to which other gateway this one sends clients (RFC 5685).
type balancing struct {
	away    netip.Addr       // everybody; invalid: nobody
	cluster *cluster.Cluster // nil: there never was one
}

// newCluster has the gateway be a member of a cluster, whose master is the active router of a group of HSRP.
func newCluster(s *ip.Stack, timers *ip.Timers, e *record.Emitter, engine *ikev2.Engine, groups *standby.Groups) *cluster.Cluster {
	return cluster.New(cluster.Options{
		Stack: s, Timers: timers, Records: e, Sessions: func() int { return ikev2.Negotiated(engine) }, Group: groups.Named,
	})
}

// moved is told that the address of a group of HSRP is here, or here no longer.
func (b *balancing) moved(now time.Time) {
	if b.cluster != nil {
		b.cluster.Moved(now)
	}
}

// clusterState is what the screen shows.
func (b *balancing) clusterState() cluster.State {
	if b.cluster == nil {
		return cluster.State{Role: cluster.Off, Members: []cluster.MemberState{}}
	}
	return b.cluster.State()
}

// gatewayFor is what the engine asks, when `crypto ikev2 redirect gateway` says: of a client that
// comes, or has proved who it is. One that another gateway has just sent here stays, or two
// would send it to and fro.
func (b *balancing) gatewayFor(c ikev2.Redirectee) netip.Addr {
	switch {
	case !b.away.IsValid() && b.cluster == nil:
		return netip.Addr{}
	case !b.away.IsValid():
		return b.cluster.Least(c.VRF, c.Local, c.Profile != "")
	case c.From == b.away:
		return netip.Addr{}
	}
	return b.away
}
