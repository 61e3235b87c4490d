package crypto

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/router/ip"
)

func TestTunnelCarries(t *testing.T) {
	one, two := twoEnds(t)
	require.False(t, one.entry.Ready())
	install(t, one, two, 0x1000)
	require.True(t, one.stack.Interfaces.Get("Tunnel0").Protocol)
	for _, n := range []int{0, 100, 1300, 5000} {
		one.sayTo2(n)
	}
	require.Equal(t, 4, two.got)
	require.EqualValues(t, 0x1000, one.espSPI())
	require.EqualValues(t, one.entry.Counters().Encaps, two.entry.Counters().Decaps)
	two.say("192.168.2.1", "192.168.1.1", 10)
	require.Equal(t, 1, one.got)
	require.Equal(t, []string{"traffic 0x1000"}, two.calls(), "once a second is enough")
	s := one.entry.States()[0]
	require.EqualValues(t, 0x1000, s.Sending)
	require.Equal(t, "Ethernet0/0", s.OutInterface)
	require.Len(t, s.Pairs, 1)
}

// What should be encrypted takes no other way while there are no SAs; it asks
// for some, once in each pause.
func TestTrafficAsks(t *testing.T) {
	one, _ := twoEnds(t)
	for range 3 {
		one.sayTo2(10)
	}
	require.Equal(t, []string{"acquire Tunnel0"}, one.calls())
	require.EqualValues(t, 3, one.entry.Counters().Down)
	require.Equal(t, addr("10.0.0.2"), last[Requested](t, one).Remote)
	require.Equal(t, ip.InterfaceDown, last[ip.Dropped](t, one).Reason)
	require.Empty(t, one.frames)
}

// TestBackOff: the pauses after failures.
func TestBackOff(t *testing.T) {
	one, _ := twoEnds(t)
	require.WithinRange(t, one.entry.asking.At(), epoch.Add(acquireFirst), epoch.Add(acquireFirst+acquireMore))
	now := one.entry.asking.At()
	for _, pause := range []int{10, 20, 40, 80, 120, 120} {
		one.timers.Run(now)
		require.Equal(t, []string{"acquire Tunnel0"}, one.calls())
		one.entry.Down(now, false)
		require.Equal(t, now.Add(time.Duration(pause)*time.Second), one.entry.asking.At())
		now = one.entry.asking.At()
	}
	one.state = Negotiating // the peer asks
	one.timers.Run(now)
	require.Empty(t, one.calls())
	require.Equal(t, now.Add(acquireCheck), one.entry.asking.At())
	require.NoError(t, one.crypto.Install(now, association(1, 0x1000)))
	require.Zero(t, one.entry.asking.At())
	one.state = Idle
	require.True(t, one.crypto.Delete(now, 0x1001))
	one.entry.Down(now, true)
	require.Equal(t, now.Add(acquireAgain), one.entry.asking.At(), "what had worked is asked for soon")
	one.entry.Retry(now)
	require.Zero(t, one.entry.failures)
}

func TestResponderOnly(t *testing.T) {
	one, _ := twoEnds(t)
	one.settings.ResponderOnly = true
	one.entry.Set(epoch, one.settings)
	one.timers.Run(epoch.Add(time.Hour))
	one.sayTo2(10)
	require.Empty(t, one.calls())
}

func TestIdleTime(t *testing.T) {
	one, two := twoEnds(t)
	one.settings.Idle = time.Minute
	one.entry.Set(epoch, one.settings)
	install(t, one, two, 0x1000)
	one.now = epoch.Add(50 * time.Second)
	one.sayTo2(10)
	one.calls()
	one.timers.Run(epoch.Add(time.Minute))
	require.Empty(t, one.calls())
	one.timers.Run(epoch.Add(110 * time.Second))
	require.Equal(t, []string{"clear Tunnel0"}, one.calls())
	require.True(t, one.crypto.Delete(one.now, 0x1001))
	one.entry.Down(one.now, true)
	require.Zero(t, one.entry.asking.At(), "only traffic brings them back")
	one.sayTo2(10)
	require.Equal(t, []string{"acquire Tunnel0"}, one.calls())
}

// "The initiator MAY begin sending on an SA as soon as it processes the response.
// ... When rekeying an SA, the responder continues to send traffic on the old SA
// until one of those events occurs": a valid message on the other half of the new
// pair, or the request to close the replaced one (RFC 7296, section 2.8). So an
// initiator whose keys are still being computed loses nothing of such a responder.
func TestStandby(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	a, b := association(1, 0x2000), association(2, 0x2000)
	a.Replaces, b.Replaces, b.Standby = 0x1001, 0x1000, true
	require.NoError(t, two.crypto.Install(epoch, b))
	two.say("192.168.2.1", "192.168.1.1", 10)
	require.EqualValues(t, 0x1001, two.espSPI(), "the peer has not used the new one")
	require.NoError(t, one.crypto.Install(epoch, a))
	one.sayTo2(10)
	require.EqualValues(t, 0x2000, one.espSPI())
	two.say("192.168.2.1", "192.168.1.1", 10)
	require.EqualValues(t, 0x2001, two.espSPI())
	require.Len(t, two.entry.pairs, 2, "the old one receives until it is deleted")
	require.True(t, two.crypto.Delete(epoch, 0x1000))
	require.False(t, two.crypto.Delete(epoch, 0x1000))
	two.say("192.168.2.1", "192.168.1.1", 10)
	require.Equal(t, 3, one.got)
}

func TestStandbyTakesOverWhenTheOldIsDeleted(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	b := association(2, 0x2000)
	b.Replaces, b.Standby = 0x1000, true
	require.NoError(t, two.crypto.Install(epoch, b))
	require.True(t, two.crypto.Delete(epoch, 0x1000))
	require.True(t, two.entry.Ready())
	two.say("192.168.2.1", "192.168.1.1", 10)
	require.EqualValues(t, 0x2001, two.espSPI())
}

// TestClosedPair: what is sealed under an SA whose Delete is on its way is lost
// (RFC 7296, section 1.4.1), so another pair takes over, where there is one; what
// comes is still received.
func TestClosedPair(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	one.crypto.Close(0x1001)
	one.sayTo2(10)
	require.EqualValues(t, 0x1000, one.espSPI(), "there is no other")
	install(t, one, two, 0x2000)
	one.crypto.Close(0x2001)
	one.sayTo2(10)
	require.EqualValues(t, 0x2000, one.espSPI(), "the other is to go, too")
	install(t, one, two, 0x3000)
	install(t, one, two, 0x4000)
	one.crypto.Close(0x4001)
	one.sayTo2(10)
	require.EqualValues(t, 0x3000, one.espSPI())
	two.sayTo1(10)
	require.EqualValues(t, 0x4001, two.espSPI())
	require.Equal(t, 1, one.got)
	one.crypto.Delete(epoch, 0x3001)
	require.True(t, one.entry.Ready())
	one.crypto.Close(0x5001) // never heard of
}

// Packets are matched against the selectors of each SA (RFC 4301, section 4.4.1): two children with selectors of their own serve
// side by side, and a rekey of the one leaves the other alone.
func TestSeveralPairs(t *testing.T) {
	one, two := twoEnds(t)
	for _, d := range []*device{one, two} {
		d.settings.Several = true
		d.entry.Set(epoch, d.settings)
	}
	only := func(a, b string) func(*Association) {
		return func(x *Association) {
			x.Local, x.Remote = prefixes(a), prefixes(b)
			if x.LocalEnd.Addr() == addr("10.0.0.2") {
				x.Local, x.Remote = x.Remote, x.Local
			}
		}
	}
	install(t, one, two, 0x1000, only("192.168.1.0/24", "192.168.2.0/24"))
	install(t, one, two, 0x2000, only("172.16.0.0/24", "172.16.0.0/24"))
	send := func() (net, link ipsec.SPI) {
		one.sayTo2(10)
		net = one.espSPI()
		one.say("172.16.0.1", "172.16.0.2", 10)
		return net, one.espSPI()
	}
	net, link := send()
	require.Equal(t, [2]ipsec.SPI{0x1000, 0x2000}, [2]ipsec.SPI{net, link})
	install(t, one, two, 0x3000, only("192.168.1.0/24", "192.168.2.0/24"), func(a *Association) {
		a.Replaces = 0x1001 - ipsec.SPI(a.LocalEnd.Addr().As4()[3]-1)
	})
	net, link = send()
	require.Equal(t, [2]ipsec.SPI{0x3000, 0x2000}, [2]ipsec.SPI{net, link})
	require.Equal(t, 4, two.got)
	install(t, one, two, 0x4000, only("192.168.1.0/24", "192.168.2.0/24"))
	one.crypto.Close(0x4001)
	net, link = send()
	require.Equal(t, [2]ipsec.SPI{0x3000, 0x2000}, [2]ipsec.SPI{net, link}, "one that is to go is the last choice")
	require.True(t, one.crypto.Delete(epoch, 0x4001))

	one.say("192.168.1.1", "172.16.0.2", 10) // neither of them carries that
	require.Equal(t, ErrPolicy, last[Refused](t, one).Reason)
	flows := one.entry.States()
	require.Len(t, flows, 3, "the whole, which no pair carries, and two parts")
	require.Equal(t, []bool{false, true, true}, []bool{flows[0].Part, flows[1].Part, flows[2].Part})
	require.Equal(t, []uint64{0, 3, 3}, []uint64{flows[0].Encaps, flows[1].Encaps, flows[2].Encaps}, "a rekeyed part counts on")
	require.EqualValues(t, 1, flows[1].SendErrors+flows[2].SendErrors)
	one.entry.ClearCounters()
	require.Zero(t, one.entry.States()[2].Encaps)
	require.True(t, one.crypto.Delete(epoch, 0x3001))
	one.sayTo2(10)
	require.Equal(t, ErrPolicy, last[Refused](t, one).Reason, "another pair does not take over what it may not carry")
}

func TestVolume(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000, func(a *Association) { a.Kilobytes = 2 })
	one.sayTo2(1300)
	one.calls()
	one.sayTo2(600)
	require.Equal(t, []string{"soft 0x1001"}, one.calls())
	one.sayTo2(600)
	one.sayTo2(600)
	require.Equal(t, []string{"hard 0x1001"}, one.calls(), "each is said once")
}

func TestSettingsOfLivePairs(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	one.settings.TTL, one.settings.DF = 7, DFSet
	one.entry.Set(epoch, one.settings)
	one.sayTo2(10)
	f := one.frames[len(one.frames)-1]
	require.EqualValues(t, 7, f[ip.EthernetHeader+8])
	require.EqualValues(t, dontFragment, f[ip.EthernetHeader+6])

	one.settings.Active = false
	one.entry.Set(epoch, one.settings)
	require.False(t, one.stack.Interfaces.Get("Tunnel0").Protocol)
	one.entry.Remove(epoch)
	require.Nil(t, one.crypto.Entry("Tunnel0"))
	require.ErrorIs(t, one.crypto.Install(epoch, association(1, 0x3000)), ipsec.ErrParams)
	require.True(t, one.crypto.Delete(epoch, 0x1001), "IKE still ends it")
}

// TestNoUnderlay: without a way to the peer nothing is asked for, and with a
// new one it is at once.
func TestNoUnderlay(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	one.stack.Interfaces.Carrier(epoch, 0, false)
	require.False(t, one.entry.Ready())
	require.False(t, one.stack.Interfaces.Get("Tunnel0").Protocol)
	one.sayTo2(10)
	require.Empty(t, one.calls())
	one.stack.Interfaces.Carrier(epoch, 0, true)
	require.True(t, one.entry.Ready())
}

func TestImpossibleAssociations(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	for name, edit := range map[string]func(*Association){
		"reserved spi":  func(a *Association) { a.Out.SPI = 255 },
		"inbound spi 0": func(a *Association) { a.In.SPI = 0 },
		"key":           func(a *Association) { a.In.EncrKey = nil },
		"in use":        func(a *Association) { a.In.SPI = 0x1001 },
		"selector":      func(a *Association) { a.Local[0].EndPort = 0 },
		"peer":          func(a *Association) { a.Peer = netip.AddrPortFrom(netip.IPv6Loopback(), 500) },
	} {
		a := association(1, 0x2000)
		a.Local = append(a.Local[:0:0], a.Local...)
		a.Local[0].StartPort = 0
		if name == "selector" {
			a.Local[0].StartPort = 9
		}
		edit(&a)
		require.Error(t, one.crypto.Install(epoch, a), name)
		require.Equal(t, 1, one.crypto.Pairs(), name)
	}
	one.sayTo2(10)
	require.Equal(t, 1, two.got)
}

// TestRefusals: bad ESP packets change nothing but counters, and say why.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(f []byte) []byte
		want   Refusal
		count  func(d *Drops) uint64
	}{
		"replay":      {func(f []byte) []byte { return f }, Replayed, func(d *Drops) uint64 { return d.Replay }},
		"integrity":   {func(f []byte) []byte { f[41] += 9; return f }, NotAuthentic, func(d *Drops) uint64 { return d.Integrity }},
		"invalid spi": {func(f []byte) []byte { f[34] = 0x13; return f }, InvalidSPI, func(d *Drops) uint64 { return d.InvalidSPI }},
		"too short":   {func(f []byte) []byte { f[16], f[17] = 0, 20+12; return f }, OtherRefusal, func(d *Drops) uint64 { return d.Other }},
	} {
		one, two := twoEnds(t)
		install(t, one, two, 0x1000)
		one.sayTo2(100)
		frame := c.change(bytes.Clone(one.frames[len(one.frames)-1]))
		ip.SetHeaderChecksum(frame[ip.EthernetHeader:])
		two.frames = nil
		state := two.entry.States()[0]
		two.stack.Receive(epoch, 0, frame)
		two.stack.Receive(epoch, 0, frame)
		require.Empty(t, two.frames, "%s: nothing answers", name)
		require.EqualValues(t, 2, c.count(&two.crypto.Drops), name)
		require.Equal(t, c.want, last[Refused](t, two).Why, name)
		now := two.entry.States()[0]
		if now.RecvErrors = 0; name != "invalid spi" {
			require.EqualValues(t, 2, two.entry.Counters().RecvErrors, name)
		}
		wrong := map[Refusal]Refusals{Replayed: {Replays: 2}, NotAuthentic: {Unproven: 2}}
		require.Equal(t, wrong[c.want], now.Refusals, name)
		now.Refusals = Refusals{}
		require.Equal(t, state, now, name)
	}
}

// TestOuterIsChecked: what is no whole ESP packet does not come to the association: it is refused
// before, or waits for its other fragments, since "If a packet offered to ESP for processing
// appears to be an IP fragment ... the receiver MUST discard the packet" (RFC 4303 section 3.4.1).
func TestOuterIsChecked(t *testing.T) {
	for name, change := range map[string]func(b []byte){
		"version":          func(b []byte) { b[0] = 0x65 },
		"header length":    func(b []byte) { b[0] = 0x44 },
		"total length":     func(b []byte) { b[2]++ },
		"protocol":         func(b []byte) { b[9] = 51 },
		"no protocol":      func(b []byte) { b[9] = ip.ProtoUDP },
		"more fragments":   func(b []byte) { b[6] |= ip.FlagMF >> 8 },
		"fragment":         func(b []byte) { b[7] = 1 },
		"less than an SPI": func(b []byte) { binary.BigEndian.PutUint16(b[2:], ip.HeaderLen+7) },
	} {
		one, two := twoEnds(t)
		install(t, one, two, 0x1000)
		one.sayTo2(100)
		frame := bytes.Clone(one.frames[len(one.frames)-1])
		change(frame[ip.EthernetHeader:])
		fixChecksum(frame[ip.EthernetHeader:])
		before := two.entry.Counters()
		two.stack.Receive(epoch, 0, frame)
		require.Equal(t, before, two.entry.Counters(), name)
		two.stack.Receive(epoch, 0, one.frames[len(one.frames)-1])
		require.EqualValues(t, 1, two.crypto.Drops.Replay, name)
	}
}

func TestClearTextFromProtectedNetwork(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	one.sayTo2(100) // resolves the peer
	f := append(bytes.Clone(one.frames[len(one.frames)-1][:ip.EthernetHeader]), packet(60)...)
	two.got = 0
	two.stack.Receive(epoch, 0, f)
	require.Zero(t, two.got)
	require.EqualValues(t, 1, two.crypto.Drops.NotIPsec)
	r := last[Refused](t, two)
	require.Equal(t, Refused{Interface: "Ethernet0/0", From: addr("192.168.1.1"), To: addr("192.168.2.1"), Protocol: 17, Why: NotIPsec}, r)
}

// TestPacketsAllocateNothing: neither end does in steady state.
func TestPacketsAllocateNothing(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000)
	one.sayTo2(1000)
	one.mute, two.mute = true, true
	inner := append(make([]byte, ip.EthernetHeader), packet(1000)...)
	copy(inner[ip.EthernetHeader+ip.HeaderLen:], []byte{0, port, 0, port, 980 >> 8, 980 & 0xff, 0, 0}) // a datagram without a checksum
	require.Zero(t, testing.AllocsPerRun(50, func() { one.entry.seal(epoch, inner[ip.EthernetHeader:]) }))
	require.Equal(t, 52, two.got)
	require.EqualValues(t, 52, two.entry.Counters().Decaps)
}

// "The sender MUST NOT send a packet on an SA if doing so would cause the sequence
// number to cycle." (RFC 4303, section 3.3.3): IKE is asked for another pair long
// before, and to end this one then.
func TestSequenceNumbersEnd(t *testing.T) {
	one, two := twoEnds(t)
	install(t, one, two, 0x1000, func(a *Association) { a.Kilobytes = 0 })
	one.sayTo2(10)
	one.calls()
	one.crypto.Age(2)
	two.crypto.Age(2)
	one.sayTo2(10)
	require.Equal(t, []string{"soft 0x1001"}, one.calls())
	one.sayTo2(10)
	require.Equal(t, 3, two.got)
	one.sayTo2(10)
	require.Equal(t, []string{"hard 0x1001"}, one.calls())
	require.Equal(t, Exhausted{Entry: "Tunnel0", Remote: addr("10.0.0.2"), SPI: 0x1000, ConnID: 1}, last[Exhausted](t, one))
	one.sayTo2(10)
	require.Empty(t, one.calls(), "it is told once")
	require.Equal(t, 3, two.got)
	require.EqualValues(t, 2, one.entry.Counters().SendErrors)
}
