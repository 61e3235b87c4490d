package interop

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// flexHub makes our router a hub that gives the peer its inner address, and has no tunnel
// for it but what it clones.
const flexHub = `aaa new-model
aaa authorization network L local
ip local pool ADDRESSES INNER
crypto ikev2 authorization policy A
pool ADDRESSES
interface Virtual-Template1 type tunnel
ip unnumbered Ethernet0/1
tunnel mode ipsec ipv4
tunnel protection ipsec profile P
crypto ikev2 profile P
aaa authorization group psk list L A
virtual-template 1
no interface Tunnel0`

// givesAddress: the peer is a client of our hub.
func (m *matrix) givesAddress(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), "Assigned host addr: "+c.theirInner())
	require.Contains(t, m.lab.at(t, c.router(), "show ip route"), c.theirInner()+" is directly connected, Virtual-Access1")
	m.traffic(t, c)
	m.tell(t, m.rekeyChild(c))
	m.traffic(t, c)
	m.tell(t, m.rekeyIKE(c))
	m.traffic(t, c)
	m.end(t, m.peer, c)
	m.lab.until(t, patience, c.router(), "show ip local pool", has("0         0"))
	require.NotContains(t, m.lab.at(t, c.router(), "show ip interface brief"), "Virtual-Access")
}

// swanPools are what the peer gives addresses of.
const swanPools = "pools {\n  flex { addrs = 10.99.0.0/24 }\n}\n"

// takesAddress: the peer is the gateway of our spoke.
func (m *matrix) takesAddress(t *testing.T, c cell) {
	m.begin(t, c)
	require.Contains(t, m.lab.at(t, c.router(), "show ip interface brief"), "10.99.0.")
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), "Pushed IP address: 10.99.0.")
	m.finish(t, c)
	require.NotContains(t, m.lab.at(t, c.router(), "show ip interface brief"), "10.99.0.")
}
