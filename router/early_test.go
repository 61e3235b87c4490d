package router

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// "The initiator, however, cannot receive on a newly created SA until it
// receives and processes the response to its CREATE_CHILD_SA request."
// (RFC 7296, section 2.8) Processing takes a while: R2, which sends as soon as
// it has answered, must lose nothing by that.

// earlyLab is a lab with PFS, up to the moment at which R1 wants a pair, whose
// peer has not been asked yet.
func earlyLab(t *testing.T, profile string) *lab {
	pfs := func(n, p byte) string {
		return strings.Replace(tunnelText(n, p), " set ikev2-profile P\n", " set ikev2-profile P\n"+profile, 1)
	}
	l := twoRouters(t, pfs('1', '2'), pfs('2', '1')+"crypto ipsec profile IP\n responder-only\n")
	l.start("R1", "R2")
	return l
}

// untilPairs waits until a router has so many pairs.
func (l *lab) untilPairs(node string, n int) {
	for range 100000 {
		if l.nodes[node].machine.crypto.Pairs() == n {
			return
		}
		l.run(100 * time.Microsecond)
	}
	require.Fail(l.t, "there are no such pairs")
}

// answeredFirst brings a lab to the moment at which R2 has answered for a
// second pair and R1 has not heard it, and has R2 send on that pair.
func (l *lab) answeredFirst() {
	r1, r2 := l.nodes["R1"].machine, l.nodes["R2"].machine
	l.run(10 * time.Second)
	old := r1.entries("")[0].States()[0]
	require.Len(l.t, old.Pairs, 1)
	r1.apply(l.now, r1.engine.VolumeSoft(l.now, old.Pairs[0].In.SPI))
	l.untilPairs("R2", 2)
	require.True(l.t, r2.crypto.Delete(l.now, old.Pairs[0].Out.SPI), "and forgets the old one")
}

// say has R2 send n echoes, one each millisecond.
func (l *lab) say(n int) {
	for range n {
		l.nodes["R2"].oneEcho(l.now, "192.168.2.1", "192.168.1.1")
		l.run(time.Millisecond)
	}
}

// recorded are the records of a kind that a router has made.
func recorded[B any](n *labNode) (all []B) {
	for _, b := range n.seen {
		if b, ok := b.(B); ok {
			all = append(all, b)
		}
	}
	return all
}

func TestPeerThatSendsAtOnceLosesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		profile string
		begin   func(*lab)
		held    bool
	}{
		"IKE_AUTH":       {"", func(l *lab) { l.untilPairs("R2", 1) }, false},
		"rekey":          {"", (*lab).answeredFirst, false},
		"rekey with PFS": {" set pfs group14\n", (*lab).answeredFirst, true},
		"another PFS":    {" set pfs group5\n", (*lab).answeredFirst, true},
	} {
		l := earlyLab(t, c.profile)
		c.begin(l)
		r1 := l.nodes["R1"]
		before := r1.machine.entries("")[0].Counters()
		l.say(10)
		l.run(time.Second)
		require.Zero(t, r1.machine.crypto.Drops, name)
		require.EqualValues(t, before.Decaps+10, r1.machine.entries("")[0].Counters().Decaps, name)
		require.EqualValues(t, before.Encaps+10, r1.machine.entries("")[0].Counters().Encaps, name)
		require.EqualValues(t, 10, l.nodes["R2"].machine.entries("")[0].Counters().Decaps, "%s: all are answered", name)
		require.Equal(t, c.held, len(recorded[crypto.Held](r1)) > 0, name)
	}
}

// "From a technical correctness and interoperability perspective, the responder MAY begin
// sending on an SA as soon as it sends its response to the CREATE_CHILD_SA request."
// (RFC 7296, section 2.8) What it sends may be here first: on the way, or since its kernel
// knows the pair before its daemon answers, as with libreswan.
func TestWhatOvertakesTheAnswer(t *testing.T) {
	l := earlyLab(t, "")
	l.run(5 * time.Second)
	l.nodes["R2"].device.Port(0).SetFilter(func(_ time.Time, f netsim.Frame) netsim.Verdict {
		if f.Data[23] == ip.ProtoUDP {
			return netsim.Verdict{Delay: 50 * time.Millisecond}
		}
		return netsim.Verdict{}
	})
	l.answeredFirst()
	r1 := l.nodes["R1"]
	before := r1.machine.entries("")[0].Counters()
	l.say(10)
	require.Equal(t, 1, r1.machine.crypto.Pairs(), "the answer is still under way")
	require.NotEmpty(t, recorded[crypto.Held](r1))
	l.run(time.Second)
	require.Zero(t, r1.machine.crypto.Drops)
	require.EqualValues(t, before.Decaps+10, r1.machine.entries("")[0].Counters().Decaps)
}

func TestFloodBeforeThePairIsBounded(t *testing.T) {
	l := earlyLab(t, " set pfs group14\n")
	l.answeredFirst()
	r1, r2 := l.nodes["R1"], l.nodes["R2"]
	l.run(2 * time.Millisecond)
	for range 1000 {
		r2.oneEcho(l.now, "192.168.2.1", "192.168.1.1")
	}
	l.run(time.Second)
	require.Len(t, recorded[crypto.Held](r1), 32)
	require.EqualValues(t, 32, r1.machine.entries("")[0].Counters().Decaps)
	require.EqualValues(t, 1000-32, r1.machine.crypto.Drops.InvalidSPI)
	require.Equal(t, 1, strings.Count(l.exec("R1", "show logging"), "RECVD_PKT_INV_SPI"), "logged once a minute")
}

func TestWhatWaitedForNothingIsCounted(t *testing.T) {
	l := earlyLab(t, " set pfs group14\n")
	l.answeredFirst()
	r1 := l.nodes["R1"]
	l.say(5)
	held := len(recorded[crypto.Held](r1))
	require.Positive(t, held)
	require.Empty(t, recorded[crypto.Refused](r1))
	l.exec("R1", "clear crypto session")
	l.run(time.Second)
	refused := recorded[crypto.Refused](r1)
	require.Len(t, refused, held)
	require.Equal(t, crypto.InvalidSPI, refused[0].Why)
	require.ErrorContains(t, refused[0].Reason, "failed")
	require.EqualValues(t, held, r1.machine.crypto.Drops.InvalidSPI)
}

// "The INITIAL_CONTACT notification asserts that this IKE SA is the only IKE SA
// currently active between the authenticated identities." (RFC 7296, section 2.4)
// R1 gives up since no answer to IKE_AUTH comes; R2 has an SA and a pair by then,
// on which it sends into nothing until R1 comes again.
func TestPeerWasOnlySlow(t *testing.T) {
	l := earlyLab(t, "")
	const exchangeType, ikeAuth = ip.EthernetHeader + ip.HeaderLen + 8 + 18, 35
	l.nodes["R2"].device.Port(0).SetFilter(func(_ time.Time, f netsim.Frame) netsim.Verdict {
		b := f.Data
		return netsim.Verdict{Drop: len(b) > exchangeType && b[23] == ip.ProtoUDP && b[exchangeType] == ikeAuth}
	})
	l.run(95 * time.Second)
	r1, r2 := l.nodes["R1"], l.nodes["R2"]
	require.False(t, r1.tunnelUp())
	require.True(t, r2.tunnelUp())
	stale := r2.machine.engine.SAs()[0].SPIr
	l.say(3)
	require.Zero(t, r1.machine.crypto.Drops.InvalidSPI, "the answer may still come")
	l.run(30 * time.Second)
	require.EqualValues(t, 3, r1.machine.crypto.Drops.InvalidSPI)
	l.nodes["R2"].device.Port(0).SetFilter(nil)
	l.run(3 * time.Minute)
	for _, n := range l.nodes {
		require.Equal(t, 1, n.machine.crypto.Pairs())
		require.Len(t, n.machine.engine.SAs(), 1)
		require.NotEqual(t, stale, n.machine.engine.SAs()[0].SPIr)
	}
	require.True(t, l.echo("R2", "192.168.2.1", "192.168.1.1", 100, false))
	require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	require.EqualValues(t, 3, r1.machine.crypto.Drops.InvalidSPI, "nothing more is sent on the stale pair")
}
