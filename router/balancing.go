package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/router/cluster"
	"ikelab/router/policy"
	"ikelab/router/standby"
)

// balancing is to which other gateway this one sends clients (RFC 5685).
type balancing struct {
	away    netip.Addr       // everybody; invalid: nobody
	cluster *cluster.Cluster // nil: there never was one
}

// settleCluster has the gateway be a member of a cluster, whose master is the active router of a group of HSRP,
// where that is configured.
func settleCluster(now time.Time, m *machine) {
	set := policy.Cluster(m.running())
	if m.flex.cluster == nil && set == (cluster.Settings{}) {
		return
	}
	if m.flex.cluster == nil {
		m.flex.cluster = cluster.New(cluster.Options{
			Stack: m.ip, Timers: m.timers, Records: m.records, Sessions: func() int { return ikev2.Negotiated(m.engine) },
			Group: func(name string) (standby.GroupState, bool) { return m.tracked.standby.Named(name) },
		})
	}
	m.flex.cluster.Configure(now, set)
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
