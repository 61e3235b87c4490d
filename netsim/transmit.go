package netsim

import (
	"encoding/binary"
	"time"
)

const (
	headerLen   = 14 // destination, source, type
	tagLen      = 4
	typeAt      = 12
	typeVLAN    = 0x8100 // IEEE 802.1Q
	bitsInOctet = 8
	nanoseconds = 1_000_000_000
)

// originate sends a new frame and tells its number.
func (p *Port) originate(f *frame, cause uint64) uint64 {
	s := p.sim
	s.numbered++
	f.number, f.cause = s.numbered, cause
	if s.observer != nil {
		s.observer.FrameSent(p, f.number, cause, len(f.data))
	}
	p.transmit(f)
	s.frames.release(f)
	return s.numbered
}

// transmit sends a frame out of the port. The caller keeps its reference.
func (p *Port) transmit(f *frame) {
	p.counters.Sent++
	p.counters.SentOctets += uint64(len(f.data))
	fl := flight{frame: f, from: p}
	if !p.Up() || !p.owner.ready() {
		p.drop(&fl, DropNoCarrier)
		return
	}
	if p.filter != nil {
		p.judge(&fl)
		return
	}
	p.proceed(&fl)
}

// proceed sends a frame past the port's impairments.
func (p *Port) proceed(fl *flight) {
	fl.cuts = p.cuts
	if p.egress.active {
		p.impair(fl)
	} else {
		p.depart(fl, p.sim.after(time.Duration(p.egress.delay)))
	}
	if fl.marks != 0 && p.sim.observer != nil {
		p.tellFrame(FrameAltered, fl, DropNone, fl.comment())
	}
}

// drop ends the way of a frame that left the port.
func (p *Port) drop(fl *flight, why Drop) {
	fl.drop = why
	p.counters.Dropped[why]++
	p.tellFrame(FrameDropped, fl, why, fl.why())
}

// impair decides a frame's fate. Faults are independent of each other, as
// with Linux's netem: a corrupted frame may be duplicated as well.
func (p *Port) impair(fl *flight) {
	im := &p.impairments
	if p.egress.oversize(im, packetLen(fl.frame.data)) {
		fl.drop = DropOversize
		p.depart(fl, p.sim.at)
		return
	}
	lost := p.happens(forLoss, im.Loss)
	twice := p.happens(forDuplicate, im.Duplicate)
	if p.happens(forCorrupt, im.Corrupt) && len(fl.frame.data) > 0 {
		p.corrupt(fl)
		defer p.sim.frames.release(fl.frame)
	}
	if lost {
		fl.drop = DropLoss
	}
	p.delay(fl)
	if twice {
		fl.marks |= markDuplicate
		fl.drop = DropNone // the copy takes its own way
		p.counters.Duplicated++
		p.delay(fl)
	}
}

// corrupt flips one bit in a copy, as others may hold the same buffer.
func (p *Port) corrupt(fl *flight) {
	fl.frame = p.sim.frames.replaced(fl.frame, fl.frame.data)
	bit := uint32(p.stream(forCorrupt).Uint64() % uint64(len(fl.frame.data)*bitsInOctet))
	fl.frame.data[bit/bitsInOctet] ^= 0x80 >> (bit % bitsInOctet)
	fl.frame.bit = bit
	fl.marks |= markCorrupt
	p.counters.Corrupted++
}

// delay finds when a frame arrives: it waits for its turn at Rate, then
// travels for Delay give or take Jitter.
func (p *Port) delay(fl *flight) {
	im, s := &p.impairments, p.sim
	at := s.at
	if im.Rate > 0 {
		bits := int64(len(fl.frame.data)) * bitsInOctet
		at = max(at, p.egress.idleAt) + (bits*nanoseconds+im.Rate-1)/im.Rate
		p.egress.idleAt = at
	}
	travel := int64(im.Delay)
	if im.Jitter > 0 {
		travel += int64((2*unit(p.stream(forJitter)) - 1) * float64(im.Jitter))
	}
	if p.happens(forReorder, im.Reorder) {
		fl.marks |= markReorder
		p.counters.Reordered++
		p.launch(fl, at, kindArrive)
		return
	}
	p.depart(fl, at+max(travel, 0))
}

// depart sends a frame on its way so that it keeps its place among those sent
// before. A segment is no device and takes an undelayed frame at once; a
// device's turn comes through the queue.
func (p *Port) depart(fl *flight, at int64) {
	if p.egress.lastAt < at && at == p.sim.at {
		if _, ok := p.far.owner.(*Segment); ok {
			p.sim.land(fl)
			return
		}
	}
	at = max(at, p.egress.lastAt)
	p.egress.lastAt = at
	p.launch(fl, at, kindArrive)
}

// maxInFlight bounds the frames that left a port and did not arrive: a loop
// whose links duplicate ends in drops, not in an empty memory.
const maxInFlight = 1 << 14

func (p *Port) launch(fl *flight, at int64, k kind) {
	if p.inFlight >= maxInFlight {
		lost := *fl
		lost.drop = DropQueue
		p.record(&lost)
		p.drop(&lost, DropQueue)
		return
	}
	p.inFlight++
	fl.frame.refs++
	p.sim.schedule(at, k, p.sim.flights.put(*fl))
}

// packetLen is the length of what an Ethernet frame carries.
func packetLen(data []byte) int {
	n := len(data) - headerLen
	if n >= 2 && binary.BigEndian.Uint16(data[typeAt:]) == typeVLAN {
		n -= tagLen
	}
	return n
}
