package interop

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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
