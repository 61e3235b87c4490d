package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/policy"
)

const marker = 4 // octets of zero before a message at the port of NAT traversal (RFC 3948)

// apply does what the engine wants done, in the order that it asks for.
func (m *machine) apply(now time.Time, fx ikev2.Effects) {
	if len(fx) > 0 { // a call that came to nothing is no cause
		ikev2.Follow(m.engine, uint64(m.records.Next()))
	}
	for _, ev := range fx {
		if n, ok := ev.(ikev2.Unheard); ok {
			m.records.Skip(int(n))
			continue
		}
		m.records.Emit(ev)
		switch ev := ev.(type) {
		case ikev2.Send:
			m.ip.UDP.Send(now, ip.Datagram{VRF: ev.VRF, Local: ev.Local, Remote: ev.Remote, Data: marked(ev.Datagram)}, ip.DefaultTTL)
		case ikev2.Keepalive:
			m.ip.UDP.Send(now, ip.Datagram{VRF: ev.VRF, Local: ev.Local, Remote: ev.Remote, Data: []byte{0xff}}, ip.DefaultTTL)
		case ikev2.StartJob:
			m.jobs.load.add(now, m.time.started, ev.Cost)
			m.jobs.start(ev.Cost, &job{id: ev.ID, cause: m.records.Last()})
		case ikev2.ExpectChild:
			m.crypto.Expect(ev.In, ev.VRF, ev.LocalEnd.Addr())
		case ikev2.AddChild:
			m.install(now, ev.ChildSA)
		case ikev2.CloseChild:
			m.crypto.Close(ev.In)
		case ikev2.MoveChild:
			m.crypto.Move(now, ev.In, ev.LocalEnd, ev.Peer)
		case ikev2.DeleteChild:
			m.crypto.Delete(now, ev.In)
		case ikev2.EntryDown:
			m.entryDown(now, ev)
		default:
			reconfigure(now, m, ev)
		}
	}
	ikev2.Recycle(m.engine, fx)
}

// reconfigure does what the engine wants of interfaces: that they are cloned or go, and
// what configuration payloads give them.
func reconfigure(now time.Time, m *machine, ev ikev2.Effect) {
	switch ev := ev.(type) {
	case ikev2.MakeAccess:
		makeAccess(now, m, &ev)
	case ikev2.DropAccess:
		dropAccess(now, m, ev.Entry)
	case ikev2.EntryUp:
		if clientOf(m.store.Running(), ev.Entry) != nil { // what configuration payloads give comes in the same instant
			soon := ip.NewTimer(func(time.Time) { connected(m, ev.Entry, ev.Peer.Addr(), true) })
			m.timers.Set(&soon, now)
		}
	case ikev2.Redirected:
		m.flex.send(&ev)
		t := newTouched()
		redial(now, m, []string{ev.Entry}, t)
		m.settle(now, t)
	case ikev2.Configured:
		configured(now, m, &ev)
	case ikev2.Unconfigured:
		configured(now, m, &ikev2.Configured{Entry: ev.Entry})
	}
}

// makeAccess clones an interface for a peer.
func makeAccess(now time.Time, m *machine, ev *ikev2.MakeAccess) {
	template := m.running().Interface(ev.Template)
	if template == nil {
		return // it has gone: the pairs that come cannot be installed
	}
	i := policy.Clone(m.running(), template, ev.Entry, ev.Local, ev.Remote, ev.Proto)
	put(&m.flex.clones, ev.Entry, clone{i, ev.Profile})
	m.flex.changed(ev.Entry)
	t := newTouched()
	m.setInterface(now, i, t)
	m.settle(now, t)
}

// dropAccess takes away what was cloned. The engine asks for it, and needs not be told: it may have
// made another entry of the same name meanwhile.
func dropAccess(now time.Time, m *machine, name string) {
	delete(m.flex.clones, name)
	m.flex.changed(name)
	before := m.demands.Len()
	m.demands.Delete(name)
	m.switched(before, m.demands.Len())
	t := newTouched()
	m.changeInterface(now, nil, name, t)
	m.settle(now, t)
}

// configured gives an interface what configuration payloads say: its address, if it wants one,
// and the routes to what is behind the peer.
func configured(now time.Time, m *machine, c *ikev2.Configured) {
	i := m.running().Interface(c.Entry)
	if i == nil { // an entry of a crypto map has none, or it was taken away
		m.flex.swap(now, m.ip, c.Entry, nil)
		delete(m.flex.addresses, c.Entry)
		return
	}
	p := netip.Prefix{}
	if given := prefixOf(&c.Configuration); c.Initiator && i.Negotiated && given.IsValid() {
		if other := m.running().Interfaces.Overlap(c.Entry, i.VRF, given); other == "" {
			p = given
		} else {
			m.records.Emit(ikev2.AddressUnfit{Entry: c.Entry, Address: given, Interface: other})
		}
	}
	if m.flex.addresses[c.Entry] != p {
		if p.IsValid() {
			put(&m.flex.addresses, c.Entry, p)
		} else {
			delete(m.flex.addresses, c.Entry)
		}
		m.flex.changed(c.Entry)
		readdress(now, m, c.Entry)
	}
	profile := ""
	if d := m.demands.Get(c.Entry); d != nil {
		profile = d.Profile
	}
	routes := policy.Learned(m.running(), profile, c)
	for n := range routes {
		routes[n].VRF = iosconfig.VRFNumber(m.running(), i.VRF)
		routes[n].HopVRF = routes[n].VRF
	}
	m.flex.swap(now, m.ip, c.Entry, routes)
}

// install puts a pair to work that the engine has negotiated; one that cannot
// be is given back.
func (m *machine) install(now time.Time, c ikev2.ChildSA) {
	a := crypto.Association{In: crypto.Keys(c.In), Out: crypto.Keys(c.Out), Terms: crypto.Terms{
		Entry: c.Entry, Between: crypto.Between(c.Between), UDP: c.UDP,
		Encr: c.Encr, Integ: c.Integ, ESN: c.ESN, Mode: crypto.Mode(c.Mode), Local: c.Local, Remote: c.Remote, PFS: c.PFS, AddKE: c.AddKE, Initiator: c.Initiator,
		Expires: c.Expires, Lifetime: c.Lifetime, Kilobytes: c.Kilobytes, Replaces: c.Replaces, Standby: c.Standby,
	}}
	if err := m.crypto.Install(now, a); err != nil {
		m.apply(now, m.engine.EndChild(now, c.In.SPI, ikev2.ReasonConfigChanged))
	}
}

// entryDown follows the engine. A responder has SAs for a moment when the
// initiator does not believe it: that is a failure like any other.
func (m *machine) entryDown(now time.Time, ev ikev2.EntryDown) {
	if e := m.crypto.Entry(ev.Entry); e != nil {
		e.Down(now, ev.WasUp && ev.Reason != ikev2.ReasonAuthFailed)
	}
	if ev.WasUp {
		connected(m, ev.Entry, ev.Peer.Addr(), false)
	}
	if clientOf(m.store.Running(), ev.Entry) != nil && fails(ev.Reason) {
		m.timers.Set(m.flex.turn(ev.Entry, func(now time.Time) { nextPeer(now, m, ev.Entry) }), now)
	}
}

// connected tells that a FlexVPN client has its tunnel up, or has it no more.
func connected(m *machine, tunnel string, peer netip.Addr, up bool) {
	f, e := clientOf(m.store.Running(), tunnel), m.crypto.Entry(tunnel)
	if f == nil || e == nil || up && m.engine.EntryState(tunnel) != ikev2.EntryIsUp {
		return
	}
	told := ikev2.ClientConnected{Client: f.Name, Entry: tunnel, Peer: peer, Up: up, Address: m.flex.addresses[tunnel].Addr()}
	if s := e.States(); len(s) > 0 {
		told.Local = s[0].Local
	}
	m.records.Emit(told)
}

// nextPeer has a FlexVPN client try its next peer, unless it has come to SAs meanwhile.
func nextPeer(now time.Time, m *machine, tunnel string) {
	if m.engine.EntryState(tunnel) != ikev2.EntryIsDown || !m.flex.next(m.store.Running(), m.tracked.holds, tunnel) {
		return
	}
	m.records.Emit(ikev2.PeerChosen{Entry: tunnel, Peer: m.flex.peers[tunnel]})
	t := newTouched()
	redial(now, m, []string{tunnel}, t)
	m.settle(now, t)
}

// marked is a message as its port wants it: behind the marker that tells IKE from
// ESP (RFC 3948 2.2).
func marked(d ikev2.Datagram) []byte {
	if d.Local.Port() != portNATT {
		return d.Data
	}
	return append(make([]byte, marker, marker+len(d.Data)), d.Data...)
}

// receiveIKE hands a datagram for UDP port 500 to the engine.
func (m *machine) receiveIKE(now time.Time, d ip.Datagram) {
	m.apply(now, m.engine.Receive(now, ikev2.Datagram{VRF: d.VRF, Local: d.Local, Remote: d.Remote, Data: d.Data}))
}

// receiveNATT hands one for port 4500 to the engine, which is always served; that
// it begins with the marker has been seen.
func (m *machine) receiveNATT(now time.Time, d ip.Datagram) {
	d.Data = d.Data[marker:]
	m.receiveIKE(now, d)
}
