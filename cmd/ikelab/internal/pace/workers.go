package pace

import (
	"runtime"
	"sync/atomic"
)

// Workers compute the simulation's public-key jobs on the other cores. The
// simulation itself computes a job that nobody has begun when it is due.
type Workers struct{ queue chan *work }

type work struct {
	compute func()
	taken   atomic.Bool
	done    chan struct{}
}

func NewWorkers() *Workers {
	w := &Workers{queue: make(chan *work, 1<<14)}
	for range runtime.GOMAXPROCS(0) - 1 {
		go w.loop()
	}
	return w
}

func (w *Workers) loop() {
	for j := range w.queue {
		j.run()
	}
}

func (j *work) run() {
	if j.taken.CompareAndSwap(false, true) {
		j.compute()
		close(j.done)
	}
}

// Go queues a job; the function it returns waits for the result.
func (w *Workers) Go(compute func()) (wait func()) {
	j := &work{compute: compute, done: make(chan struct{})}
	select {
	case w.queue <- j:
	default: // full: computed when due
	}
	return func() {
		j.run()
		<-j.done
	}
}
