package router

import (
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec/few"
	"ikelab/router/acl"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/tunnel"
)

// machine is what runs between power on and power off: the Internet layer,
// tunnels, the data plane's IPsec and the IKEv2 engine, with the configuration
// that is in effect.
type machine struct {
	records   *record.Emitter
	store     *iosconfig.Store
	jobs      *jobs
	timers    *ip.Timers
	ip        *ip.Stack
	crypto    *crypto.Crypto
	tunnels   *tunnel.Tunnels
	lists     lists
	maps      mapped
	nat       *translated
	leases    *leased
	tracked   tracked
	flex      flex
	certified *certified
	engine    *ikev2.Engine
	time      *timekeeping

	policy  ikev2.Global                        // what the engine was last given
	demands few.Map[string, *ikev2.ChildPolicy] // what it was asked for, by entry
}

// lists are the access lists of each family.
type lists struct{ four, six acl.Lists }

// of is a list as packets meet it.
func (l lists) of(c *iosconfig.AccessList) *acl.List {
	if c.Six {
		return l.six.Get(c.Name)
	}
	return l.four.Get(c.Name)
}

// newMachine puts a machine together that has no configuration yet.
func (r *Router) newMachine() *machine {
	m := &machine{
		records: r.records, store: r.store, jobs: &r.jobs, certified: r.certified, timers: ip.NewTimers(r.records), lists: lists{acl.Lists{}, acl.Lists{}},
		engine: ikev2.New(r.random.keys, r.records.Details),
	}
	renewals := ip.NewTimer(r.certified.renew)
	r.certified.wake = func(at time.Time) { m.timers.Set(&renewals, at) }
	m.ip = ip.New(ip.Options{
		Records: r.records, Timers: m.timers, Kind: m.kind, Ports: r.options.ports(), Carriers: r.carriers, MAC: r.options.macOf,
		Send: func(port int, frame []byte) { r.send(port, frame, uint64(r.records.Last())) },
	})
	ip.ListenToRouters(m.ip)
	m.ip.UDP.Handle(portIKE, m.receiveIKE)
	m.ip.UDP.Handle(portNATT, m.receiveNATT)
	m.crypto = crypto.New(crypto.Options{
		Stack: m.ip, Timers: m.timers, Records: r.records, IKE: keying{m}, IV: r.random.iv, Pace: r.random.pace,
	})
	m.leases = newLeased(m.ip, m.timers, r.records, r.store, r.random.lease)
	m.leases.changed = func(now time.Time, name string) { readdress(now, m, name) }
	m.tracked = newTracked(m.ip, m.timers, r.records, func(now time.Time, number int) { trackChanged(now, m, number) })
	m.tracked.standby = newStandby(m.ip, m.timers, r.records, r.random.standby, m.tracked.objects.Up, m.flex.moved)
	m.ip.Interfaces.Readdressed = func(now time.Time, i *ip.Interface) { readdressed(now, m, i.Name) }
	m.time = newTimekeeping(&r.clock, m.ip, m.timers, r.records, func(now time.Time) { clockMoved(now, r) })
	m.maps = newMapped(m.crypto, &m.ip.Interfaces)
	m.tunnels = tunnel.New(tunnel.Options{Stack: m.ip, Crypto: m.crypto, Timers: m.timers, Records: r.records})
	return m
}

// running is the configuration in effect: with the addresses that leases give, and with what IKE does.
func (m *machine) running() *iosconfig.Config { return m.flex.over(m.leases.over(m.store.Running())) }

// advance does what has become due.
func (m *machine) advance(now time.Time) {
	m.timers.Run(now)
	for due := m.engine.Deadline(); !due.IsZero() && !due.After(now); due = m.engine.Deadline() {
		m.records.Begin(now, record.ID(ikev2.Follows(m.engine)), 0)
		m.apply(now, m.engine.Advance(now))
	}
}

// kind is what interfaces of a type have in common.
func (m *machine) kind(name string) ip.Kind {
	switch t := iosconfig.InterfaceType(name); t {
	case iosconfig.Tunnel, iosconfig.VirtualAccess:
		return ip.Kind{Output: func(i *ip.Interface) ip.Output { return m.tunnels.Bind(i) }}
	default:
		return ip.Kind{Port: t.Wired()}
	}
}
