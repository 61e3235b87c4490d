package router

import (
	"encoding/binary"
	"slices"
	"time"
)

const (
	reassemblyTime    = 30 * time.Second // RFC 1122 section 3.3.2 asks for a fixed value; IOS's is shorter
	maxReassemblies   = 16               // datagrams being put together at one time
	maxPieces         = 64               // fragments of one datagram
	reassemblyOctets  = 256 << 10        // of fragments kept by one router
	fragmentUnit      = 8                // octets that an offset counts
	copiedOptionFlags = 0x80             // options that go into every fragment (RFC 791 section 3.1)
)

// fragments cuts a packet into packets of at most mtu octets, each with room
// for an Ethernet header.
func fragments(b []byte, mtu int) [][]byte {
	header := int(b[0]&15) * 4
	payload := b[header:]
	field := binary.BigEndian.Uint16(b[6:])
	step := (mtu - header) / fragmentUnit * fragmentUnit
	if step <= 0 {
		return nil
	}
	var out [][]byte
	for at := 0; at < len(payload); at += step {
		piece := payload[at:min(at+step, len(payload))]
		buf := make([]byte, ethernetHeader+header+len(piece))
		f := buf[ethernetHeader:]
		copy(f, b[:header])
		copy(f[header:], piece)
		if at > 0 {
			blankOptions(f[ipHeader:header])
		}
		flags := field&^offsetMask | (field&offsetMask + uint16(at/fragmentUnit))
		if at+step < len(payload) {
			flags |= flagMF
		}
		binary.BigEndian.PutUint16(f[6:], flags)
		binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
		setHeaderChecksum(f)
		out = append(out, buf)
	}
	return out
}

// blankOptions replaces options that only the first fragment carries by "no
// operation".
func blankOptions(o []byte) {
	for i := 0; i < len(o) && o[i] != 0; {
		n := 1
		if o[i] != 1 {
			if i+1 >= len(o) || o[i+1] < 2 || i+int(o[i+1]) > len(o) {
				return
			}
			n = int(o[i+1])
		}
		if o[i]&copiedOptionFlags == 0 {
			for j := i; j < i+n; j++ {
				o[j] = 1
			}
		}
		i += n
	}
}

// fragmentKey names a datagram (RFC 791 section 3.2).
type fragmentKey struct {
	src, dst ip4
	id       uint16
	proto    uint8
}

// assembly is a datagram being put together.
type assembly struct {
	key    fragmentKey
	in     *iface
	pieces []piece // by offset, never overlapping
	total  int     // octets of payload; 0: the last fragment has not come
	octets int
	bad    bool // overlapped: nothing more is taken (as RFC 5722 for IPv6)
	due    time.Time
}

type piece struct {
	at     int
	header []byte // of the first fragment
	data   []byte
}

// reassembler puts datagrams for this router together, in bounded memory.
type reassembler struct {
	list   []*assembly // oldest first
	octets int
	due    time.Time
}

// reassemble takes a fragment and gives the whole packet when it was the last
// one missing, else nil.
func (r *Router) reassemble(now time.Time, p *packet) *packet {
	a := r.assembly(now, p)
	field, data := p.fragment(), p.payload()
	at := int(field&offsetMask) * fragmentUnit
	last := field&flagMF == 0
	if a.bad {
		return nil
	}
	if at+len(data) > maxIPLen-p.headerLen() || len(data) == 0 || !last && len(data)%fragmentUnit != 0 || len(a.pieces) >= maxPieces ||
		r.frags.octets+len(data) > reassemblyOctets || !a.add(p, at, data, last) {
		r.frags.octets -= a.octets
		a.bad, a.pieces, a.octets = true, nil, 0
		r.countInError(p)
		return nil
	}
	r.frags.octets += len(data)
	if a.octets < a.total || a.total == 0 || a.pieces[0].header == nil {
		return nil
	}
	r.frags.remove(a)
	return a.whole()
}

// assembly finds or begins the datagram of a fragment; the oldest one gives
// way when there are too many.
func (r *Router) assembly(now time.Time, p *packet) *assembly {
	key := fragmentKey{p.src(), p.dst(), binary.BigEndian.Uint16(p.ip()[4:]), p.proto()}
	f := &r.frags
	if i := slices.IndexFunc(f.list, func(a *assembly) bool { return a.key == key }); i >= 0 {
		return f.list[i]
	}
	if len(f.list) == maxReassemblies {
		f.remove(f.list[0])
	}
	a := &assembly{key: key, in: p.in, due: now.Add(reassemblyTime)}
	f.list = append(f.list, a)
	f.due = f.list[0].due
	return a
}

// add enters a fragment; false when it contradicts what is there.
func (a *assembly) add(p *packet, at int, data []byte, last bool) bool {
	end := at + len(data)
	if last && a.total != 0 && a.total != end || a.total != 0 && end > a.total {
		return false
	}
	i, _ := slices.BinarySearchFunc(a.pieces, at, func(q piece, at int) int { return q.at - at })
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
		q.header = slices.Clone(p.ip()[:p.headerLen()])
	}
	a.pieces = slices.Insert(a.pieces, i, q)
	a.octets += len(data)
	return true
}

// whole is the packet of an assembly that misses nothing.
func (a *assembly) whole() *packet {
	header := a.pieces[0].header
	buf := make([]byte, ethernetHeader, ethernetHeader+len(header)+a.total)
	buf = append(buf, header...)
	for _, q := range a.pieces {
		buf = append(buf, q.data...)
	}
	b := buf[ethernetHeader:]
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	b[6], b[7] = b[6]&(flagDF>>8), 0
	setHeaderChecksum(b)
	return &packet{in: a.in, buf: buf, own: true}
}

func (f *reassembler) remove(a *assembly) {
	f.octets -= a.octets
	f.list = slices.DeleteFunc(f.list, func(b *assembly) bool { return a == b })
	f.due = time.Time{}
	if len(f.list) > 0 {
		f.due = f.list[0].due
	}
}

// expireFragments gives up datagrams whose time is over; the sender is told
// when its first fragment is here (RFC 1122 section 3.3.2).
func (r *Router) expireFragments(now time.Time) {
	for len(r.frags.list) > 0 && isDue(r.frags.list[0].due, now) {
		a := r.frags.list[0]
		r.frags.remove(a)
		if a.in == nil || len(a.pieces) == 0 || a.pieces[0].header == nil {
			continue
		}
		p := a.whole()
		p.in = a.in
		r.icmpFailure(now, p, icmpTimeExceeded, codeReassembly, 0)
	}
}
