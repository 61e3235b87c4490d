package interop

import (
	"flag"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The matrix: all that a tunnel may be made of, with each kind of peer.

var (
	withMatrix = flag.Bool("matrix", false, "try the matrix of tunnels with real peers, which takes minutes")
	mostCells  = flag.Int("cells", allCells, "of each kind of peer, the first so many cells")
)

const allCells = 1000

func TestMatrix(t *testing.T) {
	if !*withMatrix {
		t.Skip("the matrix takes minutes: -matrix")
	}
	var parts []string
	for _, d := range []*daemon{strongSwanPeer, libreswanPeer, openIKEDPeer} {
		t.Run(d.kind, func(t *testing.T) {
			m := newMatrix(t, d)
			m.run(t)
			parts = append(parts, m.page())
		})
	}
	if *mostCells == allCells && !t.Failed() {
		checkPage(t, parts)
	}
}

// matrix is a kind of peer with all its cells.
type matrix struct {
	*daemon
	cells       []cell
	peer, inner *dialog
	lab         *consoles
	title       string // the peer with its version
	results     results
}

// The two roles of a cell.
const (
	theyBegin = "they initiate"
	weBegin   = "we initiate"
)

func newMatrix(t *testing.T, d *daemon) *matrix {
	d.need(t)
	m := &matrix{daemon: d, cells: cells(d.kind)}
	m.cells = m.cells[:min(len(m.cells), *mostCells)]
	var peer, host [2]int
	peer[0], peer[1] = freePorts(t)
	host[0], host[1] = freePorts(t)
	var guests sync.WaitGroup
	guests.Go(func() { m.peer = d.boot(t, m.cells, peer[0], peer[1]) })
	guests.Go(func() { m.inner = bootHost(t, m.cells, host[0], host[1]) })
	guests.Wait()
	require.NotNil(t, m.peer, "no guest with the daemon")
	require.NotNil(t, m.inner, "no guest that is the host")
	m.lab = startLab(t, m.cells, peer, host)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(m.peer.ask(t, d.log))
		}
	})
	return m
}

// run tries all cells side by side: they mostly wait for each other's processes.
func (m *matrix) run(t *testing.T) {
	m.title = strings.TrimSpace(m.peer.ask(t, m.version))
	t.Run(theyBegin, func(t *testing.T) { m.all(t, theyBegin, m.theyInitiate) })
	m.peer.ask(t, m.between)
	t.Run(weBegin, func(t *testing.T) { m.all(t, weBegin, m.weInitiate) })
}

func (m *matrix) all(t *testing.T, role string, try func(*testing.T, cell)) {
	var all sync.WaitGroup
	for _, c := range m.cells {
		all.Go(func() {
			m.results.put(c, role, t.Run(c.name(), func(t *testing.T) { try(t, c) }))
		})
	}
	all.Wait()
}

const patience = 90 * time.Second

// theyInitiate brings the tunnel up, rekeys and ends it from the peer's side.
func (m *matrix) theyInitiate(t *testing.T, c cell) {
	m.lab.at(t, c.router(), "terminal length 0")
	out := m.peer.ask(t, m.initiate(c))
	m.lab.until(t, patience, c.router(), "show crypto session", has("UP-ACTIVE"))
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), "Initiator of SA : No", out)
	m.traffic(t, c)
	before := m.spi(t, c)
	m.peer.ask(t, m.rekeyChild(c))
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.spi(t, c) != before })
	before = m.ikeSPI(t, c)
	m.peer.ask(t, m.rekeyIKE(c))
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != before })
	m.traffic(t, c)
	if m.terminate == nil { // it would begin again at once
		return
	}
	m.peer.ask(t, m.terminate(c))
	m.nothingLeft(t, c)
}

// weInitiate brings the tunnel up, lets it be rekeyed by our lifetimes and ends it.
func (m *matrix) weInitiate(t *testing.T, c cell) {
	m.nothingLeft(t, c)
	m.lab.at(t, c.router(), "configure terminal", "crypto ikev2 profile P", "lifetime 160", "crypto ipsec profile P",
		"set security-association lifetime seconds 120", "no responder-only", "end")
	m.lab.until(t, patience, c.router(), "show crypto session", has("UP-ACTIVE"))
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), "Initiator of SA : Yes")
	m.traffic(t, c)
	child, ike := m.spi(t, c), m.ikeSPI(t, c)
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.spi(t, c) != child })
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != ike })
	m.traffic(t, c)
	m.lab.at(t, c.router(), "configure terminal", "interface Tunnel0", "shutdown", "end")
	m.nothingLeft(t, c)
}

// traffic is a ping and the text by TCP, both ways, between the host and the
// peer's inner address.
func (m *matrix) traffic(t *testing.T, c cell) {
	t.Helper()
	require.Contains(t, m.inner.ask(t, "ping -c 3 -i 0.2 -W 5 "+c.theirInner()), " 0% packet loss")
	require.Contains(t, m.inner.ask(t, "timeout 30 socat -u TCP:"+c.theirInner()+":5000 - | sha256sum"), textSum)
	require.Contains(t, m.inner.ask(t, text+" | timeout 30 socat -t 20 - TCP:"+c.theirInner()+":5001"), textSum)
}

// spi is our outbound SPI.
func (m *matrix) spi(t *testing.T, c cell) string {
	t.Helper()
	_, rest, _ := strings.Cut(m.lab.at(t, c.router(), "show crypto ipsec sa"), "current outbound spi: ")
	spi, _, _ := strings.Cut(rest, "(")
	return spi
}

func (m *matrix) ikeSPI(t *testing.T, c cell) string {
	t.Helper()
	_, rest, _ := strings.Cut(m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), "Local spi: ")
	return strings.Fields(rest + " -")[0]
}

// nothingLeft waits until no SA is left on either side.
func (m *matrix) nothingLeft(t *testing.T, c cell) {
	t.Helper()
	m.peer.poll(t, patience, m.sas(c), func(out string) bool { return strings.TrimSpace(out) == "" })
	m.peer.poll(t, patience, "ip xfrm state list dst "+c.ours()+"; ip xfrm state list dst "+c.theirs(), func(out string) bool { return strings.TrimSpace(out) == "" })
	m.lab.until(t, patience, c.router(), "show crypto ikev2 sa", hasNot(c.theirs()+"/500"))
	m.lab.until(t, patience, c.router(), "show crypto ipsec sa", hasNot("transform:"))
}
