package interop

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// secondGateway makes our router a second gateway, behind itself.
const secondGateway = `interface Loopback9
ip address OTHER.1 255.255.255.255
interface Tunnel9
ip address 172.16.9.1 255.255.255.252
tunnel source Loopback9
tunnel mode ipsec ipv4
tunnel destination THEIRS
tunnel protection ipsec profile P
no ip route INNER 255.255.255.255 Tunnel0
ip route INNER 255.255.255.255 Tunnel9
crypto ikev2 redirect gateway init`

// isRedirected: the peer is a gateway, and sends our client to another one of its addresses.
func (m *matrix) isRedirected(t *testing.T, c cell) {
	m.begin(t, c)
	m.tell(t, "vici redirect ike="+c.name()+" gateway="+c.other()+".2")
	m.lab.until(t, patience, c.router(), "show crypto session", func(out string) bool {
		return strings.Contains(out, "UP-ACTIVE") && strings.Contains(out, "remote "+c.other()+".2/500")
	})
	require.Contains(t, m.lab.at(t, c.router(), "show interfaces Tunnel0"), "destination "+c.other()+".2")
	m.traffic(t, c)
	m.tell(t, m.rekeyIKE(c))
	m.traffic(t, c)
	m.finish(t, c)
	require.Contains(t, m.lab.at(t, c.router(), "show interfaces Tunnel0"), "destination "+c.theirs())
}

// redirects: the peer is a client of our gateway, which sends it to another one: as it comes, and
// when it is there.
func (m *matrix) redirects(t *testing.T, c cell) {
	session := func(at string) {
		t.Helper()
		m.lab.until(t, patience, c.router(), "show crypto ikev2 sa", func(out string) bool {
			return strings.Contains(out, at+"/500") && strings.Contains(out, "READY")
		})
	}
	m.tell(t, m.initiate(c))
	session(c.ours())
	m.lab.lab(t, "redirect "+c.router()+" "+c.other()+".1")
	session(c.other() + ".1")
	m.traffic(t, c)
	m.end(t, m.peer, c)
	m.tell(t, m.initiate(c))
	session(c.other() + ".1")
	m.traffic(t, c)
	m.end(t, m.peer, c)
	m.nothingLeft(t, c)
}
