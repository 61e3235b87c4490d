package shell

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/router/cluster"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/ntp"
	"ikelab/router/record"
	"ikelab/router/show"
	"ikelab/router/standby"
	"ikelab/router/track"
)

var testNow = time.Date(2013, 11, 11, 20, 28, 34, 3e6, time.UTC)

const testStartup = `hostname Router1
interface Loopback0
 ip address 192.168.1.1 255.255.255.0
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.0.2
`

// stub is a router without a network.
type stub struct {
	store   *iosconfig.Store
	startup string
	flash   Flash
	reloads int
	cleared []string
	ping    *PingRequest // under way
	trace   *TraceRequest
	stopped bool
	clock   ntp.Clock
}

func (d *stub) Name() string                                 { return "R1" }
func (d *stub) Generation() iosconfig.Generation             { return iosconfig.IOS151 }
func (d *stub) Running() *iosconfig.Config                   { return d.store.Running() }
func (d *stub) Derived() *iosconfig.Config                   { return d.Running() }
func (d *stub) Startup() string                              { return d.startup }
func (d *stub) Flash() *Flash                                { return &d.flash }
func (d *stub) Started() time.Time                           { return testNow }
func (d *stub) RestartReason() string                        { return "power-on" }
func (d *stub) IKESAs(show.Which) []ikev2.SAInfo             { return nil }
func (d *stub) Worked(time.Time) show.Work                   { return show.Work{Busy: time.Second, Operations: 2} }
func (d *stub) Matches(*iosconfig.AccessList) map[int]uint64 { return map[int]uint64{10: 1, 20: 5} }
func (d *stub) Permits(string, []byte) bool                  { return true }
func (d *stub) ForgetNeighbours()                            {}
func (d *stub) ClearMatches(list string, six bool)           { d.cleared = append(d.cleared, "matches "+list) }
func (d *stub) ClearNeighbours(time.Time, netip.Addr)        { d.cleared = append(d.cleared, "neighbours") }
func (d *stub) IKEStats() ikev2.Stats                        { return ikev2.Stats{} }
func (d *stub) Flows(show.Which) []crypto.FlowState {
	return []crypto.FlowState{{Interface: "Tunnel0"}}
}
func (d *stub) Neighbours() []ip.NeighbourState      { return nil }
func (d *stub) NAT(time.Time) show.NATState          { return show.NATState{} }
func (d *stub) ClearTranslations()                   {}
func (d *stub) DHCP() show.DHCPState                 { return show.DHCPState{} }
func (d *stub) PKI() show.PKIState                   { return show.PKIState{} }
func (d *stub) Clock() *ntp.Clock                    { return &d.clock }
func (d *stub) ClockSet(now, to time.Time)           { d.clock.Set(now, to, ntp.ByUser) }
func (d *stub) ClockMoved(time.Time)                 {}
func (d *stub) NTP(time.Time) ntp.State              { return ntp.State{} }
func (d *stub) Pools() []ikev2.PoolState             { return nil }
func (d *stub) Clients() []show.FlexClient           { return nil }
func (d *stub) Connect(time.Time, string, bool) bool { return false }
func (d *stub) ClearBinding(netip.Addr) bool         { return false }
func (d *stub) ClearConflict(netip.Addr) bool        { return false }
func (d *stub) Renew(time.Time, string) bool         { return false }
func (d *stub) Release(time.Time, string) bool       { return false }
func (d *stub) Reload(time.Time)                     { d.reloads, d.clock = d.reloads+1, ntp.Clock{} }
func (d *stub) ClearTraffic(bool)                    {}
func (d *stub) Traffic() *ip.Totals                  { return &ip.Totals{} }
func (d *stub) IPv6(string) ip.SixState              { return ip.SixState{Totals: &ip.Totals{}} }
func (d *stub) ClearIKEStats()                       { d.cleared = append(d.cleared, "ike stats") }
func (d *stub) Tracking() track.State                { return track.State{} }
func (d *stub) HSRP() []standby.GroupState           { return nil }
func (d *stub) Cluster() cluster.State               { return cluster.State{} }
func (d *stub) ClearPair(_ time.Time, to netip.Addr, spi uint32) {
	d.cleared = append(d.cleared, fmt.Sprintf("pair %v %x", to, spi))
}
func (d *stub) ClearPairCounters() { d.cleared = append(d.cleared, "pair counters") }

func (d *stub) SetStartup(text string) error {
	if d.flash.storage != nil {
		if err := d.flash.storage.Startup(text); err != nil {
			return err
		}
	}
	d.startup = text
	return nil
}

func (d *stub) Diagnoses() ([]ikev2.Diagnosis, []ikev2.FailureCount) { return nil, nil }

func (d *stub) Interfaces(name string) (list []show.Interface) {
	for i := range d.Running().Interfaces.All() {
		if name != "" && i.Name() != name {
			continue
		}
		list = append(list, show.Interface{InterfaceState: ip.InterfaceState{Name: i.Name(), Type: string(i.Type), Address: i.Address, Physical: !i.Type.Logical(), Up: true, Protocol: true}})
	}
	return list
}

func (d *stub) RoutesAt(string, netip.Addr, netip.Prefix) []ip.RouteState { return nil }
func (d *stub) Routes(string) []ip.RouteState {
	return []ip.RouteState{{Code: "S", Prefix: netip.MustParsePrefix("0.0.0.0/0"), NextHop: netip.MustParseAddr("10.0.0.2"), Distance: 1}}
}

func (d *stub) Unsaved() bool {
	l := rows.Load(d.startup, d.Generation())
	saved, problems := l.Commit, l.Refused
	return len(problems) > 0 || !slices.Equal(rows.Running(saved.After), rows.Running(d.Running()))
}

func (d *stub) ClearIKE(_ time.Time, of show.Which) {
	d.cleared = append(d.cleared, "ike "+of.Local.String()+" "+of.Peer.String())
}

func (d *stub) ClearPairs(_ time.Time, of show.Which) {
	d.cleared = append(d.cleared, "pairs "+of.Map+of.Peer.String())
}

func (d *stub) ClearCounters(_ time.Time, name string) {
	d.cleared = append(d.cleared, "counters "+name)
}

func (d *stub) SourceFor(string, netip.Addr) netip.Addr { return netip.MustParseAddr("10.0.0.1") }

func (d *stub) OwnAddress(_ string, a netip.Addr) bool {
	for i := range d.Running().Interfaces.All() {
		if i.Address.Addr() == a {
			return true
		}
	}
	return false
}

func (d *stub) Ping(_ time.Time, p PingRequest) func() {
	d.ping = &p
	return func() { d.stopped = true }
}

func (d *stub) Trace(_ time.Time, t TraceRequest) func() {
	d.trace = &t
	return func() { d.stopped = true }
}

func (d *stub) Editor() Editor { return &stubEditor{rows.NewEditor(d.store)} }

// stubEditor is configure mode of a stub.
type stubEditor struct{ *editor.Editor }

func (e *stubEditor) Enter(_ time.Time, line string) (Edited, error) {
	result, err := e.Editor.Enter(line)
	var do editor.ErrDo
	if errors.As(err, &do) {
		return Edited{Do: do.Line, At: do.Offset}, nil
	}
	return Edited{Messages: result.Messages, Left: result.Left}, err
}

// terminal is a session with what it has shown.
type terminal struct {
	*Session
	d    *stub
	sh   *Shell
	seen []record.Body
	now  time.Time
	text strings.Builder
}

func newTerminal(t testing.TB, o Options) *terminal {
	l := rows.Load(testStartup, iosconfig.IOS151)
	c, problems := l.Commit, l.Refused
	require.Empty(t, problems)
	d := &stub{store: iosconfig.NewStore(c.After), startup: testStartup}
	records := record.New(1, "R1")
	term := &terminal{d: d, sh: New(d, records, EXEC()), now: testNow}
	records.Listen(func(r record.Record) {
		if _, step := r.Body.(*ikev2.Step); !step {
			term.seen = append(term.seen, r.Body)
		}
	})
	o.Out = func(s string) { term.text.WriteString(s) }
	term.Session = term.sh.Open(o)
	return term
}

// typed enters a line and returns what was shown since the last one.
func (t *terminal) typed(line string) string {
	t.Enter(t.now, line)
	return t.shown()
}

func (t *terminal) shown() string {
	s := t.text.String()
	t.text.Reset()
	return s
}

// privileged is a terminal in privileged EXEC that does not page.
func privileged(t testing.TB) *terminal {
	term := newTerminal(t, Options{Privileged: true})
	term.Resize(80, 0)
	return term
}

// configured has the router run what a file changes.
func (t *terminal) configured(test testing.TB, lines ...string) {
	ed := rows.NewEditor(t.d.store)
	for _, line := range lines {
		_, err := ed.Enter(line)
		require.NoError(test, err, line)
	}
}

// happen records something at the stub.
func (t *terminal) happen(b record.Body) {
	t.sh.records.Begin(t.now, 0, 0)
	t.sh.records.Emit(b)
}

// linkUp is a record that syslog tells.
var linkUp = ip.LinkChanged{Interface: "Ethernet0/0", Up: true, Physical: true}

func (d *stub) GenerateKey(time.Time, string, string, int, bool) (string, error) { return "R1", nil }
func (d *stub) HasKey(string) (string, bool)                                     { return "R1", false }
func (d *stub) ZeroizeKeys(time.Time, string, string) []string                   { return nil }
func (d *stub) Offered(string, string) (string, string, error)                   { return "A", "B", nil }
func (d *stub) Trust(time.Time, string, string) error                            { return nil }
func (d *stub) Enrol(time.Time, string, Included) error                          { return nil }
func (d *stub) Request(time.Time, string, Included) (string, error)              { return "A\nB\nC\n", nil }
func (d *stub) Install(time.Time, string, string) error                          { return nil }
func (d *stub) Import(time.Time, string, Imported) error                         { return nil }
func (d *stub) Authorities([]byte, string) (int, error)                          { return 2, nil }
func (d *stub) Export(string, string, string) (Exported, error)                  { return Exported{Key: "K"}, nil }
func (d *stub) ExportPKCS12(string, string) ([]byte, error)                      { return []byte{1}, nil }
func (d *stub) FetchList(time.Time, string) error                                { return nil }
