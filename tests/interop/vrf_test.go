package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// customers are a router of ours with two peers that are the same but for the VRF in front,
// addresses inside and outside, names and key included. Each peer is a kernel of its own.
type customers struct {
	*matrix
	c     cell
	peers [2]*guest
}

// twoVRFs: what a tunnel of one does, the other never sees.
func (m *matrix) twoVRFs(t *testing.T, c cell) {
	x := &customers{matrix: &matrix{daemon: m.daemon}, c: c}
	var ports [2][2]int
	var guests sync.WaitGroup
	for i := range x.peers {
		ports[i][0], ports[i][1] = kit.FreePort(t), kit.FreePort(t)
	}
	for i := range x.peers {
		guests.Go(func() { x.peers[i] = m.boot(t, []cell{c}, ports[i][0], ports[i][1]) })
	}
	guests.Wait()
	x.lab = x.start(t, ports)
	x.lab.at(t, c.router(), "terminal length 0")
	for i, p := range x.peers {
		p.do(t, m.sas) // it runs
		p.do(t, m.initiate(c))
		x.carries(t, i)
	}
	spi := x.spis(t, 1)
	x.peers[0].do(t, m.rekeyChild(c))
	x.peers[0].do(t, m.rekeyIKE(c))
	x.carries(t, 0)
	x.carries(t, 1)
	require.Equal(t, spi, x.spis(t, 1), "the rekey of the other")
	m.end(t, x.peers[0], c)
	x.gone(t, 0)
	x.carries(t, 1)
	x.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P1", "no responder-only", "end")
	x.carries(t, 0)
	x.carries(t, 1)
	require.Equal(t, spi, x.spis(t, 1), "the tunnel of the other")
	for i := range x.peers {
		x.lab.at(t, c.router(), "configure terminal", fmt.Sprintf("interface Tunnel%d", i+1), "shutdown", "end")
		x.gone(t, i)
	}
}

// start is the lab: the router, with a link to each peer.
func (x *customers) start(t *testing.T, ports [2][2]int) *consoles {
	dir := t.TempDir()
	file := filepath.Join(dir, "customers.clab.yml")
	text := fmt.Sprintf("name: customers\ntopology:\n  nodes:\n    %[1]s: {kind: ios, startup-config: router.cfg}\n  links:\n", x.c.router())
	for i, p := range ports {
		text += fmt.Sprintf("    - {type: udp, endpoint: \"%s:Ethernet0/%d\", local: \"127.0.0.1:%d\", remote: \"127.0.0.1:%d\"}\n", x.c.router(), i, p[0], p[1])
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	config := x.c.fill(vrfConfig)
	for i := range ports {
		config += strings.NewReplacer("VRF", fmt.Sprint("VRF", i+1), "PORT", fmt.Sprint(i), "#", fmt.Sprint(i+1)).Replace(x.c.fill(customerConfig))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "router.cfg"), []byte(config), 0o644))
	return startConsoles(t, kit.Ikelab(t, "run", "--speed", matrixSpeed(), file))
}

const vrfConfig = `hostname ROUTER
no logging console
crypto ikev2 proposal P
 encryption aes-cbc-256
 integrity sha256
 group 19
crypto ikev2 policy P
 match fvrf any
 proposal P
crypto ikev2 keyring K
 peer P
  address THEIRS
  pre-shared-key interop
crypto ipsec transform-set T esp-gcm
`

const customerConfig = `vrf definition VRF
 address-family ipv4
vrf definition VRF-IN
 address-family ipv4
crypto ikev2 profile P#
 match fvrf VRF
 match identity remote address THEIRS 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec profile P#
 set transform-set T
 set ikev2-profile P#
 responder-only
interface Ethernet0/PORT
 vrf forwarding VRF
 ip address OURS 255.255.255.0
interface Loopback#
 vrf forwarding VRF-IN
 ip address INSIDE.1 255.255.255.0
interface Tunnel#
 vrf forwarding VRF-IN
 ip unnumbered Loopback#
 tunnel source Ethernet0/PORT
 tunnel mode ipsec ipv4
 tunnel destination THEIRS
 tunnel vrf VRF
 tunnel protection ipsec profile P#
ip route vrf VRF-IN INNER 255.255.255.255 Tunnel#
`

// carries: the tunnel is up, echoes go both ways, and the peer has counted what we have,
// of this customer alone.
func (x *customers) carries(t *testing.T, i int) {
	t.Helper()
	ping := fmt.Sprintf("ping vrf VRF%d-IN %s source Loopback%[1]d", i+1, x.c.theirInner())
	x.lab.until(t, patience, x.c.router(), ping, has("100 percent"))
	repeat(t, patience, "echoes", func() string { return x.peers[i].do(t, "ping "+x.c.inside()+".1 3 10") }, has("3 of 3"))
	counted := func() int { return theirCount(x.peers[i].do(t, "pairs"), x.c.ours()+" "+x.c.theirs()) }
	repeat(t, patience, "counters", func() string {
		x.lab.at(t, x.c.router(), "clear crypto sa counters")
		before := counted()
		x.lab.at(t, x.c.router(), ping)
		return fmt.Sprintf("%d here, %d of the other, %d there", ourCount(x.sa(t, i), "encaps"), ourCount(x.sa(t, 1-i), "encaps"), counted()-before)
	}, has("5 here, 0 of the other, 5 there"))
}

func (x *customers) sa(t *testing.T, i int) string {
	return x.lab.at(t, x.c.router(), fmt.Sprintf("show crypto ipsec sa interface Tunnel%d", i+1))
}

// spis are the SPIs of a customer's pair, at our end.
func (x *customers) spis(t *testing.T, i int) string {
	t.Helper()
	_, rest, ok := strings.Cut(x.sa(t, i), "current outbound spi: ")
	require.True(t, ok)
	spi, _, _ := strings.Cut(rest, "(")
	return spi
}

// gone waits until neither end has an SA of a customer.
func (x *customers) gone(t *testing.T, i int) {
	t.Helper()
	x.peers[i].until(t, patience, x.sas, func(out string) bool { return about(out, x.mark(x.c)) == "" })
	x.peers[i].until(t, patience, "pairs", func(out string) bool { return about(out, x.c.ours()+" ") == "" })
	x.lab.until(t, patience, x.c.router(), fmt.Sprintf("show crypto ipsec sa interface Tunnel%d", i+1), hasNot("transform:"))
	x.lab.until(t, patience, x.c.router(), "show crypto ikev2 sa", hasNot(fmt.Sprintf("VRF%d/", i+1)))
}
