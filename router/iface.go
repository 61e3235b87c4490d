package router

import (
	"time"

	"ikelab/iosconfig"
)

const (
	ethernetMTU = 1500
	noPort      = -1 // an interface that no port is behind
)

// iface is an interface. config is the live configuration; applied is what of
// it is in effect.
type iface struct {
	name    string
	config  *iosconfig.Interface
	applied ifaceSettings
	port    int // index of the physical port, or noPort
	mac     [6]byte

	addrs       []ifaceAddr // the primary address first
	mtu         int         // of IP packets
	up          bool        // neither shut down nor, on a port, without carrier
	protocol    bool        // line protocol
	since       time.Time   // line protocol up since
	arp         map[ip4]*arpEntry
	unannounced bool    // a gratuitous ARP is due
	tunnel      *tunnel // of a tunnel interface, else nil

	count   ifaceCounters
	cleared time.Time
}

// ifaceCounters are what `show interfaces` counts.
type ifaceCounters struct {
	lastIn, lastOut                            time.Time
	inPackets, inOctets, inBroadcasts          uint64
	inErrors, inDrops, inUnknown               uint64
	outPackets, outOctets, outErrors, outDrops uint64
	resets                                     uint64
}

// ifaceSettings is the configuration of an interface that the data plane
// depends on, in a comparable form.
type ifaceSettings struct {
	address, secondary string
	shutdown           bool
	mtu                int
	tunnel             iosconfig.TunnelConfig
}

func settingsOf(c *iosconfig.Interface) ifaceSettings {
	s := ifaceSettings{address: c.Address.String(), shutdown: c.Shutdown, mtu: c.MTU}
	for _, p := range c.Secondary {
		s.secondary += " " + p.String()
	}
	if c.Type == iosconfig.Tunnel {
		s.tunnel = c.Tunnel
	}
	return s
}

func (i *iface) physical() bool { return isPhysical(i.config.Type) }

func isPhysical(t iosconfig.InterfaceType) bool {
	return t == iosconfig.Ethernet || t == iosconfig.FastEthernet || t == iosconfig.GigabitEthernet
}

// primary is the interface's first address, 0 when it has none.
func (i *iface) primary() ip4 {
	if len(i.addrs) == 0 {
		return 0
	}
	return i.addrs[0].addr
}

// subnetOf is the interface's address in the network of a neighbour.
func (i *iface) subnetOf(a ip4) (ifaceAddr, bool) {
	for _, own := range i.addrs {
		if own.contains(a) {
			return own, true
		}
	}
	return ifaceAddr{}, false
}

func (i *iface) setAddresses() {
	i.addrs = i.addrs[:0]
	if a, ok := ifaceAddrOf(i.config.Address); ok {
		i.addrs = append(i.addrs, a)
	}
	for _, p := range i.config.Secondary {
		if a, ok := ifaceAddrOf(p); ok {
			i.addrs = append(i.addrs, a)
		}
	}
}

// protected says whether everything that leaves by the interface must be
// encrypted.
func (i *iface) protected() bool { return i.tunnel != nil }

func (r *Router) ifaceByName(name string) *iface {
	for _, i := range r.ifaces {
		if i.name == name {
			return i
		}
	}
	return nil
}

// ifaceByPort is the interface of a physical port.
func (r *Router) ifaceByPort(port int) *iface {
	if port < 0 || port >= len(r.options.Ports) || port >= len(r.ifaces) {
		return nil
	}
	return r.ifaces[port]
}

// Carrier says that a port's carrier changed.
func (r *Router) Carrier(now time.Time, port int, up bool) {
	if port < 0 || port >= len(r.carriers) {
		return
	}
	r.carriers[port] = up
	if !r.on {
		return
	}
	i := r.ifaceByPort(port)
	if r.settleState(now, i) {
		r.rebuildFIB()
		r.settleTunnels(now)
		r.announce(now, i)
	}
}

// settleState works out an interface's state and logs a change. It reports
// whether there was one.
func (r *Router) settleState(now time.Time, i *iface) bool {
	up := !i.config.Shutdown
	if i.physical() {
		up = up && i.port != noPort && r.carriers[i.port]
	}
	changed := up != i.up
	if changed {
		i.up = up
		i.count.resets++
		r.logLink(now, i)
	}
	return r.settleProtocol(now, i) || changed
}

// settleProtocol does the same for the line protocol.
func (r *Router) settleProtocol(now time.Time, i *iface) bool {
	protocol := i.up
	if i.config.Type == iosconfig.Tunnel {
		protocol = i.up && i.tunnel != nil && i.tunnel.ready()
	}
	if protocol == i.protocol {
		return false
	}
	i.protocol = protocol
	if protocol {
		i.since = now
	} else {
		i.flushARP()
	}
	r.logf(now, "LINEPROTO", severityNotifications, "UPDOWN", "Line protocol on Interface %s, changed state to %s", i.name, upDown(protocol))
	return true
}

// logLink: loopbacks and tunnels report their link only when somebody shuts
// them or takes that back.
func (r *Router) logLink(now time.Time, i *iface) {
	switch {
	case i.config.Shutdown:
		r.logf(now, "LINK", severityNotifications, "CHANGED", "Interface %s, changed state to administratively down", i.name)
	case i.physical() || i.applied.shutdown:
		r.logf(now, "LINK", severityErrors, "UPDOWN", "Interface %s, changed state to %s", i.name, upDown(i.up))
	}
}

// clearCounters is `clear counters [NAME]`.
func (r *Router) clearCounters(now time.Time, name string) {
	for _, i := range r.ifaces {
		if name == "" || i.name == name {
			i.count, i.cleared = ifaceCounters{lastIn: i.count.lastIn, lastOut: i.count.lastOut}, now
		}
	}
}

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}
