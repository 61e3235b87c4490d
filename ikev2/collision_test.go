package ikev2

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// Exchange collisions: RFC 7296, sections 2.8.1, 2.8.2 and 2.25. Both ends send
// a request before either gets the other's.

// collision says what either end is answered.
type collision struct {
	a, b     string // what A and B do
	toA, toB string // what the other answers
	// nonces: both succeed, and the nonces decide which of the two results lives.
	nonces bool
	bare   bool // there is no pair when it begins
	fresh  bool // there is no IKE SA either
}

const (
	rekeyed   = "{ SA Nonce ... }"
	temporary = "{ N(TEMPORARY_FAILURE) }"
	begun     = "{ SA KE Nonce ... }"
	closed    = "{ D(ESP SPI) }"
	empty     = "{ }"
)

var collisions = []collision{
	// "If a peer receives a request to rekey a Child SA that it is currently
	// rekeying, it SHOULD reply as usual, and SHOULD prepare to close redundant
	// SAs later based on the nonces (see Section 2.8.1)." (2.25.1)
	{a: "rekey child", b: "rekey child", toA: rekeyed, toB: rekeyed, nonces: true},
	// "If a peer receives a request to rekey a Child SA that it is currently
	// trying to close, it SHOULD reply with TEMPORARY_FAILURE." (2.25.1)
	// "If a peer receives a request to close a Child SA that it is currently
	// rekeying, it SHOULD reply as usual, with a Delete payload." (2.25.1)
	{a: "rekey child", b: "close child", toA: temporary, toB: closed},
	// "If a peer receives a request to close a Child SA that it is currently
	// trying to close, it SHOULD reply without a Delete payload (see Section
	// 1.4.1)." (2.25.1)
	{a: "close child", b: "close child", toA: empty, toB: empty},
	// "If a peer receives a request to rekey the IKE SA, and it is currently
	// creating, rekeying, or closing a Child SA of that IKE SA, it SHOULD reply
	// with TEMPORARY_FAILURE." (2.25.1)
	// "If a peer receives a request to create or rekey a Child SA when it is
	// currently rekeying the IKE SA, it SHOULD reply with TEMPORARY_FAILURE. If a
	// peer receives a request to delete a Child SA when it is currently rekeying
	// the IKE SA, it SHOULD reply as usual, with a Delete payload." (2.25.2)
	{a: "rekey IKE", b: "create child", toA: temporary, toB: temporary, bare: true},
	{a: "rekey IKE", b: "rekey child", toA: temporary, toB: temporary},
	{a: "rekey IKE", b: "close child", toA: temporary, toB: closed},
	// "If a peer receives a request to rekey an IKE SA that it is currently
	// rekeying, it SHOULD reply as usual, and SHOULD prepare to close redundant
	// SAs and move inherited Child SAs later based on the nonces (see Section
	// 2.8.2)." (2.25.2)
	{a: "rekey IKE", b: "rekey IKE", toA: rekeyed, toB: rekeyed, nonces: true},
	// "If a peer receives a request to rekey an IKE SA that it is currently
	// trying to close, it SHOULD reply with TEMPORARY_FAILURE. If a peer receives
	// a request to close an IKE SA that it is currently rekeying, it SHOULD reply
	// as usual, and forget about its own rekeying request." (2.25.2)
	{a: "rekey IKE", b: "close IKE", toA: temporary, toB: closed},
	// "If a peer receives a request to close an IKE SA that it is currently
	// trying to close, it SHOULD reply as usual, and forget about its own close
	// request." (2.25.2)
	{a: "close IKE", b: "close IKE", toA: empty, toB: empty},
	// Who closes an IKE SA deletes its pair first, which is answered first.
	//
	// What the RFC leaves open: children of an IKE SA that is being closed are
	// being closed too, and a new pair of either end is one too many.
	{a: "close IKE", b: "create child", toA: empty, toB: temporary, bare: true},
	{a: "close IKE", b: "rekey child", toA: closed, toB: temporary},
	{a: "close IKE", b: "close child", toA: empty, toB: empty},
	{a: "create child", b: "create child", toA: rekeyed, toB: rekeyed, nonces: true, bare: true},
	// Neither has an IKE SA yet. The RFC has no rule; 2.8.2 is the model.
	{a: "begin", b: "begin", toA: begun, toB: begun, nonces: true, fresh: true},
}

var doing = map[string]func(*lab, int){
	"rekey child": (*lab).rekeyChild, "close child": (*lab).clearChild, "create child": (*lab).acquire,
	"begin": (*lab).acquire, "rekey IKE": (*lab).rekeyIKE, "close IKE": (*lab).clearIKE,
}

func TestCollisions(t *testing.T) {
	for _, row := range collisions {
		mirrored := row
		mirrored.a, mirrored.b, mirrored.toA, mirrored.toB = row.b, row.a, row.toB, row.toA
		for _, row := range []collision{row, mirrored} {
			t.Run(row.a+" at A, "+row.b+" at B", func(t *testing.T) {
				won := [2]int{}
				for seed := range uint64(8) {
					x := row.meet(t, seed)
					x.checkAnswers(t, row)
					x.checkEnd(t)
					if row.nonces {
						won[x.checkWinner(t)]++
					}
					row.meetAmiss(t, seed, len(x.told))
				}
				require.True(t, !row.nonces || won[0] > 0 && won[1] > 0, "A won %d times, B %d times", won[0], won[1])
			})
		}
	}
}

// mishap is what happens to one datagram of a meeting.
type mishap struct {
	at   int // its number
	what string
}

// mishaps are what may happen; a late one comes after the next retransmission.
var mishaps = []string{"LOST", "TWICE", "LATE", "TWICE, LATE"}

// meetAmiss has each mishap happen to each of n datagrams, and where that is
// wanted each pair of mishaps.
func (row collision) meetAmiss(t *testing.T, seed uint64, n int) {
	for _, first := range allMishaps(n) {
		row.meet(t, seed, first).checkEnd(t)
		if !*explorePairs || seed > 1 {
			continue
		}
		for _, second := range allMishaps(n + 2) { // what it leads to may be lost, too
			if second.at > first.at {
				row.meet(t, seed, first, second).checkEnd(t)
			}
		}
	}
}

// spoiled says whether an answer of an end with which an SA is made was lost, or
// came late.
func (x *meeting) spoiled(from int) bool {
	for i, m := range x.told {
		_, makes := wire.Get[*wire.SA](m.Message)
		if what := x.mishap(i); m.from == from && m.Response() && makes && what != "" && what != "TWICE" {
			return true
		}
	}
	return false
}

func allMishaps(n int) (list []mishap) {
	for at := range n {
		for _, what := range mishaps {
			list = append(list, mishap{at, what})
		}
	}
	return list
}

// meeting is one collision and everything that was sent in it.
type meeting struct {
	*lab
	told    []told
	mishaps []mishap
	late    bool // the datagram that leaves
}

type told struct {
	from int
	*wire.Message
}

// meet lets the two requests cross.
func (row collision) meet(t *testing.T, seed uint64, amiss ...mishap) *meeting {
	x := &meeting{lab: newLab(t, seed, quick), mishaps: amiss}
	x.delay = x.travel
	x.packets = newPackets(x.lab, onTheWay)
	if !row.fresh {
		x.acquire(0)
		x.run(time.Second)
	}
	if row.bare {
		x.clearChild(0)
		x.run(time.Second)
	}
	x.tamper = x.tell
	doing[row.a](x.lab, 0)
	doing[row.b](x.lab, 1)
	x.run(5 * time.Minute)
	x.tamper = nil
	return x
}

func (x *meeting) tell(from int, d Datagram) []Datagram {
	what := x.mishap(len(x.told))
	x.told = append(x.told, told{from, x.peers[from].message(d)})
	x.late = strings.HasSuffix(what, "LATE")
	switch what {
	case "LOST":
		return nil
	case "TWICE", "TWICE, LATE":
		return []Datagram{d, d}
	}
	return []Datagram{d}
}

// mishap is what happens to a datagram; "": nothing.
func (x *meeting) mishap(at int) string {
	for _, m := range x.mishaps {
		if m.at == at {
			return m.what
		}
	}
	return ""
}

// travel is how long a datagram takes: one that is late more than a
// retransmission, the first copy of it only.
func (x *meeting) travel() time.Duration {
	if x.late {
		x.late = false
		return 2500 * time.Millisecond
	}
	return onTheWay
}

// onTheWay is how long datagrams and packets take.
const onTheWay = 20 * time.Millisecond

// first is the first request of an end, or the answer to it.
func (x *meeting) first(of int, response bool) *wire.Message {
	var id uint32
	for _, m := range x.told {
		switch {
		case m.from == of && !m.Response() && !response:
			return m.Message
		case m.from == of && !m.Response() && id == 0:
			id = m.MessageID + 1
		case m.from != of && m.Response() && m.MessageID+1 == id:
			return m.Message
		}
	}
	return &wire.Message{}
}

// answerTo is the answer to the request of an end that reads like that.
func (x *meeting) answerTo(of int, like string) *wire.Message {
	for _, m := range x.told {
		if _, text, _ := strings.Cut(describe(m.Message), fmt.Sprintf("request %d ", m.MessageID)); m.from == of && text == like {
			for _, a := range x.told {
				if a.from != of && a.Response() && a.MessageID == m.MessageID {
					return a.Message
				}
			}
		}
	}
	return nil
}

func (x *meeting) checkAnswers(t *testing.T, row collision) {
	for i, want := range []string{row.toA, row.toB} {
		_, got, _ := strings.Cut(describe(x.first(i, true)), fmt.Sprintf("response %d ", x.first(i, false).MessageID))
		require.True(t, reads(got, want), "%s is answered %q, wanted %q\n%v", endNames[i], got, want, x)
		if [2]string{row.a, row.b}[i] == "close IKE" {
			a := x.answerTo(i, "{ D(IKE) }")
			require.True(t, a != nil && len(a.Payloads) == 0, "%v", x)
		}
	}
}

// checkEnd requires that traffic finds, or makes, one good pair, and that
// nothing else is left.
func (x *meeting) checkEnd(t *testing.T) {
	for i := range x.peers {
		x.acquire(i)
		x.run(time.Minute)
	}
	require.Empty(t, append(x.judge(), x.packets.judge(x.spoiled)...), "%v", x)
}

// checkWinner requires that the result with the lowest of the four nonces is
// gone: "If redundant SAs are created through such a collision, the SA created
// with the lowest of the four nonces used in the two exchanges SHOULD be closed
// by the endpoint that created it." (RFC 7296 2.8.1) It is the end whose result
// lives.
func (x *meeting) checkWinner(t *testing.T) int {
	var lowest [2][]byte
	for i := range lowest {
		own, answer := nonceOf(t, x.first(i, false)), nonceOf(t, x.first(i, true))
		lowest[i] = own
		if bytes.Compare(answer, own) < 0 {
			lowest[i] = answer
		}
	}
	winner := 0
	if bytes.Compare(lowest[0], lowest[1]) < 0 {
		winner = 1
	}
	loser := 1 - winner
	kept, gone := x.first(winner, false), x.first(loser, false)
	if len(spiOf(t, kept)) == 8 {
		require.Equal(t, spiOf(t, kept), binary.BigEndian.AppendUint64(nil, x.peers[0].SAs()[0].SPIi), "%v", x)
		require.Equal(t, loser, x.deleter(binary.BigEndian.Uint64(spiOf(t, gone))), "%v", x)
		return winner
	}
	require.Equal(t, spiOf(t, kept), spiOctets(x.pair(winner).In.SPI), "%v", x)
	require.Equal(t, spiOf(t, x.first(winner, true)), spiOctets(x.pair(loser).In.SPI), "%v", x)
	require.Equal(t, loser, x.deleterOf(spiOf(t, gone)), "%v", x)
	// "The node that initiated the surviving rekeyed SA should delete the
	// replaced SA after the new one is established." (RFC 7296 2.8.1)
	if old := kept.Notify(wire.REKEY_SA); old != nil {
		require.Equal(t, winner, x.deleterOf(old.SPI), "%v", x)
	}
	return winner
}

// deleter is the end that asked to delete the IKE SA with that initiator's SPI,
// deleterOf the one that asked to delete its inbound ESP SA.
func (x *meeting) deleter(spiI uint64) int {
	return x.asked(func(m *wire.Message, d *wire.Delete) bool { return d.Protocol == wire.ProtoIKE && m.SPIi == spiI })
}

func (x *meeting) deleterOf(spi []byte) int {
	return x.asked(func(_ *wire.Message, d *wire.Delete) bool {
		for _, s := range d.SPIs {
			if bytes.Equal(s, spi) {
				return true
			}
		}
		return false
	})
}

func (x *meeting) asked(match func(*wire.Message, *wire.Delete) bool) int {
	for _, m := range x.told {
		if d, ok := wire.Get[*wire.Delete](m.Message); ok && !m.Response() && match(m.Message, d) {
			return m.from
		}
	}
	return -1
}

// String is the ladder.
func (x *meeting) String() string {
	var s strings.Builder
	for i, m := range x.told {
		fmt.Fprintf(&s, "%s %s %s\n", endNames[m.from], describe(m.Message), x.mishap(i))
	}
	return s.String()
}

func nonceOf(t *testing.T, m *wire.Message) []byte {
	n, ok := wire.Get[*wire.Nonce](m)
	require.True(t, ok)
	return n.Data
}

func spiOf(t *testing.T, m *wire.Message) []byte {
	sa, ok := wire.Get[*wire.SA](m)
	require.True(t, ok)
	if m.Exchange == wire.IKE_SA_INIT {
		return binary.BigEndian.AppendUint64(nil, m.SPIi)
	}
	return sa.Proposals[0].SPI
}
