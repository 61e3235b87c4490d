package netsim

import "time"

// Frame is a frame as a filter sees it. Data is valid during the call only and
// must not be modified.
type Frame struct {
	Number uint64 // in its lab
	Cause  uint64 // the sender's record
	Data   []byte
}

// Verdict is what a filter wants done with a frame; the zero value lets it
// pass as it is.
type Verdict struct {
	Drop    bool
	Replace []byte        // sent instead, under the same number
	Delay   time.Duration // it waits before the port, and others overtake it
	Copies  int           // sent besides the one
	Why     string        // for captures and observers
}

// Filter judges the frames that are about to leave a port, before the port's
// impairments act on them.
type Filter func(now time.Time, f Frame) Verdict

// SetFilter replaces the filter of a port; nil: none.
func (p *Port) SetFilter(f Filter) {
	p.filter = f
	p.setApart()
}

// judge has the filter decide about a frame, which goes its way.
func (p *Port) judge(fl *flight) {
	v := p.filter(p.sim.now, Frame{fl.frame.number, fl.frame.cause, fl.frame.data})
	if why := v.Why; why != "" {
		fl.said = &why
	}
	if v.Drop {
		fl.drop = DropFilter
		p.depart(fl, p.sim.at)
		return
	}
	if v.Replace != nil {
		fl.frame = p.sim.frames.replaced(fl.frame, v.Replace)
		fl.marks |= markReplaced
		defer p.sim.frames.release(fl.frame)
	}
	if v.Delay > 0 {
		fl.marks |= markDelayed
	}
	p.hold(fl, v.Delay)
	if v.Copies > 0 {
		fl.marks |= markDuplicate
	}
	for range v.Copies {
		p.counters.Duplicated++
		p.hold(fl, v.Delay)
	}
}

// hold has a frame wait before the port.
func (p *Port) hold(fl *flight, d time.Duration) {
	held := *fl
	if d <= 0 {
		p.proceed(&held)
		return
	}
	p.launch(&held, p.sim.after(d), kindHeld)
}

// proceed lets a frame that was held go on.
func (s *Sim) proceed(index uint32) {
	fl := s.flights.take(index)
	held := fl.frame // corruption puts another one into its place
	fl.from.inFlight--
	if fl.from.Up() {
		fl.from.proceed(&fl)
	} else {
		fl.from.drop(&fl, DropNoCarrier)
	}
	s.frames.release(held)
}

// Inject sends a copy of a frame out of a port, as its device would: somebody
// has tapped the cable.
func Inject(p *Port, frame []byte) (number uint64) { return p.originate(p.sim.frames.copyOf(frame), 0) }
