package pace

import (
	"math"
	"time"

	"ikelab/netsim"
)

// burst is how many events happen at most before an input that waits, when the
// simulation cannot keep up.
const burst = 256

// Pacer drives a simulation along the wall clock.
type Pacer struct {
	sim    *netsim.Sim
	speed  float64
	wall   time.Time // when the virtual time was
	virt   time.Time //
	inputs chan func()
	input  func() // taken from inputs, and not called yet
	idle   func() // called before each sleep
	alarm  alarm
	done   chan struct{}
}

// New has virtual time begin now; speed is virtual seconds per second.
func New(sim *netsim.Sim, speed float64) *Pacer {
	return &Pacer{
		sim: sim, speed: speed, wall: time.Now(), virt: sim.Now(),
		inputs: make(chan func(), 1024), done: make(chan struct{}), idle: func() {},
	}
}

// alarm is a function that waits for an instant.
type alarm struct {
	at   time.Time
	ring func() // nil: none waits
}

// Alarm has f called at t, in place of what waits already. It is no event of the
// simulation, which goes its way as if nobody waited.
func (p *Pacer) Alarm(t time.Time, f func()) { p.alarm = alarm{t, f} }

// Follow drives another simulation from now on.
func (p *Pacer) Follow(sim *netsim.Sim) {
	p.sim, p.wall, p.virt, p.alarm = sim, time.Now(), sim.Now(), alarm{}
}

// OnIdle has f called each time before the simulation sleeps.
func (p *Pacer) OnIdle(f func()) { p.idle = f }

// Do has f called between two events, from the goroutine that owns the
// simulation. It waits while too much is waiting already, and does nothing
// after Stop.
func (p *Pacer) Do(f func()) {
	select {
	case p.inputs <- f:
	case <-p.done:
	}
}

// Stop has nobody wait in Do any more.
func (p *Pacer) Stop() { close(p.done) }

// now is the virtual time that belongs to the wall clock.
func (p *Pacer) now() time.Time {
	return p.virt.Add(time.Duration(float64(time.Since(p.wall)) * p.speed))
}

// until is how long the wall clock needs to reach a virtual instant.
func (p *Pacer) until(t time.Time) time.Duration {
	d := float64(t.Sub(p.virt))/p.speed - float64(time.Since(p.wall))
	return time.Duration(min(d, math.MaxInt64/2))
}

// RunUntil lets virtual time follow the wall clock until cond holds or limit
// is reached. Between events it sleeps.
func (p *Pacer) RunUntil(cond func() bool, limit time.Time) bool {
	for {
		now := p.now()
		if now.After(limit) {
			now = limit
		}
		if p.catchUp(cond, now) {
			return true
		}
		next := p.ringing(limit)
		if p.takeInput() {
			p.input()
			p.input = nil
			continue
		}
		if !p.sim.Now().Before(limit) {
			return false
		}
		if t, ok := p.sim.Next(); ok && t.Before(next) {
			next = t
		}
		p.wait(p.until(next))
	}
}

// ringing calls the function whose instant has come, and says when to wake up at
// the latest.
func (p *Pacer) ringing(limit time.Time) time.Time {
	a := p.alarm
	switch {
	case a.ring == nil || a.at.After(limit):
		return limit
	case a.at.After(p.sim.Now()):
		return a.at
	}
	p.alarm = alarm{}
	a.ring()
	return limit
}

// catchUp lets everything happen that is due, but for what an input comes
// before; it reports whether cond holds.
func (p *Pacer) catchUp(cond func() bool, now time.Time) (holds bool) {
	events := 0
	p.sim.RunUntil(func() bool {
		events++
		holds = cond()
		return holds || events > burst && p.takeInput()
	}, now)
	return holds
}

// takeInput says whether an input is at hand.
func (p *Pacer) takeInput() bool {
	if p.input != nil {
		return true
	}
	select {
	case p.input = <-p.inputs:
	default:
	}
	return p.input != nil
}

// wait sleeps for d or until there is input.
func (p *Pacer) wait(d time.Duration) {
	p.idle()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case p.input = <-p.inputs:
	}
}
