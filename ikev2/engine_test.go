package ikev2

import (
	"crypto/sha256"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

func TestHandshake(t *testing.T) {
	for _, first := range []int{0, 1} {
		l := newLab(t, 1)
		l.acquire(first)
		l.run(time.Second)
		l.requireUp()
		require.Equal(t, ipsec.Group(2), l.peers[0].SAs()[0].Group)
		require.Len(t, events[EntryUp](l.peers[0]), 1)
		require.Len(t, events[Keys](l.peers[1]), 1)
	}
}

func TestLifetimesForAnHour(t *testing.T) {
	short := func(c *testPolicy) { c.Children[0].Lifetime = 3 * time.Minute }
	l := newLab(t, 2, short)
	l.acquire(1)
	for range 60 {
		l.run(time.Minute)
		for _, p := range l.peers {
			require.Equal(t, EntryIsUp, p.EntryState(entryName))
			require.LessOrEqual(t, len(p.SAs()), 2)
		}
	}
	l.run(10 * time.Second)
	l.requireUp()
	require.Empty(t, events[EntryDown](l.peers[0]), "the entry never went down")
	require.Empty(t, events[EntryDown](l.peers[1]))
}

func TestFirstRekeyAfterAMinute(t *testing.T) {
	l := newLab(t, 3)
	l.acquire(0)
	l.run(59 * time.Second)
	require.Empty(t, events[Rekeying](l.peers[0]))
	l.run(4 * time.Second)
	require.NotEmpty(t, events[Rekeying](l.peers[0]))
	l.requireUp()
}

func TestSimultaneousInitiation(t *testing.T) {
	for seed := range uint64(20) {
		l := newLab(t, seed)
		l.acquire(0)
		l.acquire(1)
		l.run(50 * time.Second)
		l.requireUp()
	}
}

// TestSimultaneousRekeys starts the same rekey on both sides, up to 12 ms
// apart, so that every order of the messages occurs.
func TestSimultaneousRekeys(t *testing.T) {
	rekeys := map[string]func(l *lab, i int){
		"child": func(l *lab, i int) {
			p := l.peers[i]
			p.apply(p.VolumeSoft(l.now, l.pair(i).In.SPI))
		},
		"IKE": func(l *lab, i int) {
			p := l.peers[i]
			p.begin(l.now)
			p.rekeyIKE(p.sorted()[0])
			p.apply(p.end())
		},
	}
	for name, rekey := range rekeys {
		for _, pfs := range []ipsec.Group{0, 2} {
			for seed := range uint64(40) {
				l := newLab(t, seed, func(c *testPolicy) { c.Children[0].PFS = pfs; c.Profiles[0].Lifetime = time.Hour })
				l.acquire(0)
				l.run(time.Second)
				rekey(l, 0)
				l.run(time.Duration(seed%13) * time.Millisecond)
				if len(l.peers[1].pairs) == 1 {
					rekey(l, 1)
				}
				l.run(90 * time.Second)
				l.requireUp()
				require.Empty(t, events[EntryDown](l.peers[0]), "%s, seed %d", name, seed)
			}
		}
	}
}

func TestRekeyAcrossKinds(t *testing.T) {
	for seed := range uint64(30) {
		l := newLab(t, seed, func(c *testPolicy) { c.Profiles[0].Lifetime = time.Hour })
		l.acquire(0)
		l.run(time.Second)
		p := l.peers[0]
		p.begin(l.now)
		p.rekeyIKE(p.sorted()[0])
		p.apply(p.end())
		l.run(time.Duration(seed) * time.Millisecond)
		for spi := range l.peers[1].pairs {
			l.peers[1].apply(l.peers[1].VolumeSoft(l.now, spi))
			break
		}
		l.run(90 * time.Second)
		l.requireUp()
	}
}

func TestLossyLink(t *testing.T) {
	for seed := range uint64(30) {
		l := newLab(t, seed, func(c *testPolicy) { c.Children[0].Lifetime = 3 * time.Minute })
		l.stubborn = true
		weather := rand.New(rand.NewPCG(seed, 0))
		l.tamper = func(_ int, d Datagram) []Datagram {
			switch n := weather.IntN(100); {
			case n < 20:
				return nil
			case n < 40:
				return []Datagram{d, d}
			}
			return []Datagram{d}
		}
		l.acquire(int(seed % 2))
		l.run(20 * time.Minute)
		l.tamper = nil
		l.run(100 * time.Second)
		l.requireUp()
	}
}

func TestClear(t *testing.T) {
	for _, who := range []int{0, 1} {
		l := newLab(t, 4)
		l.acquire(0)
		l.run(time.Second)
		p := l.peers[who]
		p.apply(p.Clear(l.now, func(SAInfo) bool { return true }))
		l.run(time.Second)
		l.requireEmpty()
		require.Equal(t, ReasonPeerDeleted, events[EntryDown](l.peers[1-who])[0].Reason)
	}
}

func TestFailures(t *testing.T) {
	cases := map[string]struct {
		edit   func(*testPolicy) // of peer 1
		reason Reason
		steps  []string // that peer 0 or 1 must have taken
	}{
		"wrong key": {
			func(c *testPolicy) { c.Keyrings[0].Peers[0].Remote = []byte("other") }, ReasonAuthFailed,
			[]string{"R_VERIFY_AUTH EV_AUTH_FAIL", "R_VERIFY_AUTH EV_FAIL", "EXIT EV_ABORT", "EXIT EV_CHK_PENDING_ABORT"},
		},
		"own key wrong": {
			func(c *testPolicy) { c.Keyrings[0].Peers[0].Local = []byte("other") }, ReasonAuthFailed,
			[]string{"I_PROC_AUTH EV_AUTH_FAIL"},
		},
		"no profile": {
			func(c *testPolicy) { c.Profiles[0].MatchRemote = nil }, ReasonAuthFailed,
			[]string{"R_WAIT_AUTH EV_FAIL"},
		},
		"no common proposal": {
			func(c *testPolicy) { c.Proposals[0].Encr = c.Proposals[0].Encr[:1] }, ReasonNoProposal,
			[]string{"R_INIT EV_FAIL", "I_WAIT_INIT EV_FAIL"},
		},
		"other transform set": {
			func(c *testPolicy) { c.Children[0].Suites[0].Integ = ipsec.IntegMD5 }, ReasonNoProposal,
			[]string{"READY EV_R_OK", "INFO_I_BLD_INFO EV_SEND_DEL"},
		},
		"other selectors": {
			func(c *testPolicy) {
				s := c.Children[0].Selectors[0][0]
				s.Proto = 17
				c.Children[0].Selectors[0] = []spd.Selector{s}
				c.Children[0].Selectors[1] = nil
			}, ReasonTSUnacceptable,
			[]string{"READY EV_R_OK", "INFO_I_BLD_INFO EV_SEND_DEL"},
		},
		"no tunnel there": {
			func(c *testPolicy) { c.Children = nil }, ReasonTSUnacceptable, nil,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, 5)
			p := l.peers[1]
			p.configure(testConfig(1, c.edit))
			l.acquire(0)
			l.run(100 * time.Second) // an unprotected refusal is a hint until then
			l.requireEmpty()
			down := events[EntryDown](l.peers[0])
			require.Len(t, down, 1)
			require.Equal(t, c.reason, down[0].Reason)
			require.Subset(t, append(l.peers[0].steps(), l.peers[1].steps()...), c.steps)

			p.configure(testConfig(1))
			l.acquire(0)
			l.run(time.Second)
			l.requireUp()
		})
	}
}

func TestPeerAbsent(t *testing.T) {
	l := newLab(t, 6)
	l.tamper = func(int, Datagram) []Datagram { return nil }
	l.acquire(0)
	l.run(93 * time.Second)
	require.Equal(t, 6, l.peers[0].sent)
	require.Equal(t, EntryNegotiating, l.peers[0].EntryState(entryName))
	l.run(2 * time.Second)
	l.requireEmpty()
	require.Equal(t, ReasonTimeout, events[EntryDown](l.peers[0])[0].Reason)
}

func TestResponderGivesUp(t *testing.T) {
	l := newLab(t, 7)
	l.tamper = func(_ int, d Datagram) []Datagram {
		if isExchange(d, wire.IKE_AUTH, false) {
			return nil
		}
		return []Datagram{d}
	}
	l.acquire(0)
	l.run(29 * time.Second)
	require.Equal(t, EntryNegotiating, l.peers[1].EntryState(entryName), "a half-open SA of the peer counts")
	l.run(2 * time.Second)
	require.Empty(t, l.peers[1].SAs())
	require.Equal(t, CauseNoAuthRequest, events[Fault](l.peers[1])[0].Cause)
}

func TestPFS(t *testing.T) {
	l := newLab(t, 8, func(c *testPolicy) { c.Children[0].PFS = 14 })
	l.acquire(0)
	l.run(time.Second)
	require.Equal(t, ipsec.GroupNone, l.pair(0).PFS)
	l.peers[1].apply(l.peers[1].VolumeSoft(l.now, l.pair(1).In.SPI))
	l.run(time.Second)
	l.requireUp()
	require.Equal(t, ipsec.Group(14), l.pair(0).PFS)
	require.Equal(t, ipsec.Group(14), l.pair(1).PFS)
	require.Empty(t, events[GroupRefused](l.peers[0]), "the group is guessed right at once")
}

func TestInitialContact(t *testing.T) {
	l := newLab(t, 9)
	l.acquire(0)
	l.run(time.Second)
	// Peer 0 loses everything and comes back.
	fresh := newLab(t, 10).peers[0]
	l.peers[0].Engine, l.peers[0].pairs = fresh.Engine, map[ipsec.SPI]ChildSA{}
	l.acquire(0)
	l.run(time.Second)
	l.requireUp()
}

// "The INITIAL_CONTACT notification, if sent, MUST be in the first IKE_AUTH request
// or response" (RFC 7296 2.4): an initiator heeds the responder's.
func TestInitialContactInResponse(t *testing.T) {
	l := newLab(t, 9)
	l.acquire(0)
	l.run(time.Second)
	e := l.peers[0].Engine
	old := e.sorted()[0]
	x := &exchange{sa: &ikeSA{peer: old.peer, naming: naming{initiator: true}}, initiator: true, init: &initial{startedAt: l.now}}
	x.sa.remoteID = old.remoteID
	x.in = &wire.Message{Payloads: []wire.Payload{ikeNotify(wire.INITIAL_CONTACT, nil)}}
	e.begin(l.now)
	e.take(e.machine[IProcAuth][EvChk4IC], x)
	e.end()
	require.Equal(t, saDead, old.state)
}

func TestDeadPeerDetection(t *testing.T) {
	l := newLab(t, 11, func(c *testPolicy) {
		c.DPD = DPD{Interval: 10 * time.Second, Retry: 2 * time.Second}
		c.Profiles[0].Lifetime = time.Hour
	})
	l.acquire(0)
	l.run(2 * time.Minute)
	l.requireUp()
	require.Contains(t, l.peers[0].steps(), "READY EV_SEND_DPD")
	l.tamper = func(int, Datagram) []Datagram { return nil }
	l.run(30 * time.Second)
	l.requireEmpty()
}

func TestSameSeedSameOctets(t *testing.T) {
	record := func() [32]byte {
		var all []byte
		l := newLab(t, 12)
		l.tamper = func(_ int, d Datagram) []Datagram {
			all = append(all, d.Data...)
			return []Datagram{d}
		}
		l.acquire(0)
		l.run(10 * time.Minute)
		require.Greater(t, len(all), 5000)
		return sha256.Sum256(all)
	}
	require.Equal(t, record(), record())
}

// TestTableIsWhole: every branch of a row leads to a row, the one of failure too;
// a check of nothing and what ends an exchange cannot fail.
func TestTableIsWhole(t *testing.T) {
	m := newMachine()
	for _, r := range allRows() {
		branches := []branch{r.yes, r.no}
		if r.do != nil && r.from != Exit && reflect.ValueOf(r.do).Pointer() != reflect.ValueOf(pass).Pointer() {
			branches = append(branches, m[r.from][r.on].fail)
		}
		for _, b := range branches {
			if b.then != EvNone {
				require.NotNil(t, m[b.to][b.then], "%v %v leads to %v %v", r.from, r.on, b.to, b.then)
			}
		}
	}
}

// TestOneSAAtATime: what two SAs come to at the same instant are two lists of effects, so
// that in the stream the one does not follow from the other.
func TestOneSAAtATime(t *testing.T) {
	c := newTalk(t)
	c.strange("172.16.0.1")
	c.strange("172.16.0.2")
	c.settle()
	b := c.end("B")
	require.Len(t, b.SAs(), 2)
	due := b.Deadline()
	c.now = due
	for left := 1; left >= 0; left-- {
		require.Equal(t, due, b.Deadline())
		b.Advance(due)
		require.Len(t, b.SAs(), left)
	}
	require.Zero(t, b.Deadline())
}
