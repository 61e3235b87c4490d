package track

import (
	"reflect"
	"time"

	"ikelab/router/ip"
)

// operation is an operation of IP SLA as it runs.
type operation struct {
	of                  *Objects
	set                 Operation
	ping                *ip.Ping  // the echo that is out; nil: none is
	begun               time.Time // of the last echo; zero: there was none
	ends                time.Time // zero: never
	running             bool
	code                Code
	rtt                 time.Duration
	successes, failures int
	due                 ip.Timer // the start, the next echo, or the end of the wait for an answer
}

// SetOperation makes an operation, or changes it: then it begins anew.
func (t *Objects) SetOperation(now time.Time, set Operation) {
	if old := t.operations[set.Number]; old != nil {
		if reflect.DeepEqual(&old.set, &set) {
			return
		}
		old.stop()
	}
	o := &operation{of: t, set: set, code: Unknown}
	o.due = ip.NewTimer(o.start)
	if t.operations == nil {
		t.operations = map[int]*operation{}
	}
	t.operations[set.Number] = o
	if set.Scheduled && set.Ping.Destination.IsValid() {
		t.Timers.Set(&o.due, now.Add(set.After))
	}
	t.touch(now, on{operation: set.Number})
}

// RemoveOperation takes one away.
func (t *Objects) RemoveOperation(now time.Time, number int) {
	if o := t.operations[number]; o != nil {
		o.stop()
		delete(t.operations, number)
		t.touch(now, on{operation: number})
	}
}

// stop ends an operation, with the echo that is out.
func (o *operation) stop() {
	o.of.Timers.Set(&o.due, time.Time{})
	if o.ping != nil {
		o.ping.Stop()
		o.ping = nil
	}
	o.running = false
}

// start begins the life of an operation.
func (o *operation) start(now time.Time) {
	if o.running = true; o.set.Life > 0 {
		o.ends = now.Add(o.set.Life)
	}
	o.due = ip.NewTimer(o.run)
	o.run(now)
}

// run sends an echo.
func (o *operation) run(now time.Time) {
	if !o.ends.IsZero() && !now.Before(o.ends) {
		o.running = false
		return
	}
	o.begun = now
	p := o.set.Ping
	if !o.address(&p) {
		o.lost(now)
		return
	}
	answered := false
	p.Report = func(now time.Time, e ip.Echo) {
		if answered = e.Answered; answered {
			o.ended(now, e.RTT)
		}
	}
	p.Done = func(now time.Time) {
		if o.ping = nil; !answered {
			o.lost(now)
		}
	}
	o.ping = &p
	o.of.Stack.Echoes.Ping(now, &p)
}

// address gives an echo its source; false: it has none, and cannot be sent.
func (o *operation) address(p *ip.Ping) bool {
	switch {
	case o.set.Source != "":
		i := o.of.Stack.Interfaces.Get(o.set.Source)
		if i == nil || !i.Protocol {
			return false
		}
		p.Source = ip.SourceOn(i, p.Destination)
	case !p.Source.IsValid():
		p.Source, _ = o.of.Stack.VRF(p.VRF).SourceFor(p.Destination)
	}
	return p.Source.IsValid()
}

// lost waits for what is left of the time for an answer: an error does not make it shorter.
func (o *operation) lost(now time.Time) {
	if until := o.begun.Add(o.set.Ping.Timeout); now.Before(until) {
		o.due = ip.NewTimer(o.lost)
		o.of.Timers.Set(&o.due, until)
		return
	}
	o.failures++
	o.result(now, Timeout, 0)
}

func (o *operation) ended(now time.Time, rtt time.Duration) {
	o.successes++
	code := OK
	if rtt > o.set.Threshold {
		code = OverThreshold
	}
	o.result(now, code, rtt)
}

// result keeps how an echo has ended, and has the next one wait for its time.
func (o *operation) result(now time.Time, code Code, rtt time.Duration) {
	if code != Timeout { // IOS knows no answer in no time
		rtt = max(rtt, time.Millisecond)
	}
	o.code, o.rtt = code, rtt
	o.of.Records.Emit(Probed{Operation: o.set.Number, Target: o.set.Ping.Destination, Code: code, RTT: rtt})
	o.of.touch(now, on{operation: o.set.Number})
	next := o.begun.Add(o.set.Frequency)
	if next.Before(now) {
		next = now
	}
	if !o.ends.IsZero() && o.ends.Before(next) {
		next = o.ends
	}
	o.due = ip.NewTimer(o.run)
	o.of.Timers.Set(&o.due, next)
}
