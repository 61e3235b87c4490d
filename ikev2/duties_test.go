package ikev2

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// Duties that no other conversation is about: RFC 7296, sections 2.2, 2.3, 2.8, 2.9,
// 2.11, 2.21, 3.1, 3.10 and 4.

// from lets a datagram arrive at an end from an address and port.
func (c *talk) from(at netip.AddrPort, to string, local uint16, data []byte) {
	p := c.end(to)
	a := testConfig(p.index).Children[0]
	p.apply(p.Receive(c.now, Datagram{Local: netip.AddrPortFrom(a.Local, local), Remote: at, Data: data}))
}

// "An implementation MUST accept incoming requests even if the source port is not 500 or
// 4500, and MUST respond to the address and port from which the request was received. It
// MUST specify the address and port at which the request was received as the source
// address and port in the response." (RFC 7296 2.11)
func TestAnyPort(t *testing.T) {
	for _, local := range []uint16{500, 4500} {
		for _, port := range []uint16{1, 500, 1024, 4500, 65535} {
			t.Run(fmt.Sprint(local, port), func(t *testing.T) {
				c := newTalk(t)
				at := netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), port)
				first, _ := firstRequest(t, c)
				c.from(at, "B", local, first.Data)
				want := func(l *letter) {
					require.Equal(t, at, l.Remote)
					require.Equal(t, local, l.Local.Port())
				}
				want(c.wantSend("B", "IKE_SA_INIT response 0 { SA KE Nonce ... }"))
				if local != ikePort {
					return // A sends there only when it has found a NAT: nat_test.go
				}
				// IKE_AUTH and what follows may come from elsewhere again (2.23).
				auth := c.hold(c.wantSend("A", authRequest))
				at = netip.AddrPortFrom(at.Addr(), port/2+7)
				c.from(at, "B", local, auth.Data)
				want(c.hold(c.wantSend("B", authResponse)))
				at = netip.AddrPortFrom(at.Addr(), port/2+8)
				c.from(at, "B", local, auth.Data)
				want(c.hold(c.wantSend("B", authResponse)))
			})
		}
	}
}

// "In the unlikely event that Message IDs grow too large to fit in 32 bits, the IKE SA
// MUST be closed or rekeyed." (RFC 7296 2.2)
func TestMessageIDsRunOut(t *testing.T) {
	for _, whose := range []int{0, 1} { // the end whose requests have been so many
		c := upTalk(t)
		c.tamper = nil
		old := c.end("A").SAs()[0].SPIi
		mine, theirs := c.peers[whose].sorted()[0], c.peers[1-whose].sorted()[0]
		mine.requests, theirs.responses = window.NewRequests(lastID), window.NewResponses(lastID, 5)
		c.rekeyChild(whose)
		c.run(time.Minute)
		c.requireUp()
		require.NotEqual(t, old, c.end("A").SAs()[0].SPIi)
		require.Less(t, c.end("A").sorted()[0].requests.Next(), uint32(100))
	}
}

// "The data associated with a SET_WINDOW_SIZE notification MUST be 4 octets long and
// contain the big endian representation of the number of messages the sender promises to
// keep." (RFC 7296 2.3) What is not makes a message malformed, and 0 says nothing.
func TestWindowsThatAreNone(t *testing.T) {
	for _, data := range [][]byte{nil, {9}, {0, 9}, {0, 0, 9}, {0, 0, 0, 0, 9}, {0, 0, 0, 0}} {
		c := newTalk(t, func(p *testPolicy) { p.Window = 2 })
		c.acquire(0)
		c.pass(2)
		request := c.hold(c.wantSend("A", authRequest))
		list := c.end("A").message(request.Datagram).Payloads
		for i, p := range list {
			if n, ok := p.(*wire.Notify); ok && n.Kind == wire.SET_WINDOW_SIZE {
				require.Equal(t, []byte{0, 0, 0, 2}, n.Data)
				list[i] = &wire.Notify{Kind: n.Kind, Data: data}
			}
		}
		c.forge("B", sealed(c.end("A"), wire.IKE_AUTH, 1, list...))
		if len(data) != 4 {
			c.drop(c.wantSend("B", "IKE_AUTH response 1 { N(INVALID_SYNTAX) }"))
			continue
		}
		c.wantSend("B", authResponse)
		require.EqualValues(t, 1, c.end("B").sorted()[0].requests.Peer(), "%x", data)
	}
}

// "When rekeying an IKE SA, the new IKE SA starts with window size 1 until it is
// explicitly increased by sending a new SET_WINDOW_SIZE notification." (RFC 7296 2.3)
func TestWindowAfterARekey(t *testing.T) {
	for said, want := range map[bool]uint32{true: 5, false: 1} {
		c := upTalk(t)
		require.EqualValues(t, 5, c.end("A").sorted()[0].requests.Peer())
		c.rekeyIKE(0)
		c.pass(1)
		answer := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce KE N(SET_WINDOW_SIZE) }"))
		list := c.end("B").message(answer.Datagram).Payloads
		if !said {
			list = list[:3]
		}
		c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, list...))
		c.pass(2)
		c.settle()
		require.Equal(t, want, c.end("A").sorted()[0].requests.Peer())
	}
}

// "If the responder rejects the CREATE_CHILD_SA request with a NO_ADDITIONAL_SAS
// notification, the implementation MUST be capable of instead deleting the old SA and
// creating a new one." (RFC 7296 4)
func TestPeerThatRekeysNothing(t *testing.T) {
	for name, rekey := range map[string]func(*lab, int){"a pair": (*lab).rekeyChild, "the IKE SA": (*lab).rekeyIKE} {
		t.Run(name, func(t *testing.T) {
			c := upTalk(t)
			rekey(c.lab, 0)
			c.drop(c.wantSend("A", "CREATE_CHILD_SA request 2 { ... }"))
			c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, ikeNotify(wire.NO_ADDITIONAL_SAS, nil)))
			c.wantSend("A", "INFORMATIONAL request 3 { D(ESP SPI) }")
			c.wantSend("A", "INFORMATIONAL request 4 { D(IKE) }")
			c.wantSend("B", "INFORMATIONAL response 3 { D(ESP SPI) }")
			c.wantSend("B", "INFORMATIONAL response 4 { }")
			c.settle()
			c.wantEvent("A", "tunnel down: no resources")
			c.requireEmpty()
			c.acquire(0)
			c.pass(4)
			c.settle()
			c.requireUp()
		})
	}
}

// "If an SA has expired or is about to expire and rekeying attempts using the mechanisms
// described here fail, an implementation MUST close the IKE SA and any associated Child
// SAs and then MAY start new ones." (RFC 7296 2.8)
func TestRekeyOfTheIKESAFailsToItsEnd(t *testing.T) {
	c := upTalk(t, func(p *testPolicy) { p.Profiles[0].Lifetime = 10 * time.Minute })
	c.tamper = func(from int, d Datagram) []Datagram {
		if from == 0 && isExchange(d, wire.CREATE_CHILD_SA, false) {
			id, _ := wire.ParseHeader(d.Data)
			c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, id.MessageID, ikeNotify(wire.NO_PROPOSAL_CHOSEN, nil)))
			return nil
		}
		if from == 1 && isExchange(d, wire.CREATE_CHILD_SA, false) {
			return nil
		}
		return []Datagram{d}
	}
	c.run(13 * time.Minute)
	require.Empty(t, c.end("A").SAs())
	require.Empty(t, c.end("A").pairs)
}

// "Once a peer receives a request to rekey an IKE SA or sends a request to rekey an IKE
// SA, it SHOULD NOT start any new CREATE_CHILD_SA exchanges on the IKE SA that is being
// rekeyed." (RFC 7296 1.3.2) "the Delete payload to delete itself MUST be the last request
// sent over the old IKE SA." (2.8)
func TestNothingBeginsWhileTheIKESAIsRekeyed(t *testing.T) {
	for _, end := range []int{0, 1} {
		c := upTalk(t)
		c.rekeyIKE(0)
		old := c.end("A").SAs()[0]
		request := c.wantSend("A", "CREATE_CHILD_SA request 2 { SA Nonce KE ... }")
		if end == 1 {
			c.deliver(c.hold(request))
			c.post()
			c.lab.run(2 * time.Millisecond) // it is being served
		}
		c.rekeyChild(end)
		c.clearChild(end)
		if end == 0 {
			c.drop(request)
			c.run(patience)
			require.Empty(t, c.sent, "neither the rekey of the pair nor its Delete")
			c.deliver(request)
		}
		c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce KE ... }")
		all := c.record()
		c.run(time.Minute)
		var under []string
		for _, m := range *all {
			if m.SPIi == old.SPIi && !m.Response() {
				under = append(under, describe(m))
			}
		}
		require.Equal(t, []string{"INFORMATIONAL request 3 { D(IKE) }"}, under)
		require.Len(t, c.end("A").SAs(), 1)
	}
}

// "If the responder's policy allows it to accept the first selector of TSi and TSr, then
// the responder MUST narrow the Traffic Selectors to a subset that includes the
// initiator's first choices." (RFC 7296 2.9) What has nothing in common with the policy
// is TS_UNACCEPTABLE, that of another family too; "If the type of Traffic Selector proposed is
// unknown, the responder ignores that Traffic Selector, so that the unknown type is not
// returned in the narrowed set."
func TestFirstChoicesStay(t *testing.T) {
	addr := netip.MustParseAddr
	half := spd.Selector{EndPort: 65535, Start: addr("192.168.2.0"), End: addr("192.168.2.255")}
	packet := wire.Selector{Type: wire.TSIPv4AddrRange, Protocol: 6, StartPort: 80, EndPort: 80, Start: addr("192.168.2.7"), End: addr("192.168.2.7")}
	wide := wire.Selector{Type: wire.TSIPv4AddrRange, EndPort: 65535, Start: addr("0.0.0.0"), End: addr("255.255.255.255")}
	six := wire.Selector{Type: wire.TSIPv6AddrRange, EndPort: 65535, Start: addr("::"), End: addr("ffff::")}
	away := wire.Selector{Type: wire.TSIPv4AddrRange, EndPort: 65535, Start: addr("172.16.0.0"), End: addr("172.16.0.255")}
	strange := wire.Selector{Type: 99, Strange: "what"}
	for name, row := range map[string]struct {
		tsr    []wire.Selector
		answer string
		want   []wire.Selector
	}{
		"the packet, and all":     {[]wire.Selector{packet, wide}, "SA Nonce TSi TSr ...", toWire(false, []spd.Selector{half}).Selectors}, // which holds the packet
		"another family, and all": {[]wire.Selector{six, wide}, "SA Nonce TSi TSr ...", toWire(false, []spd.Selector{half}).Selectors},
		"another type, and all":   {[]wire.Selector{strange, wide}, "SA Nonce TSi TSr ...", toWire(false, []spd.Selector{half}).Selectors},
		"another type":            {[]wire.Selector{strange}, "N(TS_UNACCEPTABLE)", nil},
		"another family":          {[]wire.Selector{six}, "N(TS_UNACCEPTABLE)", nil},
		"elsewhere":               {[]wire.Selector{away}, "N(TS_UNACCEPTABLE)", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTalk(t)
			c.end("B").configure(testConfig(1, quick, func(p *testPolicy) { p.Children[0].Selectors[0] = []spd.Selector{half} }))
			c.establish()
			list := offerFor(c, espMenus(&testConfig(0).Children[0], true))
			list[4] = &wire.TS{Selectors: row.tsr}
			c.forge("B", sealed(c.end("A"), wire.CREATE_CHILD_SA, 2, list...))
			l := c.wantSend("B", "CREATE_CHILD_SA response 2 { "+row.answer+" }")
			for ts := range wire.All[*wire.TS](c.end("B").message(l.Datagram)) {
				require.True(t, ts.Initiator || fmt.Sprint(row.want) == fmt.Sprint(ts.Selectors), "%v", ts.Selectors)
			}
		})
	}
}

// "Thus, the new SA MUST NOT have narrower selectors than the original." and "The
// responder MUST NOT narrow down the Traffic Selectors narrower than the scope currently
// in use." (RFC 7296 2.9.2): ends of different policies rekey from either side.
func TestRekeyNarrowsNothing(t *testing.T) {
	addr := netip.MustParseAddr
	half := spd.Selector{EndPort: 65535, Start: addr("192.168.2.0"), End: addr("192.168.2.255")}
	for _, who := range []int{0, 1} {
		c := newTalk(t)
		c.end("B").configure(testConfig(1, quick, func(p *testPolicy) { p.Children[0].Selectors[0] = []spd.Selector{half} }))
		c.establish()
		before := [2]ChildSA{c.pair(0), c.pair(1)}
		c.rekeyChild(who)
		c.pass(4)
		c.settle()
		c.requireUp()
		for i := range before {
			require.NotEqual(t, before[i].In.SPI, c.pair(i).In.SPI)
			require.Equal(t, before[i].Local, c.pair(i).Local)
			require.Equal(t, before[i].Remote, c.pair(i).Remote)
		}
	}
}

// "To reduce the probability of this happening, the timing of rekeying requests SHOULD be
// jittered (delayed by a random amount of time after the need for rekeying is noticed)." (RFC
// 7296 2.8.1)
func TestRekeysAreJittered(t *testing.T) {
	seen := [2]map[time.Duration]bool{{}, {}}
	for seed := range uint64(8) {
		c := talkOf(t, seed)
		c.establish()
		sa := c.end("A").sorted()[0]
		seen[0][sa.expireAt.Sub(sa.rekeyAt)] = true
		seen[1][sa.children[0].expireAt.Sub(sa.children[0].rekeyAt)] = true
	}
	require.Greater(t, len(seen[0]), 4)
	require.Greater(t, len(seen[1]), 4)
}

// "IKEv2 allows the responder to choose a subset of the traffic proposed by the initiator."
// (RFC 7296 2.9) More than that makes no pair.
func TestSelectorsThatAreWider(t *testing.T) {
	addr := netip.MustParseAddr
	half := spd.Selector{EndPort: 65535, Start: addr("192.168.2.0"), End: addr("192.168.2.255")}
	c := newTalk(t)
	c.end("A").configure(testConfig(0, quick, func(p *testPolicy) { p.Children[0].Selectors[1] = []spd.Selector{half} }))
	c.establish()
	before := c.pair(0).In.SPI
	c.rekeyChild(0)
	c.pass(1)
	good := c.hold(c.wantSend("B", "CREATE_CHILD_SA response 2 { SA Nonce TSi TSr ... }"))
	list := c.end("B").message(good.Datagram).Payloads
	for i, p := range list {
		if ts, ok := p.(*wire.TS); ok && !ts.Initiator {
			list[i] = toWire(false, testConfig(0).Children[0].Selectors[1])
		}
	}
	c.forge("A", sealedResponse(c.end("B"), wire.CREATE_CHILD_SA, 2, list...))
	require.Len(t, c.end("A").pairs, 1)
	require.Equal(t, before, c.pair(0).In.SPI)
}
