package ikev2

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// lab joins two engines by a link of 1 ms and keeps what their callers would:
// installed pairs, events, datagrams.
type lab struct {
	t     reporter
	now   time.Time
	queue []appointment // by time, then by order of making
	peers [2]*end
	// tamper sees each datagram before it leaves; nil drops it.
	tamper func(from int, d Datagram) []Datagram
	// delay is how long a datagram travels; nil: 1 ms.
	delay func() time.Duration
	// stubborn acquires an entry again a second after it went down, as a tunnel
	// interface does.
	stubborn bool
	packets  *packets // nil: nobody sends any
}

// reporter is what the lab needs of a test.
type reporter interface {
	require.TestingT
	Helper()
}

// end is one engine and what its caller keeps.
type end struct {
	*Engine
	lab    *lab
	index  int
	pairs  map[ipsec.SPI]ChildSA
	early  map[ipsec.SPI]bool // expected
	events []Effect
	sent   int
	clear  map[wire.Header]*wire.Message // what left, by headerOf
}

// appointment is something to be done at an instant.
type appointment struct {
	at time.Time
	do func()
}

var labEpoch = time.Date(2024, 11, 11, 20, 28, 34, 0, time.UTC)

func newLab(t reporter, seed uint64, edit ...func(*testPolicy)) *lab {
	l := &lab{t: t, now: labEpoch}
	for i := range l.peers {
		var key [32]byte
		key[0], key[1], key[2] = byte(i), byte(seed), byte(seed>>8)
		p := &end{Engine: New(rand.NewChaCha8(key), always), lab: l, index: i, pairs: map[ipsec.SPI]ChildSA{}, early: map[ipsec.SPI]bool{}, clear: map[wire.Header]*wire.Message{}}
		l.peers[i] = p
		p.configure(testConfig(i, edit...))
	}
	return l
}

func (l *lab) at(t time.Time, do func()) {
	i := sort.Search(len(l.queue), func(i int) bool { return l.queue[i].at.After(t) })
	l.queue = slices.Insert(l.queue, i, appointment{t, do})
}

// configure gives an engine its whole configuration.
func (p *end) configure(c *testPolicy) {
	p.Configure(&c.Config)
	var gone []string
	for name := range p.entries.All() {
		if !slices.ContainsFunc(c.Children, func(f ChildPolicy) bool { return f.Entry == name }) {
			gone = append(gone, name)
		}
	}
	for _, name := range gone {
		p.apply(p.Unprotect(p.lab.now, name))
	}
	for _, f := range c.Children {
		p.apply(p.Protect(p.lab.now, &f))
	}
}

// apply does what effects ask for.
func (p *end) apply(fx Effects) {
	l := p.lab
	p.events = append(p.events, fx...)
	for _, ev := range fx {
		switch ev := ev.(type) {
		case ExpectChild:
			require.NotContains(l.t, p.early, ev.In)
			p.early[ev.In] = true
		case AddChild:
			delete(p.early, ev.In.SPI)
			require.NotContains(l.t, p.pairs, ev.In.SPI)
			p.pairs[ev.In.SPI] = ev.ChildSA
			l.packets.heed(p.index, ev)
		case CloseChild:
			l.packets.heed(p.index, ev)
		case DeleteChild:
			require.True(l.t, p.early[ev.In] || p.pairs[ev.In].Entry != "", "%#x", uint32(ev.In))
			delete(p.early, ev.In)
			delete(p.pairs, ev.In)
			l.packets.heed(p.index, ev)
		case Send:
			p.sent++
			list := []Datagram{ev.Datagram}
			if l.tamper != nil {
				list = l.tamper(p.index, ev.Datagram)
			}
			for _, d := range list {
				p.transmit(d)
			}
		case StartJob:
			result := p.Job(ev.ID).Run()
			l.at(l.now.Add(ev.Cost), func() { p.apply(p.Deliver(l.now, ev.ID, result)) })
		default:
			p.heed(ev)
		}
	}
}

// heed does what a caller does about an event, and keeps the messages.
func (p *end) heed(ev Effect) {
	switch ev := ev.(type) {
	case EntryDown:
		if l := p.lab; l.stubborn {
			l.at(l.now.Add(time.Second), func() { l.acquire(p.index) })
		}
	case MessageBuilt:
		p.clear[headerOf(ev.Message.Header)] = ev.Message
	}
}

// transmit lets one copy of a datagram travel.
func (p *end) transmit(d Datagram) {
	l, travel := p.lab, time.Millisecond
	if l.delay != nil {
		travel = l.delay()
	}
	l.at(l.now.Add(travel), func() {
		to := l.peers[1-p.index]
		to.apply(to.Receive(l.now, Datagram{Local: d.Remote, Remote: d.Local, Data: d.Data}))
	})
}

// run lets time pass.
func (l *lab) run(d time.Duration) {
	end := l.now.Add(d)
	for l.step(end) {
	}
}

// step does what is due next, until the end of a span; false: nothing is.
func (l *lab) step(end time.Time) bool {
	next, who := end, -1
	if len(l.queue) > 0 && !l.queue[0].at.After(end) {
		next, who = l.queue[0].at, 2
	}
	for i, p := range l.peers {
		if due := p.Deadline(); !due.IsZero() && !due.After(end) && (who < 0 || due.Before(next)) {
			next, who = due, i
		}
	}
	if next.After(l.now) {
		l.now = next
	}
	switch who {
	case -1:
		return false
	case 2:
		due := l.queue[0]
		l.queue = l.queue[1:]
		due.do()
	default:
		l.peers[who].apply(l.peers[who].Advance(l.now))
	}
	return true
}

func (l *lab) acquire(i int) {
	l.peers[i].apply(l.peers[i].Acquire(l.now, entryName, [2]spd.Selector{}))
}

// rekeyIKE begins the rekey of the newest IKE SA of an end that can be rekeyed.
func (l *lab) rekeyIKE(i int) {
	p := l.peers[i]
	p.begin(l.now)
	for _, sa := range slices.Backward(p.byAge()) {
		if sa.usable() {
			p.Engine.rekeyIKE(sa)
			break
		}
	}
	p.apply(p.Engine.end())
}

// rekeyChild begins the rekey of an end's newest pair.
func (l *lab) rekeyChild(i int) {
	p := l.peers[i]
	if c := p.newest(); c != nil {
		p.apply(p.VolumeSoft(l.now, c.in))
	}
}

// newest is the child that was made last: of the newest IKE SA, the last.
func (p *end) newest() *child {
	for _, sa := range slices.Backward(p.byAge()) {
		if n := len(sa.children); n > 0 {
			return sa.children[n-1]
		}
	}
	return nil
}

// byAge lists an end's SAs in the order in which they came up.
func (p *end) byAge() []*ikeSA {
	return slices.SortedFunc(slices.Values(p.sorted()), func(a, b *ikeSA) int { return a.ceid - b.ceid })
}

// clearIKE is `clear crypto session`, clearChild `clear crypto sa`.
func (l *lab) clearIKE(i int) {
	p := l.peers[i]
	p.apply(p.Clear(l.now, func(SAInfo) bool { return true }))
}

func (l *lab) clearChild(i int) {
	p := l.peers[i]
	p.apply(p.ClearChildren(l.now, entryName))
}

// rest lists what an end holds besides one finished IKE SA and its pair.
func (p *end) rest() []string {
	var list []string
	add := func(n int, what string) {
		if n > 0 {
			list = append(list, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(p.stats.Incoming.Negotiating+p.stats.Outgoing.Negotiating, "counted as negotiating")
	add(p.children.Len()-len(p.pairs), "children not installed")
	add(len(p.pairs)-p.children.Len(), "pairs that the engine does not know")
	add(len(p.early), "pairs expected")
	known := 0
	for _, list := range p.known.All() {
		known += len(list)
	}
	for _, sa := range p.sorted() {
		known -= flag(!sa.established.IsZero())
		jobs := 0
		for _, x := range sa.exchanges {
			jobs += flag(x.job != 0)
		}
		add(len(sa.exchanges), "exchanges")
		add(len(sa.queue), "requests waiting")
		add(jobs, "jobs")
		add(sa.responses.Busy(), "requests being served")
		add(flag(sa.main != nil), "half-open SA")
		add(flag(sa.dying()), "SA being deleted")
		add(flag(sa.state == saRekeyed), "rekeyed SA")
	}
	add(known, "SAs known by their peer's identity that have gone")
	add(-known, "SAs not known by it")
	return list
}

// judge says what is wrong when all is quiet: both ends must hold the same IKE SA
// and the same pair, and nothing else.
func (l *lab) judge() []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	a, b := l.peers[0], l.peers[1]
	for i, p := range l.peers {
		for _, s := range p.rest() {
			fault("%s: %s", endNames[i], s)
		}
	}
	sas, peers := a.SAs(), b.SAs()
	if len(sas) != 1 || len(peers) != 1 {
		fault("IKE SAs: %d and %d", len(sas), len(peers))
	} else if sas[0].SPIi != peers[0].SPIi || sas[0].SPIr != peers[0].SPIr {
		fault("not the same IKE SA")
	}
	if len(a.pairs) != 1 || len(b.pairs) != 1 {
		fault("pairs: %d and %d", len(a.pairs), len(b.pairs))
	}
	return append(append(faults, a.sendsAmiss(b)...), b.sendsAmiss(a)...)
}

var endNames = [2]string{"A", "B"}

// sendsAmiss finds what an end sends and the other cannot open.
func (p *end) sendsAmiss(to *end) []string {
	var list []string
	for _, c := range p.pairs {
		twin, ok := to.pairs[c.Out.SPI]
		switch {
		case !ok:
			list = append(list, endNames[p.index]+" sends into a black hole")
		case string(twin.In.EncrKey) != string(c.Out.EncrKey) || string(twin.In.IntegKey) != string(c.Out.IntegKey):
			list = append(list, endNames[p.index]+" sends under other keys")
		}
	}
	return list
}

// requireUp checks that both sides hold exactly one SA and one matching pair.
func (l *lab) requireUp() {
	l.t.Helper()
	for i, p := range l.peers {
		sas := p.SAs()
		require.Equal(l.t, 1, len(sas), "IKE SAs of peer %d", i)
		require.Equal(l.t, StatusReady, sas[0].Status)
		require.Equal(l.t, 1, len(p.pairs), "pairs of peer %d", i)
		require.Equal(l.t, EntryIsUp, p.EntryState(entryName))
	}
	a, b := l.pair(0), l.pair(1)
	require.Equal(l.t, a.In.SPI, b.Out.SPI)
	require.Equal(l.t, a.Out.SPI, b.In.SPI)
	require.Equal(l.t, a.In.EncrKey, b.Out.EncrKey)
	require.Equal(l.t, a.Out.IntegKey, b.In.IntegKey)
	require.Equal(l.t, l.peers[0].SAs()[0].SPIi, l.peers[1].SAs()[0].SPIi)
}

// requireEmpty checks that nothing is left on either side.
func (l *lab) requireEmpty() {
	l.t.Helper()
	for _, p := range l.peers {
		require.Empty(l.t, p.SAs())
		require.Empty(l.t, p.pairs)
		require.Zero(l.t, p.children.Len())
		require.Zero(l.t, p.known.Len())
		require.Equal(l.t, EntryIsDown, p.EntryState(entryName))
		require.Zero(l.t, p.stats.Incoming)
		require.Zero(l.t, p.stats.Outgoing)
	}
}

func (l *lab) pair(i int) ChildSA {
	for _, c := range l.peers[i].pairs {
		return c
	}
	return ChildSA{}
}

// steps lists the trace of a end as "STATE EVENT".
func (p *end) steps() []string {
	var list []string
	for _, ev := range p.events {
		if s, ok := ev.(*Step); ok {
			list = append(list, fmt.Sprintf("%v %v", s.State, s.Event))
		}
	}
	return list
}

func events[E Effect](p *end) []E {
	var list []E
	for _, ev := range p.events {
		if e, ok := ev.(E); ok {
			list = append(list, e)
		}
	}
	return list
}

// isExchange says what a datagram carries.
func isExchange(d Datagram, t wire.ExchangeType, response bool) bool {
	h, err := wire.ParseHeader(d.Data)
	return err == nil && h.Exchange == t && h.Response() == response
}

// restart lets an end lose everything and come back with its configuration.
func (l *lab) restart(i int, seed uint64, edit ...func(*testPolicy)) {
	fresh := newLab(l.t, seed, append([]func(*testPolicy){quick}, edit...)...).peers[i]
	l.peers[i].Engine, l.peers[i].pairs, l.peers[i].early = fresh.Engine, fresh.pairs, fresh.early
}

// always is somebody who reads everything.
func always() bool { return true }

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
