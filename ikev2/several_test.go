package ikev2

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Several SAs of the same two ends.

// RFC 7296 has no rule for two IKE SAs that both ends began at once; 2.8.1 is the
// model: both stay usable, and after a hold time "the SA created with the lowest
// of the four nonces used in the two exchanges SHOULD be closed by the endpoint
// that created it".
func TestBothEndsInitiate(t *testing.T) {
	won := [2]int{}
	for seed := range uint64(8) {
		c := talkOf(t, seed)
		all := c.record()
		c.acquire(0)
		c.acquire(1)
		c.run(time.Second)
		for _, p := range c.peers {
			require.Len(t, p.pairs, 2, "both are usable")
			require.Empty(t, p.sendsAmiss(c.peers[1-p.index]))
		}
		c.run(5 * time.Minute)
		require.Empty(t, c.judge())
		lowest := map[uint64][]byte{}
		var deleted []uint64
		for _, m := range *all {
			if n, ok := wire.Get[*wire.Nonce](m); ok && m.Exchange == wire.IKE_SA_INIT && (lowest[m.SPIi] == nil || bytes.Compare(n.Data, lowest[m.SPIi]) < 0) {
				lowest[m.SPIi] = n.Data
			}
			if d, ok := wire.Get[*wire.Delete](m); ok && d.Protocol == wire.ProtoIKE {
				deleted = append(deleted, m.SPIi)
				require.True(t, m.FromInitiator(), "its creator deletes it")
			}
		}
		require.Len(t, lowest, 2)
		require.Len(t, deleted, 1)
		live := c.peers[0].SAs()[0]
		require.Negative(t, bytes.Compare(lowest[deleted[0]], lowest[live.SPIi]))
		won[flag(live.Initiator)]++
	}
	require.NotZero(t, won[0])
	require.NotZero(t, won[1])
}

// twoTunnels are two tunnels between the same ends that their selectors do not
// tell apart.
func twoTunnels(p *testPolicy) {
	second := p.Children[0]
	second.Entry = "Tunnel1"
	p.Children = append(p.Children, second)
}

func (c *talk) tunnels(of int) map[string]int {
	count := map[string]int{}
	for _, pair := range c.peers[of].pairs {
		count[pair.Entry]++
	}
	return count
}

// "The SA being rekeyed is identified by the SPI field in the Notify payload"
// (RFC 7296 1.3.3): a pair stays with its entry, and a new one goes to the first entry that
// fits and has none.
func TestTwoTunnelsToOnePeer(t *testing.T) {
	c := upTalk(t, twoTunnels)
	c.tamper = nil
	p := c.end("A")
	p.apply(p.Acquire(c.now, "Tunnel1", [2]spd.Selector{}))
	c.run(time.Second)
	want := map[string]int{"Tunnel0": 1, "Tunnel1": 1}
	for range 3 {
		for i, p := range c.peers {
			require.Equal(t, want, c.tunnels(i))
			require.Len(t, p.SAs(), 1, "one IKE SA carries both")
			require.Empty(t, p.sendsAmiss(c.peers[1-i]))
		}
		for _, pair := range c.end("B").pairs {
			twin := c.end("A").pairs[pair.Out.SPI]
			require.Equal(t, pair.Entry, twin.Entry)
		}
		for in := range c.end("B").pairs {
			c.end("B").apply(c.end("B").VolumeSoft(c.now, in))
			c.run(time.Minute)
		}
	}
}

// Two networks under one IKE SA: each pair belongs to the entry of its selectors
// (RFC 4301 4.4.1).
func TestTwoNetworksUnderOneSA(t *testing.T) {
	network := func(third byte) spd.Selector {
		return spd.Selector{EndPort: 65535, Start: netip.AddrFrom4([4]byte{192, 168, third, 0}), End: netip.AddrFrom4([4]byte{192, 168, third, 255})}
	}
	split := func(p *testPolicy) {
		twoTunnels(p)
		for i := range p.Children {
			p.Children[i].Selectors = [2][]spd.Selector{{network(byte(10 + i))}, {network(byte(10 + i))}}
		}
	}
	c := upTalk(t, split)
	c.tamper = nil
	p := c.end("B")
	p.apply(p.Acquire(c.now, "Tunnel1", [2]spd.Selector{}))
	c.run(time.Second)
	for i := range c.peers {
		require.Equal(t, map[string]int{"Tunnel0": 1, "Tunnel1": 1}, c.tunnels(i))
		for _, pair := range c.peers[i].pairs {
			require.Equal(t, []spd.Selector{network(pair.Entry[6] - '0' + 10)}, pair.Local)
		}
	}
}

// A pair may be deleted before the end that asked for it has seen the answer:
// it is not installed afterwards (RFC 7296 2.25.1).
func TestDeletedBeforeItIsInstalled(t *testing.T) {
	c := upTalk(t)
	c.rekeyChild(0)
	c.pass(1)
	answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA ... }"))
	c.run(10 * time.Millisecond)
	c.clearChild(1)
	c.wantSend("B", "INFORMATIONAL request 0 { D(ESP SPI SPI) }")
	c.wantSend("A", "INFORMATIONAL response 0 { ... }")
	c.settle()
	c.deliver(answer)
	c.tamper = nil
	c.run(time.Minute)
	require.Empty(t, c.end("A").pairs)
	require.Empty(t, c.end("B").pairs)
	require.Len(t, c.end("A").SAs(), 1)
}

// Both ends begin an IKE SA for another network each, and one of them asks for the
// other's, too, before it knows: under another IKE SA it makes the same pair once
// more. As for rekeys one goes: "the SA created with the lowest of the four nonces
// used in the two exchanges SHOULD be closed by the endpoint that created it"
// (RFC 7296 2.8.1).
func TestTwinsUnderTwoSAs(t *testing.T) {
	for seed := range uint64(4) {
		c := talkOf(t, seed, twoNetworks)
		c.tamper = nil
		c.asks("A Tunnel0", "A Tunnel1", "B Tunnel1")
		c.run(time.Minute)
		c.wantOneOfEach()
	}
}

// The answer to IKE_AUTH comes after the twin has been made under the other IKE SA: the
// end that began this one sees both only then, and it is the one to act where its own
// has the lowest nonce: "closed by the endpoint that created it" (RFC 7296 2.8.1).
func TestTwinsOfALateAnswer(t *testing.T) {
	acted := map[string]int{}
	for seed := range uint64(24) {
		c := talkOf(t, seed, twoNetworks)
		var late *letter
		c.tamper = func(from int, d Datagram) []Datagram {
			m := c.peers[from].message(d)
			if m.Exchange == wire.IKE_AUTH && m.Response() && from == 0 && late == nil {
				late = &letter{Datagram: d, from: from}
				return nil
			}
			if dl, ok := wire.Get[*wire.Delete](m); ok && dl.Protocol == wire.ProtoESP && !m.Response() {
				acted[endNames[from]]++
			}
			return []Datagram{d}
		}
		c.asks("A Tunnel0", "A Tunnel1", "B Tunnel1")
		c.run(time.Second)
		c.deliver(late)
		c.run(time.Minute)
		c.wantOneOfEach()
	}
	require.Len(t, acted, 2, "%v", acted)
}

// twoNetworks are two tunnels of a network each, as lines of a crypto map are.
func twoNetworks(p *testPolicy) {
	twoTunnels(p)
	for i := range p.Children {
		own := spd.PrefixSelector(netip.MustParsePrefix([]string{"192.168.10.0/24", "192.168.11.0/24"}[i]))
		p.Children[i].Selectors, p.Children[i].Several = [2][]spd.Selector{{own}, {own}}, true
	}
}

// asks has ends ask for tunnels at once.
func (c *talk) asks(list ...string) {
	for _, one := range list {
		at, entry, _ := strings.Cut(one, " ")
		p := c.end(at)
		p.begin(c.now)
		p.apply(p.Acquire(c.now, entry, [2]spd.Selector{}))
	}
}

// wantOneOfEach wants one pair of each tunnel, which both ends have.
func (c *talk) wantOneOfEach() {
	c.t.Helper()
	for i, p := range c.peers {
		require.Equal(c.t, map[string]int{"Tunnel0": 1, "Tunnel1": 1}, c.tunnels(i))
		require.Empty(c.t, p.sendsAmiss(c.peers[1-i]))
	}
}
