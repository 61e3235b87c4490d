package ip

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"ikelab/router/record"
)

const (
	reassemblyTime   = 30 * time.Second // RFC 1122 section 3.3.2 asks for a fixed value; IOS's is shorter
	reassemblyTime6  = 60 * time.Second // RFC 8200 section 4.5
	maxReassemblies  = 16               // datagrams being put together at one time
	maxPieces        = 64               // fragments of one datagram
	reassemblyOctets = 256 << 10        // of fragments kept by one device

	// What came as it is, which anybody may have sent, leaves some room for what was decrypted.
	clearReassemblies = maxReassemblies * 3 / 4
	clearOctets       = reassemblyOctets * 3 / 4
)

// fragmentKey names a datagram (RFC 791 section 3.2). What has been decrypted is never put together
// with what came as it is: whoever saw the one could complete it by the other.
type fragmentKey struct {
	table    *Table
	inner    bool       // out of a tunnel
	of       *Interface // the tunnel interface whose own packet it is; nil: it is none's
	src, dst address
	id       uint32
	proto    uint8
}

// assembly is a datagram being put together.
type assembly struct {
	key    fragmentKey
	in     *Interface
	by     *Table
	pieces []piece // by offset, never overlapping
	total  int     // octets of payload; 0: the last fragment has not come
	octets int
	bad    bool // overlapped: nothing more is taken (as RFC 5722 for IPv6)
	due    time.Time
	cause  record.ID // of the first fragment
}

type piece struct {
	at     int
	header []byte // of the first fragment
	data   []byte
}

// reassembler puts datagrams for this device together, in bounded memory.
type reassembler struct {
	s      *Stack
	list   []*assembly // oldest first
	octets int
	due    *Timer // made with the first fragment
}

// take takes a fragment and gives the whole packet when it was the last one
// missing, else nil.
func (f *reassembler) take(now time.Time, p *Packet) *Packet {
	return f.takeAs(now, p, keyOf(f.s, p))
}

func (f *reassembler) takeAs(now time.Time, p *Packet, key fragmentKey) *Packet {
	a := f.assembly(now, p, key)
	field, data := p.Fragment(), p.Payload()
	at := int(field&OffsetMask) * fragmentUnit
	last := field&FlagMF == 0
	if a.bad || a.has(at, data, last) {
		return nil
	}
	if at+len(data) > MaxLen-p.headerLen() || len(data) == 0 || !last && len(data)%fragmentUnit != 0 || len(a.pieces) >= maxPieces ||
		!f.room(a, len(data)) || !a.add(p, at, data, last) {
		f.octets -= a.octets
		a.bad, a.pieces, a.octets = true, nil, 0
		f.s.Refuse(p, BadFragments)
		return nil
	}
	f.octets += len(data)
	if a.octets < a.total || a.total == 0 || a.pieces[0].header == nil {
		return nil
	}
	f.remove(a)
	totals(f.s, p.six).Reassembled++
	return a.whole()
}

// Whole is the packet of a tunnel's own that was decrypted into buf, behind room for an Ethernet
// header, or the one that a fragment makes whole; nil: others are to come. A peer may cut such a
// packet before it encrypts it (RFC 4301 section 7).
func Whole(now time.Time, s *Stack, i *Interface, vrf int, buf []byte) []byte {
	p := (&Packet{In: i, by: s.VRF(vrf), own: true, inner: true}).hold(buf)
	if p.six || p.Fragment()&FragmentMask == 0 {
		return buf
	}
	key := keyOf(s, p)
	key.of = i
	if p = s.frags.takeAs(now, p, key); p == nil {
		return nil
	}
	return p.buf
}

// kept are how many datagrams that came as they are there are, and how many octets of them.
func (f *reassembler) kept() (count, octets int) {
	for _, a := range f.list {
		if !a.key.inner {
			count++
			octets += a.octets
		}
	}
	return count, octets
}

// room says whether so many octets more of a datagram may be kept.
func (f *reassembler) room(a *assembly, n int) bool {
	if _, octets := f.kept(); !a.key.inner && octets+n > clearOctets {
		return false
	}
	return f.octets+n <= reassemblyOctets
}

// yields is the datagram that gives way to a new one, the oldest of its kind; nil: there is room.
func (f *reassembler) yields(inner bool) *assembly {
	if count, _ := f.kept(); len(f.list) < maxReassemblies && (inner || count < clearReassemblies) {
		return nil
	}
	return f.list[max(0, slices.IndexFunc(f.list, func(a *assembly) bool { return a.key.inner == inner }))]
}

// assembly finds or begins the datagram of a fragment; the oldest one gives
// way when there are too many.
func (f *reassembler) assembly(now time.Time, p *Packet, key fragmentKey) *assembly {
	if i := slices.IndexFunc(f.list, func(a *assembly) bool { return a.key == key }); i >= 0 {
		return f.list[i]
	}
	if one := f.yields(key.inner); one != nil {
		f.remove(one)
	}
	a := &assembly{key: key, in: p.In, by: p.by, due: now.Add(reassemblyTime), cause: f.s.records.Last()}
	if p.six {
		a.due = now.Add(reassemblyTime6)
	}
	f.list = append(f.list, a)
	f.wait()
	return a
}

func (a *assembly) find(at int) (i int, found bool) {
	return slices.BinarySearchFunc(a.pieces, at, func(q piece, at int) int { return q.at - at })
}

// has says whether a fragment is there already: "fragments may be duplicated in the network"
// (RFC 8200 section 4.5), which contradicts nothing.
func (a *assembly) has(at int, data []byte, last bool) bool {
	i, found := a.find(at)
	return found && bytes.Equal(a.pieces[i].data, data) && last == (a.total == at+len(data))
}

// add enters a fragment; false when it contradicts what is there.
func (a *assembly) add(p *Packet, at int, data []byte, last bool) bool {
	end := at + len(data)
	if last && a.total != 0 && a.total != end || a.total != 0 && end > a.total {
		return false
	}
	i, _ := a.find(at)
	if i > 0 && a.pieces[i-1].at+len(a.pieces[i-1].data) > at || i < len(a.pieces) && a.pieces[i].at < end {
		return false
	}
	if last {
		if n := len(a.pieces); n > 0 && a.pieces[n-1].at > at {
			return false
		}
		a.total = end
	}
	q := piece{at: at, data: slices.Clone(data)}
	if at == 0 {
		q.header = slices.Clone(p.Bytes()[:p.headerLen()])
		if p.six {
			q.header = unfragmented(p.Bytes())
		}
	}
	a.pieces = slices.Insert(a.pieces, i, q)
	a.octets += len(data)
	return true
}

// whole is the packet of an assembly that misses nothing.
func (a *assembly) whole() *Packet {
	header := a.pieces[0].header
	buf := make([]byte, EthernetHeader, EthernetHeader+len(header)+a.total)
	buf = append(buf, header...)
	for _, q := range a.pieces {
		buf = append(buf, q.data...)
	}
	b := buf[EthernetHeader:]
	if IsIPv6(b) {
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)-HeaderLen6))
		return (&Packet{In: a.in, by: a.by, own: true}).hold(buf)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	b[6], b[7] = b[6]&(FlagDF>>8), 0
	SetHeaderChecksum(b)
	return (&Packet{In: a.in, by: a.by, own: true}).hold(buf)
}

func (f *reassembler) remove(a *assembly) {
	f.octets -= a.octets
	f.list = slices.DeleteFunc(f.list, func(b *assembly) bool { return a == b })
	f.wait()
}

// wait sets the timer to when the first of them is over: IPv4 has less time than IPv6.
func (f *reassembler) wait() {
	var due time.Time
	if len(f.list) > 0 {
		due = slices.MinFunc(f.list, func(a, b *assembly) int { return a.due.Compare(b.due) }).due
	}
	if f.due == nil {
		t := NewTimer(f.expire)
		f.due = &t
	}
	f.s.timers.Set(f.due, due)
}

// expire gives up datagrams whose time is over; the sender is told when its
// first fragment is here (RFC 1122 section 3.3.2).
func (f *reassembler) expire(now time.Time) {
	over := slices.DeleteFunc(slices.Clone(f.list), func(a *assembly) bool { return a.due.After(now) })
	for _, a := range over {
		f.remove(a)
		if a.in == nil || len(a.pieces) == 0 || a.pieces[0].header == nil {
			continue
		}
		p := a.whole()
		f.s.records.Resume(a.cause)
		f.s.drop(p.In, p.Bytes(), FragmentsAbsent)
		f.s.ICMP.fail(now, p, TimeExceeded, codeReassembly, 0)
	}
}

// keyOf is the datagram that a fragment is of.
func keyOf(s *Stack, p *Packet) fragmentKey {
	if !p.six {
		return fragmentKey{p.table(s), p.inner, nil, p.src(), p.dst(), uint32(binary.BigEndian.Uint16(p.Bytes()[4:])), p.Proto()}
	}
	c := chainOf(p.Bytes())
	return fragmentKey{table: p.table(s), inner: p.inner, src: p.src(), dst: p.dst(), id: c.id} // RFC 8200 section 4.5: the protocol is the first one's
}
