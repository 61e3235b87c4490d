package show

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/cluster"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/ntp"
	"ikelab/router/standby"
	"ikelab/router/track"
)

// Source is where the screens' states come from.
type Source interface {
	Name() string // of the device in its lab
	Generation() iosconfig.Generation
	Running() *iosconfig.Config
	Startup() string // text of the startup-config; "": none
	Started() time.Time
	RestartReason() string
	Interfaces(name string) []Interface // the one with a name; "": all
	Routes(vrf string) []ip.RouteState  // "": of the global table
	RoutesAt(vrf string, a netip.Addr, within netip.Prefix) []ip.RouteState
	Neighbours() []ip.NeighbourState
	Traffic() *ip.Totals
	IPv6(vrf string) ip.SixState // its routes are those of a VRF
	NAT(now time.Time) NATState
	DHCP() DHCPState
	Tracking() track.State
	HSRP() []standby.GroupState // by interface and number
	Cluster() cluster.State
	Clock() *ntp.Clock
	NTP(now time.Time) ntp.State
	PKI() PKIState
	Flows(of Which) []crypto.FlowState
	IKESAs(of Which) []ikev2.SAInfo // by ends; the rest is not asked for
	IKEStats() ikev2.Stats
	Pools() []ikev2.PoolState
	Clients() []FlexClient
	Diagnoses() ([]ikev2.Diagnosis, []ikev2.FailureCount) // the last failures, and how many there were
	Worked(now time.Time) Work                            // public-key operations
	Matches(list *iosconfig.AccessList) map[int]uint64    // by the number of the line
}

// VersionOf is `show version`.
func VersionOf(s Source, now time.Time) Version {
	return Version{
		Software: s.Generation().Software(), Hostname: s.Running().Hostname, Now: now, Started: s.Started(),
		Reason: s.RestartReason(), Board: s.Name(), Ports: portCounts(s.Interfaces("")),
	}
}

// InterfacesOf is `show interfaces`; name "": all.
func InterfacesOf(s Source, now time.Time, name string) Interfaces {
	out := Interfaces{Now: now, Started: s.Started(), Interfaces: []Interface{}}
	for _, v := range interfaces(s, name) {
		if name != "" || v.listed() {
			v.Load = loadOf(&v.InterfaceState, out.Started, now)
			out.Interfaces = append(out.Interfaces, v)
		}
	}
	return out
}

// interfaces are those of a router, or the one of a name, each with what IOS shows of its type.
func interfaces(s Source, name string) []Interface {
	list := s.Interfaces(name)
	for i := range list {
		list[i].shape(s.Generation())
	}
	return list
}

// HasInterface says whether there is an interface of that full name.
func HasInterface(s Source, name string) bool {
	return name != "" && len(s.Interfaces(name)) > 0
}

// IKEv2SAsOf is `show crypto ikev2 sa`.
func IKEv2SAsOf(s Source, now time.Time, w Which, detailed bool) IKEv2SAs {
	return IKEv2SAs{Now: now, SAs: slices.DeleteFunc(IKESAsOf(s, w), w.elsewhere), Detailed: detailed}
}

// elsewhere says whether an IKE SA is in other VRFs.
func (w Which) elsewhere(sa IKESA) bool {
	return w.FVRF != "" && w.FVRF != sa.FVRF || w.IVRF != "" && w.IVRF != sa.IVRF
}

// Which are the flows or SAs of a screen; what is empty asks for nothing.
type Which struct {
	Interface, Map string
	Local, Peer    netip.Addr
	Port           int    // of the peer
	FVRF, IVRF     string // in front and inside
}

// hasSA says whether an IKE SA is among them, its VRFs left out.
func (w Which) hasSA(sa ikev2.SAInfo) bool {
	return (!w.Local.IsValid() || w.Local == sa.Local.Addr()) && (!w.Peer.IsValid() || w.Peer == sa.Remote.Addr()) &&
		(w.Port == 0 || w.Port == int(sa.Remote.Port()))
}

// Has says whether a flow is among them.
func (w Which) Has(f *crypto.FlowState) bool {
	return (w.FVRF == "" || w.FVRF == f.FVRF) && (w.IVRF == "" || w.IVRF == f.IVRF) && (w.Interface == "" || w.Interface == f.Interface) && (w.Map == "" || w.Map == tagOf(*f)) &&
		(!w.Local.IsValid() || w.Local == f.Local) && (!w.Peer.IsValid() || w.Peer == f.Remote)
}

// IPsecSAsOf is `show crypto ipsec sa`.
func IPsecSAsOf(s Source, now time.Time, w Which, detail bool) IPsecSAs {
	return IPsecSAs{Now: now, Flows: s.Flows(w), Detail: detail}
}

// SessionsOf is `show crypto session`.
func SessionsOf(s Source, now time.Time, w Which, detail bool) CryptoSessions {
	flows := s.Flows(w)
	return cryptoSessionsOf(now, flows, IKESAsOf(s, endsOf(flows)), detail)
}

// CryptoMapsOf is `show crypto map`.
// derived has what was cloned from templates, too: each has a map.
func CryptoMapsOf(derived *iosconfig.Config, s Source, w Which) CryptoMaps {
	return cryptoMaps(derived, s.Flows(Which{}), w)
}

// endsOf asks for what has the ends of some flows, if all have the same.
func endsOf(flows []crypto.FlowState) (w Which) {
	for i, f := range flows {
		if i == 0 {
			w.Local, w.Peer = f.Local, f.Remote
		}
		if w.Local != f.Local || w.Peer != f.Remote {
			return Which{}
		}
	}
	return w
}

// IKESAsOf are those of a router with certain ends, with the names of their VRFs.
func IKESAsOf(s Source, w Which) []IKESA {
	list := ikeSAs(s.IKESAs(w), w.hasSA)
	if s.Running().VRFs.Len() == 0 {
		return list
	}
	flows := s.Flows(Which{Local: w.Local, Peer: w.Peer})
	for i := range list {
		sa := &list[i]
		for v := range s.Running().VRFs.All() {
			if iosconfig.VRFNumber(s.Running(), v.Name) == sa.vrf {
				sa.FVRF = v.Name
			}
		}
		at := slices.IndexFunc(flows, func(f crypto.FlowState) bool {
			return f.VRF == sa.vrf && f.Local == sa.Local.Addr() && f.Remote == sa.Remote.Addr()
		})
		if at >= 0 {
			sa.IVRF = flows[at].IVRF
		}
	}
	return list
}
