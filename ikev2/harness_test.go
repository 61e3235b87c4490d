package ikev2

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
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
	queue labQueue
	seq   int
	peers [2]*end
	// tamper sees each datagram before it leaves; nil drops it.
	tamper func(from int, d Datagram) []Datagram
	// delay is how long a datagram travels; nil: 1 ms.
	delay func() time.Duration
	// stubborn acquires an entry again a second after it went down, as a tunnel
	// interface does.
	stubborn bool
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
	events []Effect
	sent   int
	clear  map[wire.Header]string // the text of what left, by headerOf
}

type labEvent struct {
	at  time.Time
	seq int
	do  func()
}

type labQueue []labEvent

func (q labQueue) Len() int { return len(q) }
func (q labQueue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].seq < q[j].seq
}
func (q labQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *labQueue) Push(v any)   { *q = append(*q, v.(labEvent)) }
func (q *labQueue) Pop() any {
	old := *q
	v := old[len(old)-1]
	*q = old[:len(old)-1]
	return v
}

var labEpoch = time.Date(2024, 11, 11, 20, 28, 34, 0, time.UTC)

const entryName = "Tunnel0"

// testPolicy is one side's configuration: what IKE knows, and the one entry.
type testPolicy struct {
	Config
	Children []ChildPolicy
}

// testConfig is one side of the tech note's configuration.
func testConfig(index int, edit ...func(*testPolicy)) *testPolicy {
	ends := [2]netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")}
	local, remote := ends[index], ends[1-index]
	any4 := []spd.Selector{{EndPort: 65535, Start: netip.MustParseAddr("0.0.0.0"), End: netip.MustParseAddr("255.255.255.255")}}
	defaultProposal := &Proposal{
		Name:  "default",
		Encr:  []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 256}, {ID: ipsec.EncrAESCBC, KeyBits: 192}, {ID: ipsec.EncrAESCBC, KeyBits: 128}},
		PRF:   []ipsec.PRFID{ipsec.PRFSHA512, ipsec.PRFSHA384, ipsec.PRFSHA256, ipsec.PRFSHA1, ipsec.PRFMD5},
		Integ: []ipsec.IntegID{ipsec.IntegSHA512, ipsec.IntegSHA384, ipsec.IntegSHA256, ipsec.IntegSHA1, ipsec.IntegMD5},
		Group: []ipsec.Group{5, 2},
	}
	c := &testPolicy{Config: Config{
		Proposals: []*Proposal{defaultProposal},
		Policies:  []Policy{{Name: "default", Proposals: []string{"default"}}},
		Keyrings: []*Keyring{{Name: "KEYRNG", Peers: []KeyringPeer{{
			Name: "peer1", Address: netip.PrefixFrom(remote, 24), Local: []byte("cisco"), Remote: []byte("cisco"),
		}}}},
		Profiles: []*Profile{{
			Name: "IKEV2-SETUP", MatchRemote: []IdentityMatch{{Any: true}}, AuthLocal: true, AuthRemote: true,
			Keyring: "KEYRNG", Lifetime: 120 * time.Second, ConfigRequest: true,
		}},
		HTTPURLCert: true, Version: "Cisco IOS Software, ikelab",
	}}
	c.Children = []ChildPolicy{{
		Entry: entryName, Local: local, Remote: remote, Profile: "IKEV2-SETUP",
		Suites:   []ESPSuite{{Name: "TS", Encr: ipsec.Encr{ID: ipsec.Encr3DES}, Integ: ipsec.IntegSHA1}},
		Lifetime: time.Hour, Kilobytes: 4608000, Selectors: [2][]spd.Selector{any4, any4},
	}}
	if index == 0 {
		c.Proposals = append([]*Proposal{{
			Name:  "PHASE1-prop",
			Encr:  []ipsec.Encr{{ID: ipsec.Encr3DES}, {ID: ipsec.EncrAESCBC, KeyBits: 128}},
			PRF:   []ipsec.PRFID{ipsec.PRFSHA1},
			Integ: []ipsec.IntegID{ipsec.IntegSHA1},
			Group: []ipsec.Group{2},
		}}, c.Proposals...)
		c.Policies = append([]Policy{{Name: "site-pol", Proposals: []string{"PHASE1-prop"}}}, c.Policies...)
	}
	for _, f := range edit {
		f(c)
	}
	return c
}

func newLab(t reporter, seed uint64, edit ...func(*testPolicy)) *lab {
	l := &lab{t: t, now: labEpoch}
	for i := range l.peers {
		var key [32]byte
		key[0], key[1], key[2] = byte(i), byte(seed), byte(seed>>8)
		p := &end{Engine: New(rand.NewChaCha8(key)), lab: l, index: i, pairs: map[ipsec.SPI]ChildSA{}, clear: map[wire.Header]string{}}
		l.peers[i] = p
		p.configure(testConfig(i, edit...))
	}
	return l
}

func (l *lab) at(t time.Time, do func()) {
	l.seq++
	heap.Push(&l.queue, labEvent{t, l.seq, do})
}

// configure gives an engine its whole configuration.
func (p *end) configure(c *testPolicy) {
	p.apply(p.Configure(p.lab.now, &c.Config))
	for name := range p.entries {
		if !slices.ContainsFunc(c.Children, func(f ChildPolicy) bool { return f.Entry == name }) {
			p.apply(p.Unprotect(p.lab.now, name))
		}
	}
	for _, f := range c.Children {
		p.apply(p.Protect(p.lab.now, f))
	}
}

// apply does what effects ask for.
func (p *end) apply(fx Effects) {
	l := p.lab
	p.events = append(p.events, fx...)
	for _, ev := range fx {
		switch ev := ev.(type) {
		case AddChild:
			require.NotContains(l.t, p.pairs, ev.In.SPI)
			p.pairs[ev.In.SPI] = ev.ChildSA
		case DeleteChild:
			require.Contains(l.t, p.pairs, ev.In)
			delete(p.pairs, ev.In)
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

// heed does what a caller does about an event, and keeps the messages' text.
func (p *end) heed(ev Effect) {
	switch ev := ev.(type) {
	case EntryDown:
		if l := p.lab; l.stubborn {
			l.at(l.now.Add(time.Second), func() { l.acquire(p.index) })
		}
	case MessageBuilt:
		p.clear[headerOf(ev.Message.Header)] = describe(ev.Message)
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
	for {
		next, who := end, -1
		if len(l.queue) > 0 && !l.queue[0].at.After(end) {
			next, who = l.queue[0].at, 2
		}
		for i, p := range l.peers {
			if due := p.Deadline(); !due.IsZero() && due.Before(next) {
				next, who = due, i
			}
		}
		switch {
		case who < 0:
			l.now = end
			return
		case who == 2:
			ev := heap.Pop(&l.queue).(labEvent)
			l.now = ev.at
			ev.do()
		default:
			if next.After(l.now) {
				l.now = next
			}
			l.peers[who].apply(l.peers[who].Advance(l.now))
		}
	}
}

func (l *lab) acquire(i int) { l.peers[i].apply(l.peers[i].Acquire(l.now, entryName)) }

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
	add(len(p.children)-len(p.pairs), "children not installed")
	add(len(p.pairs)-len(p.children), "pairs that the engine does not know")
	for _, sa := range p.sorted() {
		jobs := 0
		for _, x := range sa.exchanges {
			jobs += int(flag(x.job != 0))
		}
		add(len(sa.exchanges), "exchanges")
		add(len(sa.queue), "requests waiting")
		add(jobs, "jobs")
		add(len(sa.serving), "requests being served")
		add(int(flag(sa.main != nil)), "half-open SA")
		add(int(flag(sa.deleting)), "SA being deleted")
		add(int(flag(sa.rekeyed != nil)), "rekeyed SA")
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
		require.Empty(l.t, p.children)
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

// facts lists the facts that a end noted.
func (p *end) facts() []Fact {
	var list []Fact
	for _, ev := range p.events {
		if n, ok := ev.(*Note); ok {
			list = append(list, n.What)
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

// headerOf is what identifies a message among those that an engine sent, and
// stands in clear in its datagram. An IKE_SA_INIT request that is sent anew has
// the header of the first.
func headerOf(h wire.Header) wire.Header {
	return wire.Header{SPIi: h.SPIi, SPIr: h.SPIr, Exchange: h.Exchange, Flags: h.Flags, MessageID: h.MessageID}
}

// text is a datagram of this end in words.
func (p *end) text(d Datagram) string {
	h, err := wire.ParseHeader(d.Data)
	if err != nil {
		return err.Error()
	}
	if s := p.clear[headerOf(h)]; s != "" {
		return s
	}
	return describe(&wire.Message{Header: h})
}

// describe writes a message as the RFC does: "IKE_AUTH request 1 { IDi AUTH }".
func describe(m *wire.Message) string {
	kind := "request"
	if m.Response() {
		kind = "response"
	}
	words := []string{m.Exchange.String(), kind, fmt.Sprint(m.MessageID), "{"}
	for _, p := range m.Payloads {
		words = append(words, word(p))
	}
	return strings.Join(append(words, "}"), " ")
}

// word is a payload in the RFC's notation (1.2).
func word(p wire.Payload) string {
	switch p := p.(type) {
	case *wire.Notify:
		return "N(" + p.Kind.String() + ")"
	case *wire.Delete:
		return fmt.Sprintf("D(%v%s)", p.Protocol, strings.Repeat(" SPI", len(p.SPIs)))
	case *wire.Nonce:
		return "Nonce"
	case *wire.VendorID:
		return "V"
	}
	return p.Type().String()
}
