package ip

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// onLinkTogether are a router and a host on one link.
type onLinkTogether struct {
	t            testing.TB
	router, host *device
	now          time.Time
	adverts      int // that the router has sent
}

func newOnLink(t testing.TB) *onLinkTogether {
	l := &onLinkTogether{t: t, router: newDevice(t, 1), host: newDevice(t, 1), now: epoch}
	l.router.Interfaces.port(0).MAC[5] = 0xaa
	join := func(from, to *device, seen func(frame []byte)) {
		from.options.Send = func(_ int, frame []byte) {
			seen(frame)
			to.Receive(l.now, 0, bytes.Clone(frame))
		}
	}
	join(l.router, l.host, func(frame []byte) {
		if ethertypeOf(frame[EthernetHeader:]) == ethertypeIP6 && frame[EthernetHeader+HeaderLen6] == routerAdvertisement {
			l.adverts++
		}
	})
	join(l.host, l.router, func([]byte) {})
	ListenToRouters(l.router.Stack)
	ListenToRouters(l.host.Stack)
	RouteSix(epoch, l.router.Stack, true)
	l.router.Interfaces.Set(epoch, InterfaceSettings{Name: "eth0", Kind: "eth", Six: &SixSettings{
		On: true, Addresses: []netip.Prefix{netip.MustParsePrefix("2001:db8:1::1/64")}, RA: Advertising{Lifetime: 30 * time.Minute},
	}})
	return l
}

func (l *onLinkTogether) listen() {
	l.host.Interfaces.Set(l.now, InterfaceSettings{Name: "eth0", Kind: "eth", Six: &SixSettings{On: true, Auto: true, DefaultRouter: true}})
}

// pass lets time pass for both.
func (l *onLinkTogether) pass(d time.Duration) {
	for end := l.now.Add(d); ; {
		next := end
		for _, x := range []*device{l.router, l.host} {
			if due := x.timers.Next(); !due.IsZero() && due.Before(next) {
				next = due
			}
		}
		l.now = next
		l.router.timers.Run(next)
		l.host.timers.Run(next)
		if !next.Before(end) {
			return
		}
	}
}

const (
	hostAddress = "2001:db8:1::ff:fe00:0"
	routerWay   = "via eth0 fe80::ff:fe00:aa"
)

// TestAutoconfiguration: "For each Prefix-Information option in the Router Advertisement ... form
// an address" (RFC 4862 section 5.5.3); the router is the default router for as long as it says
// (RFC 4861 section 6.3.4), and no longer when it says so.
func TestAutoconfiguration(t *testing.T) {
	l := newOnLink(t)
	l.pass(100 * time.Second)
	require.Equal(t, 3, l.adverts, "after 0, 16 and 32 s; then every 200")
	l.listen()
	l.pass(4 * time.Second)
	require.Equal(t, 4, l.adverts, "it was asked")
	require.Equal(t, "local eth0", l.host.way(hostAddress))
	require.Equal(t, routerWay, l.host.way("2001:db8:9::9"))
	src, ok := l.host.Table.SourceFor(addr("2001:db8:9::9"))
	require.True(t, ok)
	require.Equal(t, hostAddress, src.String(), "and not that of the link")
	require.Equal(t, "ND", SixStateOf(l.host.Stack, 0).Routes[0].Code)
	l.pass(time.Hour)
	require.Equal(t, 4+18, l.adverts)
	RouteSix(l.now, l.router.Stack, false)
	require.Equal(t, "none", l.host.way("2001:db8:9::9"))
	require.Equal(t, "local eth0", l.host.way(hostAddress), "the network is there all the same")
	l.pass(time.Hour)
	require.Equal(t, 4+18+1, l.adverts)
	RouteSix(l.now, l.router.Stack, true)
	l.pass(time.Second)
	require.Equal(t, routerWay, l.host.way("2001:db8:9::9"))
	l.router.Interfaces.Carrier(l.now, 0, false)
	l.pass(1801 * time.Second)
	require.Equal(t, "none", l.host.way("2001:db8:9::9"), "nothing was heard for 1800 s")
	l.pass(31 * 24 * time.Hour)
	require.Equal(t, "none", l.host.way(hostAddress), "nor for 30 days")
	require.Empty(t, l.host.timers.heap)
}

// TestQuietRouters: suppress leaves answers, suppress all nothing; a lifetime of zero is no
// default router.
func TestQuietRouters(t *testing.T) {
	for _, c := range []struct {
		set  Advertising
		way  string
		sent int
	}{
		{Advertising{Quiet: true}, "none", 1},
		{Advertising{Quiet: true, Silent: true}, "none", 0},
		{Advertising{Quiet: true, Lifetime: time.Hour}, routerWay, 1},
		{Advertising{Interval: 4 * time.Second, Lifetime: time.Hour}, routerWay, 50},
	} {
		l := newOnLink(t)
		set := l.router.Interfaces.port(0).Settings
		set.Six.RA = c.set
		l.router.Interfaces.Set(l.now, set)
		l.listen()
		l.pass(200 * time.Second)
		require.Equal(t, c.sent, l.adverts, c)
		require.Equal(t, c.way, l.host.way("2001:db8:9::9"), c)
	}
}

// TestForgedAdvertisements: what is not from a neighbour, or not well formed, is not believed
// (RFC 4861 section 6.1.2); and nobody ends a network at once (RFC 4862 section 5.5.3).
func TestForgedAdvertisements(t *testing.T) {
	l := newOnLink(t)
	l.listen()
	l.pass(4 * time.Second)
	l.router.options.Send = func(int, []byte) {}
	advert := func(src string, ttl uint8, valid uint32) *Packet {
		p := newPacket(ProtoICMPv6, addressOf(addr(src)), allNodes, ttl, advertisementLen+prefixLen)
		b := p.Payload()
		b[0] = routerAdvertisement
		o := b[advertisementLen:]
		o[0], o[1], o[2], o[3] = optionPrefix, 4, 64, flagAutonomous
		binary.BigEndian.PutUint32(o[4:], valid)
		writeV6(o[16:], addressOf(addr("2001:db8:1::")))
		setICMPChecksum(p)
		return p
	}
	send := func(p *Packet) { l.host.Receive(l.now, 0, frame6(host1, groupMAC(allNodes), p)) }
	for _, p := range []*Packet{advert("fe80::1", 64, 0), advert("2001:db8:1::9", 255, 0)} {
		send(p)
		require.Equal(t, routerWay, l.host.way("2001:db8:9::9"))
		require.Equal(t, BadND, l.host.last().(Dropped).Reason)
	}
	send(advert("fe80::1", 255, 0))
	require.Equal(t, "local eth0", l.host.way(hostAddress))
	l.pass(119 * time.Minute)
	require.Equal(t, "local eth0", l.host.way(hostAddress))
	l.pass(2 * time.Minute)
	require.Equal(t, "none", l.host.way(hostAddress))
}

// FuzzAdvertisements throws messages of routers and of who asks for them at both ends.
func FuzzAdvertisements(f *testing.F) {
	l := newOnLink(f)
	var seen []byte
	send := l.router.options.Send
	l.router.options.Send = func(port int, frame []byte) {
		seen = bytes.Clone(frame[EthernetHeader+HeaderLen6:])
		send(port, frame)
	}
	l.pass(2 * time.Second)
	f.Add(seen)
	f.Add([]byte{133, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := parseAdvertisement(b)
		require.True(t, ok || len(b) < advertisementLen || b[1] != 0 || !eachOption(b[advertisementLen:], func([]byte) {}))
		for _, n := range a.networks {
			require.True(t, ok == false || n.bits == slaacBits && netip.PrefixFrom(n.addr.netip(), 64) == n.netip())
		}
		l := newOnLink(t)
		l.listen()
		l.pass(2 * time.Second)
		for _, x := range []*device{l.router, l.host} {
			p := newPacket(ProtoICMPv6, addressOf(addr("fe80::9")), allNodes, 255, min(len(b), 1400))
			if copy(p.Payload(), b); len(b) >= icmpHeader {
				setICMPChecksum(p)
			}
			x.Receive(l.now, 0, frame6(host1, groupMAC(allNodes), p))
		}
		l.pass(time.Minute)
		require.Equal(t, "local eth0", l.router.way("2001:db8:1::1"))
		require.LessOrEqual(t, len(l.host.Interfaces.port(0).six.networks()), mostNetworks)
	})
}
