package scenario

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/router/shell"
	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// transfer moves octets as TCP does: echoes are segments and their answers
// acknowledgments; the window opens with each of them and halves when one is
// missing, which is sent again.
type transfer struct {
	node, source string
	to           netip.Addr
	octets, size int
	within       time.Duration

	sender          lab.Sender
	from            netip.Addr
	window, lost    int
	open, flying    int // segments that are still to be sent; that are under way
	acked, segments int
	threshold       int
	credit          int // acknowledgments since the window last opened
}

func (a *transfer) keys() []form.Key {
	a.octets, a.size, a.within = 1<<20, 1400, time.Minute
	return []form.Key{
		{Name: "transfer", Help: "the router or host that sends", Value: form.Word(&a.node, "transfer")},
		{Name: "to", Help: "an address", Required: true, Value: form.Parsed(&a.to, "to", "address", netip.ParseAddr)},
		{Name: "source", Help: "an address of the router, or the name of an interface", Value: form.Word(&a.source, "source")},
		{Name: "octets", Help: "how many; without: a mebioctet", Value: form.Number(&a.octets, "octets", 1, 1<<30)},
		{Name: "size", Help: "octets of a packet; without: 1400", Value: form.Number(&a.size, "size", 36, 18024)},
		{Name: "within", Help: "the longest that it may take; without: 1m", Value: form.Duration(&a.within, "within")},
	}
}

func (a *transfer) prepare(r *Runner) (err error) {
	a.sender, err = r.world.Sender(a.node)
	return err
}

// The window of a transfer, in segments (RFC 5681).
const (
	firstWindow   = 10
	largestWindow = 512
)

func (a *transfer) do(r *Runner) ([]script.Result, error) {
	var err error
	if a.from, err = r.addressOf(a.sender, a.source); err != nil {
		return nil, err
	}
	a.segments = (a.octets + a.size - 1) / a.size
	a.open, a.window, a.threshold = a.segments, firstWindow, largestWindow
	began := r.lab.Sim.Now()
	a.fill(r)
	over := func() bool { return a.acked == a.segments }
	r.RunUntil(over, began.Add(a.within))
	took := r.lab.Sim.Now().Sub(began)
	if over() {
		return nil, nil
	}
	if took < a.within {
		return nil, script.ErrStopped
	}
	return nil, failed("it takes longer", condition.Finding{
		Want: fmt.Sprintf("%d octets within %v", a.octets, a.within),
		Got:  fmt.Sprintf("%d of %d segments, %d sent again, the window is %d", a.acked, a.segments, a.lost, a.window),
	})
}

// fill sends as much as the window lets.
func (a *transfer) fill(r *Runner) {
	if !a.sender.Powered() {
		return
	}
	a.sender.Call(func(now time.Time) {
		for a.open > 0 && a.flying < a.window {
			a.open--
			a.flying++
			a.sender.Ping(now, shell.PingRequest{
				Destination: a.to, Source: a.from, Repeat: 1, Size: a.size, Timeout: echoTimeout,
				Report: func(_ time.Time, e shell.Echo) { a.report(e) },
				Done:   func(now time.Time) { r.lab.Sim.At(now, func(time.Time) { a.fill(r) }) },
			})
		}
	})
}

// report opens the window with an answer, and halves it when one is missing.
func (a *transfer) report(e shell.Echo) {
	a.flying--
	if !e.Answered {
		a.lost++
		a.open++
		a.threshold = max(2, a.window/2)
		a.window, a.credit = a.threshold, 0
		return
	}
	a.acked++
	a.credit++
	if a.window < a.threshold || a.credit >= a.window {
		a.window, a.credit = min(largestWindow, a.window+1), 0
	}
}
