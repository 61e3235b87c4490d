package interop

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// The matrix: all that a tunnel may be made of, with each kind of peer.

var (
	withMatrix = flag.Bool("matrix", false, "try the whole matrix of tunnels with real peers, which takes minutes")
	mostCells  = flag.Int("cells", allCells, "of each kind of peer, the first so many cells")
)

const allCells = 1000

// fewCells are tried by every run of the tests; from someCells on the features
// are tried too.
const (
	fewCells  = 3
	someCells = 10
)

func TestMatrix(t *testing.T) {
	if !*withMatrix {
		newMatrix(t, strongSwanPeer, fewCells).run(t)
		return
	}
	daemons := []*daemon{strongSwanPeer, libreswanPeer, openIKEDPeer}
	parts := make([]string, len(daemons))
	var all sync.WaitGroup
	for i, d := range daemons { // side by side: what takes time is mostly lifetimes
		if d == openIKEDPeer { // but for the one that rekeys by itself, whoever has time to look
			all.Wait()
		}
		all.Go(func() {
			t.Run(d.kind, func(t *testing.T) {
				m := newMatrix(t, d, *mostCells)
				m.run(t)
				parts[i] = m.page()
			})
		})
	}
	all.Wait()
	if t.Failed() { // and so that it stands where one looks first, again
		for i, d := range daemons {
			t.Logf("with %s failed:\n%s", d.kind, about(parts[i], "**failed**"))
		}
	}
	if *mostCells == allCells && (*update || !t.Failed()) { // a page says what failed, too
		checkPage(t, parts)
	}
}

// matrix is a kind of peer with all its cells.
type matrix struct {
	*daemon
	cells       []cell
	peer, inner *guest
	lab         *consoles
	title       string // the peer with its version
	results     results
	empty       int // packets that carried nothing, which the kernel counts as wrong
	// busy is how many cells do what costs the machine something.
	busy chan struct{}
}

// The two roles of a cell.
const (
	theyBegin = "they initiate"
	weBegin   = "we initiate"
)

func newMatrix(t *testing.T, d *daemon, most int) *matrix {
	d.need(t)
	m := &matrix{daemon: d, cells: cells(d), busy: make(chan struct{}, 4)}
	m.cells = slices.DeleteFunc(m.cells, func(c cell) bool { return c.n > most && (c.feature == nil || most < someCells) })
	var peer, host [2]int
	peer[0], peer[1] = kit.FreePort(t), kit.FreePort(t)
	host[0], host[1] = kit.FreePort(t), kit.FreePort(t)
	var guests sync.WaitGroup
	guests.Go(func() { m.peer = d.boot(t, m.cells, peer[0], peer[1]) })
	guests.Go(func() { m.inner = bootHost(t, m.cells, host[0], host[1]) })
	guests.Wait()
	require.NotNil(t, m.peer, "no guest with the daemon")
	require.NotNil(t, m.inner, "no guest that is the host")
	m.peer.do(t, d.sas) // it runs, so it has understood its configuration
	m.lab = startLab(t, m.cells, peer, host)
	t.Cleanup(func() {
		if t.Failed() {
			keep(t, d.kind+"'s log", m.peer.ask(t, "sh "+d.log))
		}
	})
	return m
}

// run tries all cells side by side: they mostly wait for each other's processes.
func (m *matrix) run(t *testing.T) {
	m.title = strings.TrimSpace(m.peer.ask(t, "sh "+m.version))
	t.Run(theyBegin, func(t *testing.T) { m.all(t, theyBegin, m.theyInitiate) })
	if m.between != "" {
		m.peer.ask(t, "sh "+m.between)
	}
	t.Run(weBegin, func(t *testing.T) { m.all(t, weBegin, m.weInitiate) })
	t.Run("features", m.features)
	stat := m.peer.ask(t, "file /proc/net/xfrm_stat")
	require.NotRegexp(t, `(?m)^Xfrm\w*(OutStateProtoError|ModeError|SeqError|Mismatch|PolBlock)\s+[1-9]`, stat)
	wrong, _ := strconv.Atoi(regexp.MustCompile(`XfrmInStateProtoError\s+(\d+)`).FindStringSubmatch(stat + "XfrmInStateProtoError 0")[1])
	require.LessOrEqual(t, wrong, m.empty, stat)
}

func (m *matrix) all(t *testing.T, role string, try func(*testing.T, cell)) {
	var all sync.WaitGroup
	for _, c := range m.cells {
		if c.feature != nil {
			continue
		}
		all.Go(func() {
			m.results.put(c, role, t.Run(c.name(), func(t *testing.T) { try(t, c) }))
		})
	}
	all.Wait()
}

// turn has f run when few others do what costs the machine something.
func (m *matrix) turn(f func()) {
	m.busy <- struct{}{}
	defer func() { <-m.busy }()
	f()
}

const patience = 150 * time.Second

// tell has the peer do what it does not do by itself.
func (m *matrix) tell(t *testing.T, command string) string {
	t.Helper()
	if command == "" {
		return ""
	}
	return m.peer.do(t, command)
}

// end has the peer end its tunnel. It cannot while it still deletes an IKE SA that it has rekeyed.
func (d *daemon) end(t *testing.T, peer *guest, c cell) {
	t.Helper()
	ike := regexp.MustCompile(d.ike(c))
	peer.until(t, patience, d.sas, func(out string) bool { return len(ike.FindAllString(out, -1)) < 2 })
	peer.do(t, d.terminate(c))
}

// theyInitiate brings the tunnel up, rekeys and ends it from the peer's side.
func (m *matrix) theyInitiate(t *testing.T, c cell) {
	m.turn(func() {
		m.lab.at(t, c.router(), "terminal length 0")
		out := m.tell(t, m.initiate(c))
		m.up(t, c, "No", out)
		m.traffic(t, c)
		m.counters(t, c)
	})
	m.theyRekey(t, c)
	m.turn(func() {
		m.traffic(t, c)
		if m.terminate != nil { // else it would begin again at once
			m.end(t, m.peer, c)
		}
	})
	if m.terminate != nil {
		m.nothingLeft(t, c)
	}
}

// weInitiate brings the tunnel up, lets it be rekeyed by our lifetimes and ends it.
func (m *matrix) weInitiate(t *testing.T, c cell) {
	m.nothingLeft(t, c)
	m.turn(func() {
		m.lab.at(t, c.router(), "configure terminal", "crypto ikev2 profile P", "lifetime 160", "crypto ipsec profile P",
			"set security-association lifetime seconds 120", "no responder-only", "end")
		m.up(t, c, "Yes", "")
		m.traffic(t, c)
	})
	pair, ike := m.spi(t, c), m.ikeSPI(t, c)
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.spi(t, c) != pair })
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != ike })
	m.turn(func() { m.traffic(t, c) })
	m.lab.at(t, c.router(), "configure terminal", "interface Tunnel0", "shutdown", "end")
	m.nothingLeft(t, c)
}

// up waits for the tunnel at both ends, of which we are the initiator or not: the
// last to know is the initiator.
func (m *matrix) up(t *testing.T, c cell, initiator, said string) {
	t.Helper()
	m.lab.until(t, patience, c.router(), "show crypto session", has("UP-ACTIVE"))
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), "Initiator of SA : "+initiator, said)
	m.peer.until(t, patience, "pairs", func(out string) bool { return strings.Count(about(out, c.ours()+" "), "\n") >= 2 })
}

// traffic is a ping and the text by TCP, both ways, between the host and the
// peer's inner address.
func (m *matrix) traffic(t *testing.T, c cell) {
	t.Helper()
	// A guest that has no processor for a while drops what comes: byVolume is
	// where nothing may be lost.
	for _, to := range c.theirInners() {
		repeat(t, patience, "echoes", func() string { return m.inner.do(t, "ping "+to+" 3 10") }, has("3 of 3"))
		require.Equal(t, textSum, strings.TrimSpace(m.inner.do(t, "get "+to)))
		require.Equal(t, textSum, strings.TrimSpace(m.inner.do(t, "put "+to)))
	}
}

// counters compares what both ends say that they have sent and received. The peer counts by
// pairs: one that has taken over meanwhile has carried nothing, so something is sent again. So
// it is where they differ: what is lacking then, a guest has dropped before that had no
// processor for a while, if nothing lacks of what is sent now.
func (m *matrix) counters(t *testing.T, c cell) {
	t.Helper()
	var lacking [2]int
	repeat(t, patience, "counters", func() string {
		theirs := m.peer.do(t, "pairs")
		if theirCount(theirs, c.ours()+" "+c.theirs()) == 0 {
			m.lab.at(t, c.router(), "clear crypto sa counters")
			m.traffic(t, c)
			theirs = m.peer.do(t, "pairs")
		}
		ours := m.lab.at(t, c.router(), "show crypto ipsec sa")
		out, in := ourCount(ours, "encaps"), ourCount(ours, "decaps")
		now := [2]int{out - theirCount(theirs, c.ours()+" "+c.theirs()), theirCount(theirs, c.theirs()+" "+c.ours()) - in}
		switch {
		case out == 0 || in == 0:
			return "nothing was sent, or nothing came"
		case now == [2]int{} || now == lacking:
			return "equal"
		}
		lacking = now
		m.traffic(t, c)
		return fmt.Sprintf("%d lacking at the peer, %d here", now[0], now[1])
	}, has("equal"))
}

// ourCount is a count of a screen; 0: it has none.
func ourCount(screen, what string) int {
	n, _ := strconv.Atoi(regexp.MustCompile(`#pkts ` + what + `: (\d+)|$`).FindStringSubmatch(screen)[1])
	return n
}

// theirCount adds the packets of a direction's pairs.
func theirCount(listing, direction string) int {
	sum := 0
	for line := range strings.Lines(listing) {
		if rest, ok := strings.CutPrefix(line, direction+" "); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[1])
			sum += n
		}
	}
	return sum
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
	m.peer.until(t, patience, m.sas, func(out string) bool { return about(out, m.mark(c)) == "" })
	m.peer.until(t, patience, "pairs", func(out string) bool { return about(out, c.ours()+" ") == "" })
	m.lab.until(t, patience, c.router(), "show crypto ikev2 sa", hasNot(c.shown()+"/500"))
	m.lab.until(t, patience, c.router(), "show crypto ipsec sa", hasNot("transform:"))
}
