package swarm

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// ledger knows what the stations have sent, and judges what comes to them: a packet
// comes once, as it was sent, or not at all. A packet that is in fragments is judged
// by the fragment.
type ledger struct {
	sent     map[int][]parcel // by the station's number; a packet's id is its place, from 1
	pieces   map[piece]bool   // fragments that have come
	clear    map[piece][]crossing
	open     func(at door, since time.Time) bool // says whether a port has let in what came in clear
	now      func() time.Time
	violated func(Invariant, string)
	arrived  int
	two      bool // there is a second customer
}

// parcel is a packet that a station has sent.
type parcel struct {
	to, octets int
	at         time.Time // when it was sent
	arrived    bool      // its beginning has come
}

// piece is a fragment that is no beginning.
type piece struct {
	from   int
	id     uint16
	offset int
}

// door is a router's port to others.
type door struct{ node, port string }

// crossing is where and when a piece came in clear; fine: it was not to be stopped there.
type crossing struct {
	at   door
	when time.Time
	fine bool
}

func newLedger(open func(at door, since time.Time) bool, now func() time.Time, violated func(Invariant, string)) *ledger {
	return &ledger{sent: map[int][]parcel{}, pieces: map[piece]bool{}, clear: map[piece][]crossing{}, open: open, now: now, violated: violated}
}

// pieceOf is which one of a station's packets a packet is.
func pieceOf(p []byte) piece {
	return piece{int(p[14]), binary.BigEndian.Uint16(p[4:]), int(binary.BigEndian.Uint16(p[6:])&0x1fff) * 8}
}

// bare notes a packet that goes in clear to a port.
func (l *ledger) bare(p []byte, to door, fine bool) {
	if len(p) >= ipLen && p[9] == protoUDP {
		this := l.owned(pieceOf(p), p)
		l.clear[this] = append(l.clear[this], crossing{to, l.now(), fine})
	}
}

// wentOn says that a packet has left a router as it came there: it has not been let in.
func (l *ledger) wentOn(p []byte, node string) {
	if len(p) >= ipLen && p[9] == protoUDP {
		list := l.clear[l.owned(pieceOf(p), p)]
		for i := range list {
			list[i].fine = list[i].fine || list[i].at.node == node
		}
	}
}

// owned is a piece of the station that has sent it.
func (l *ledger) owned(this piece, p []byte) piece {
	if total := int(binary.BigEndian.Uint16(p[2:])); l.two && total >= ipLen && total <= len(p) { // of IPv6 he has nothing
		this.from = owner(this, p[ipLen:total])
	}
	return this
}

// strays says whether a packet has gone in clear before.
func (l *ledger) strays(p []byte) bool {
	return len(p) >= ipLen && p[9] == protoUDP && len(l.clear[l.owned(pieceOf(p), p)]) > 0
}

// begun is when a packet was sent by its station; one of another kind, such as a router's own echo, has
// been no longer than ARP takes.
func (l *ledger) begun(p []byte) time.Time {
	this, source, head, _ := read(p)
	if head != 0 {
		this = l.owned(this, p)
	}
	if head != 0 && this.id > 0 && int(this.id) <= len(l.sent[this.from]) && (source == station(this.from) || source == station6(this.from)) {
		return l.sent[this.from][this.id-1].at
	}
	return l.now().Add(-time.Second)
}

// sending notes a packet and gives it an id, while there are ids.
func (l *ledger) sending(from, to, octets int) (id uint16, ok bool) {
	n := len(l.sent[from]) + 1
	if n >= 1<<16 {
		return 0, false
	}
	l.sent[from] = append(l.sent[from], parcel{to: to, octets: octets, at: l.now()})
	return uint16(n), true
}

// has says whether a packet has come.
func (l *ledger) has(from int, id uint16) bool { return l.sent[from][id-1].arrived }

// read is what a packet of a station says; 0 octets of a head: it is none.
func read(p []byte) (this piece, source netip.Addr, head, total int) {
	switch {
	case len(p) >= sixLen && p[0]>>4 == 6 && p[6] == protoUDP:
		this, source, total = parcel6(p)
		return this, source, sixLen, total
	case len(p) >= ipLen && p[0]>>4 == 4 && p[9] == protoUDP:
		return pieceOf(p), netip.AddrFrom4([4]byte(p[12:16])), ipLen, int(binary.BigEndian.Uint16(p[2:]))
	}
	return this, source, 0, 0
}

// delivered judges what a station is given. ICMP is the routers' own.
func (l *ledger) delivered(at int, p []byte) {
	this, source, head, total := read(p)
	if head == 0 {
		return
	}
	this = l.owned(this, p)
	from, id, offset := this.from, this.id, this.offset
	what := fmt.Sprintf("packet %d of %v, octets from %d, at %v", id, source, offset, station(at))
	if id == 0 || int(id) > len(l.sent[from]) || source != station(from) && source != station6(from) || total > len(p) || total < head {
		l.violated(NeverSent, what)
		return
	}
	if customerOf(from) != customerOf(at) {
		l.violated(Apart, fmt.Sprintf("%s, which is another customer's", what))
		return
	}
	parcel := &l.sent[from][id-1]
	inClear := len(l.clear[this]) > 0 // then nothing finds what the network changes or doubles
	if parcel.to != at || offset+total > parcel.octets || !inClear && !unchanged(p[head:total], from, id, offset) {
		l.violated(NeverSent, what+", is not what was sent")
		return
	}
	if l.before(parcel, this) && !inClear {
		l.violated(Twice, what)
	}
	for _, c := range l.clear[this] {
		if !c.fine && !l.open(c.at, c.when) {
			l.violated(Stopped, fmt.Sprintf("%s, came in clear to %s:%s", what, c.at.node, c.at.port))
		}
	}
}

// before says whether a piece has come before, and notes that it has now.
func (l *ledger) before(whole *parcel, p piece) (had bool) {
	if p.offset == 0 {
		had, whole.arrived = whole.arrived, true
		l.arrived++
		return had
	}
	had, l.pieces[p] = l.pieces[p], true
	return had
}

func unchanged(b []byte, from int, id uint16, at int) bool {
	for i := range b {
		if b[i] != octet(from, id, at+i) {
			return false
		}
	}
	return true
}
