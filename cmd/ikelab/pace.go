package main

import (
	"math"
	"time"

	"ikelab/netsim"
)

// pacer drives a simulation along the wall clock. The goroutine in RunUntil
// owns the simulation; others hand it functions by do.
type pacer struct {
	sim    *netsim.Sim
	speed  float64
	wall   time.Time // when the virtual time was
	virt   time.Time //
	inputs chan func()
	done   chan struct{}
}

func newPacer(sim *netsim.Sim, speed float64) *pacer {
	return &pacer{
		sim: sim, speed: speed, wall: time.Now(), virt: sim.Now(),
		inputs: make(chan func(), 1024), done: make(chan struct{}),
	}
}

// do has f called between two events, from the goroutine that owns the
// simulation. It waits while too much is waiting already, and does nothing
// after stop.
func (p *pacer) do(f func()) {
	select {
	case p.inputs <- f:
	case <-p.done:
	}
}

func (p *pacer) stop() { close(p.done) }

// now is the virtual time that belongs to the wall clock.
func (p *pacer) now() time.Time {
	return p.virt.Add(time.Duration(float64(time.Since(p.wall)) * p.speed))
}

// until is how long the wall clock needs to reach a virtual instant.
func (p *pacer) until(t time.Time) time.Duration {
	d := float64(t.Sub(p.virt))/p.speed - float64(time.Since(p.wall))
	return time.Duration(min(d, math.MaxInt64/2))
}

// RunUntil lets virtual time follow the wall clock until cond holds or limit
// is reached. Between events it sleeps.
func (p *pacer) RunUntil(cond func() bool, limit time.Time) bool {
	for {
		now := p.now()
		if now.After(limit) {
			now = limit
		}
		if p.sim.RunUntil(cond, now) {
			return true
		}
		if !now.Before(limit) {
			return false
		}
		next := limit
		if t, ok := p.sim.Next(); ok && t.Before(limit) {
			next = t
		}
		p.wait(p.until(next))
	}
}

// wait sleeps for d or until there was input.
func (p *pacer) wait(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case f := <-p.inputs:
		p.sim.RunUntil(func() bool { return false }, p.now())
		f()
	}
}
