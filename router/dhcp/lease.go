package dhcp

import (
	"net/netip"
	"time"
)

// Lease is an address that a client has.
type Lease struct {
	Address netip.Prefix `json:"address,omitzero"`
	Server  netip.Addr   `json:"server,omitzero"`
	Routers []netip.Addr `json:"default_routers,omitempty"`
	DNS     []netip.Addr `json:"dns_servers,omitempty"`
	Domain  string       `json:"domain_name,omitempty"`
	Seconds uint32       `json:"lease_seconds,omitempty"`
	Since   time.Time    `json:"since,omitzero"`   // the request that it was given for was sent then
	T1      time.Time    `json:"renewal,omitzero"` // zero: never
	T2      time.Time    `json:"rebinding,omitzero"`
	Ends    time.Time    `json:"expires,omitzero"`
}

// leaseOf is what an acknowledgment gives; false: it gives nothing that a host may
// have. An address without a mask has that of its class (RFC 1122 3.3.1.1).
func leaseOf(m *Message, since time.Time) (Lease, bool) {
	a := m.Your
	if !a.Is4() || m.Lease == 0 || !m.Server.Is4() || !hostAddress(a) {
		return Lease{}, false
	}
	bits := m.Mask
	if bits == 0 {
		bits = classBits(a)
	}
	l := Lease{
		Address: netip.PrefixFrom(a, bits), Server: m.Server, Routers: m.Routers, DNS: m.DNS, Domain: m.Domain, Seconds: m.Lease, Since: since,
	}
	if bits < 31 && (a == l.Address.Masked().Addr() || a == lastOf(l.Address)) {
		return Lease{}, false
	}
	if m.Lease == Forever {
		return l, true
	}
	t1, t2 := orShare(m.T1, m.Lease, 1, 2), orShare(m.T2, m.Lease, 7, 8)
	if t1 >= t2 || t2 >= m.Lease { // RFC 2131 4.4.5: T1 is before T2, and T2 before the end
		t1, t2 = orShare(0, m.Lease, 1, 2), orShare(0, m.Lease, 7, 8)
	}
	l.T1, l.T2, l.Ends = since.Add(seconds(t1)), since.Add(seconds(t2)), since.Add(seconds(m.Lease))
	return l, true
}

// orShare is n, or that share of the lifetime of a lease (RFC 2131 4.4.5).
func orShare(n, lease uint32, part, of uint64) uint32 {
	if n != 0 {
		return n
	}
	return uint32(uint64(lease) * part / of)
}

func seconds(n uint32) time.Duration { return time.Duration(n) * time.Second }

func hostAddress(a netip.Addr) bool {
	first := a.As4()[0]
	return first != 0 && first != 127 && first < 224
}

func classBits(a netip.Addr) int {
	switch first := a.As4()[0]; {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}

// lastOf is the broadcast address of a network.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	for n := p.Bits(); n < 32; n++ {
		b[n/8] |= 0x80 >> (n % 8)
	}
	return netip.AddrFrom4(b)
}

// backoff is how long a client waits for an answer to what it has sent so many times:
// 4 s, doubled up to 64 s, give or take a second (RFC 2131 4.1).
func backoff(sent int, random uint32) time.Duration {
	wait := 4 * time.Second << min(max(sent-1, 0), 4)
	return wait - time.Second + time.Duration(random%2001)*time.Millisecond
}

// again is when a client that has got no answer asks again: at half of the time that
// is left, but not within a minute (RFC 2131 4.4.5).
func again(now, until time.Time) time.Time {
	next := now.Add(max(until.Sub(now)/2, time.Minute))
	if next.After(until) {
		return until
	}
	return next
}
