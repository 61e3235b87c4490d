package ikev2

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLivesEnd: from each state of an IKE SA and of a pair there is a way to
// its end, and the end has no way out.
func TestLivesEnd(t *testing.T) {
	l := newLives()
	for s := range saStates {
		require.Equal(t, s != saDead, reaches(int(saStates), int(s), int(saDead), func(a, on int) int {
			if r := l.sa[a][min(on, int(saInputs)-1)]; r != nil {
				return int(r.to)
			}
			return a
		}) && s != saDead, "%v", s)
	}
	for on := range saInputs {
		require.Nil(t, l.sa[saDead][on])
	}
	for s := range childStates {
		if s != childGone {
			require.True(t, reaches(int(childStates), int(s), int(childGone), func(a, on int) int {
				if r := l.child[a][min(on, int(childInputs)-1)]; r != nil {
					return int(r.to)
				}
				return a
			}), "%v", s)
		}
	}
	for on := range childInputs {
		require.Nil(t, l.child[childGone][on])
	}
}

// reaches says whether inputs lead from one state to another.
func reaches(states, from, to int, next func(state, on int) int) bool {
	seen, todo := map[int]bool{from: true}, []int{from}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		for on := range 16 {
			if n := next(s, on); !seen[n] && n < states {
				seen[n] = true
				todo = append(todo, n)
			}
		}
	}
	return seen[to]
}

// TestDuelsSettle: each rekey that is under way ends, by making an SA or by
// failing, whichever of two ends first.
func TestDuelsSettle(t *testing.T) {
	l := newLives()
	runs := map[duelState][]duelInput{
		ownRuns: {ownMakes, ownFails}, peerRuns: {peerMakes, peerFails}, bothRun: {ownMakes, ownFails, ownStops, peerMakes, peerFails},
		ownWaits: {peerMakes, peerFails}, peerWaits: {ownMakes, ownFails, ownStops}, peerAlone: {peerMakes, peerFails},
	}
	for state, inputs := range runs {
		for _, on := range inputs {
			require.NotNil(t, l.duel[state][on], "%v %v", state, on)
		}
	}
	require.Nil(t, l.duel[peerRuns][ownBegins], "we do not begin while the peer does")
	require.Nil(t, l.duel[settled][peerBegins], "nor is what has a successor rekeyed again")
}

// TestWhatIsUnwantedIsDeleted: "To delete an SA, an INFORMATIONAL exchange with
// one or more Delete payloads is sent" (RFC 7296 1.4.1). A peer that answers
// IKE_AUTH holds an SA from then on, whatever became of ours meanwhile.
func TestWhatIsUnwantedIsDeleted(t *testing.T) {
	for name, end := range map[string]func(p *end) Effects{
		"its entry went": func(p *end) Effects { return p.Unprotect(p.lab.now, entryName) },
		"cleared":        func(p *end) Effects { return p.Clear(p.lab.now, func(SAInfo) bool { return true }) },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, 1)
			p := l.peers[0]
			l.acquire(0)
			for len(p.byAge()) == 0 || !awaitsAuth(p.byAge()[0]) {
				l.run(time.Millisecond)
			}
			p.apply(end(p))
			l.run(time.Minute)
			l.requireEmpty()
		})
	}
}

// "It is suggested that messages be retransmitted at least a dozen times over a period
// of at least several minutes before giving up on an SA" (RFC 7296 2.4): a peer that
// gives up sooner leaves us a duplicate that it has forgotten, without pairs. Whether
// it is still there is asked.
func TestDuplicateThatOnlyWeKnowGoes(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.acquire(1)
	c.pass(8)
	c.settle()
	c.run(holdTime)
	c.pass(2)
	c.run(proofTime)
	ending := c.next() // the Delete of the pair
	c.deliver(ending)
	c.drop(c.wantSend(endNames[ending.from], "INFORMATIONAL request 3 { D(IKE) }"))
	c.pass(1)
	c.settle()
	for i, p := range c.peers {
		if i == ending.from { // it gives up
			p.begin(c.now)
			p.drop(p.byAge()[slices.IndexFunc(p.byAge(), func(sa *ikeSA) bool { return sa.state == saDeleting })], saLost, ReasonTimeout)
			p.apply(p.Engine.end())
		}
	}
	require.Len(t, c.peers[1-ending.from].SAs(), 2)
	c.run(forgottenTime)
	l := c.next()
	require.Equal(t, 1-ending.from, l.from)
	require.Contains(t, l.text, "INFORMATIONAL request")
	c.run(3 * time.Minute)
	c.requireUp()
}

// Pairs of two IKE SAs that both ends began are cleared before one of them is to go: the
// one that gets no pair again is deleted by who began it, and nobody keeps it.
func TestDuplicateWithoutPairsGoes(t *testing.T) {
	for by := range 2 {
		c := newLab(t, 1, quick)
		c.acquire(0)
		c.acquire(1)
		c.run(time.Second)
		require.Len(t, c.peers[0].SAs(), 2)
		c.peers[by].apply(c.peers[by].ClearChildren(c.now, entryName))
		c.run(time.Second)
		c.acquire(1 - by)
		c.run(holdTime + proofTime)
		for _, p := range c.peers {
			require.Len(t, p.SAs(), 1)
		}
		c.requireUp()
	}
}

// Nothing comes through while the end that is to delete the loser asks whether the other one works,
// so it gives up just that one. The other end knows both, and asks in its turn.
func TestTwinThatThePeerGaveUpGoes(t *testing.T) {
	for seed := range uint64(4) {
		c := newLab(t, seed, quick)
		c.acquire(0)
		c.acquire(1)
		c.run(holdTime - 2*time.Second)
		c.tamper = func(int, Datagram) []Datagram { return nil }
		for range 300 {
			if len(c.peers[0].SAs()) != len(c.peers[1].SAs()) {
				break
			}
			c.run(time.Second)
		}
		c.tamper = nil
		require.Equal(t, 3, len(c.peers[0].SAs())+len(c.peers[1].SAs()), "one end has given up one")
		c.run(2*forgottenTime + time.Minute)
		for _, p := range c.peers {
			require.Len(t, p.SAs(), 1)
		}
		c.requireUp()
	}
}

// "The recipient MUST close the designated SAs." (RFC 7296 1.4.1) It does so when it
// is told: until then it may send on a pair that is one too many, and what it
// sends is received.
func TestDuplicateIsReceivedOnUntilThePeerKnows(t *testing.T) {
	c := newTalk(t)
	c.acquire(0)
	c.acquire(1)
	c.pass(8)
	c.settle()
	c.look()
	c.run(holdTime)
	c.pass(2) // the other proves that it works
	c.run(proofTime)
	l := c.next()
	from, to := endNames[l.from], endNames[1-l.from]
	require.Equal(t, "INFORMATIONAL request 2 { D(ESP SPI) }", l.text)
	c.wantEvent(from, "pair closed")
	require.Len(t, c.end(from).pairs, 2)
	c.wantSend(from, "INFORMATIONAL request 3 { D(IKE) }")
	c.deliver(l)
	c.wantSend(to, "INFORMATIONAL response 3 { }")
	c.wantEvent(to, "pair down: peer deleted")
	require.Len(t, c.end(from).pairs, 2)
	c.settle()
	c.wantEvent(from, "pair down: duplicate")
	c.requireUp()
}
