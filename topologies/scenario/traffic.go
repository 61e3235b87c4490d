package scenario

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/tidwall/gjson"

	"ikelab/router/shell"
	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// traffic is echoes at a constant rate, so many at once.
type traffic struct {
	node, source string
	to           netip.Addr
	rate, burst  int
	size         int
	lasts        time.Duration
	background   bool
	judgement
	counts

	step   *Step
	sender lab.Sender
	from   netip.Addr
	ends   time.Time
	whom   asked
}

// judgement is what is expected of traffic.
type judgement struct {
	loss    condition.Comparison // in percent
	latency time.Duration        // of the slowest answer, at most; 0: any
}

// counts are what became of traffic.
type counts struct {
	sent, answered, ended int
	slowest               time.Duration
}

func (j *judgement) keys() []form.Key {
	return []form.Key{
		{Name: "loss", Help: "percentage of the echoes without an answer, such as 0 or > 5", Value: form.Parsed(&j.loss, "loss", "number, which may begin with an operator", condition.ParseComparison)},
		{Name: "latency", Help: "that no answer exceeds, there and back", Value: form.Duration(&j.latency, "latency")},
	}
}

func (a *traffic) keys() []form.Key {
	a.rate, a.burst, a.size, a.lasts = 10, 1, 100, 10*time.Second
	return append([]form.Key{
		{Name: "traffic", Help: "the router or host that sends", Value: form.Word(&a.node, "traffic")},
		{Name: "to", Help: "an address", Required: true, Value: form.Parsed(&a.to, "to", "address", netip.ParseAddr)},
		{Name: "source", Help: "an address of the router, or the name of an interface", Value: form.Word(&a.source, "source")},
		{Name: "rate", Help: "bursts each second; without: 10", Value: form.Number(&a.rate, "rate", 1, 100_000)},
		{Name: "burst", Help: "echoes at once; without: 1", Value: form.Number(&a.burst, "burst", 1, 1000)},
		{Name: "size", Help: "octets of a packet; without: 100", Value: form.Number(&a.size, "size", 36, 18024)},
		{Name: "for", Help: "how long; without: 10s", Value: form.Duration(&a.lasts, "for")},
		{Name: "background", Help: "the steps that follow are done meanwhile; `result` judges it by this step's name", Value: form.Flag(&a.background, "background")},
	}, a.judgement.keys()...)
}

func (a *traffic) prepare(r *Runner) (err error) {
	a.sender, err = r.world.Sender(a.node)
	return err
}

// echoTimeout is how long an answer is waited for, as IOS's ping does.
const echoTimeout = 2 * time.Second

func (a *traffic) do(r *Runner) ([]script.Result, error) {
	var err error
	if a.from, err = r.addressOf(a.sender, a.source); err != nil {
		return nil, err
	}
	a.ends = r.lab.Sim.Now().Add(a.lasts)
	r.flows, a.whom = append(r.flows, a), whomAt(r.lab, a.to)
	a.send(r.lab.Sim.Now(), r)
	if a.background {
		return nil, nil
	}
	return nil, a.judge(r, a.judgement)
}

// addressOf is an address of a device: one that is written, or that of a router's
// interface; "": any.
func (r *Runner) addressOf(node lab.Sender, source string) (netip.Addr, error) {
	if !node.Powered() {
		return netip.Addr{}, failed(node.Name() + " is off")
	}
	if source == "" {
		return netip.Addr{}, nil
	}
	if a, err := netip.ParseAddr(source); err == nil {
		return a, nil
	}
	router, ok := node.(*lab.Router)
	if !ok {
		return netip.Addr{}, fmt.Errorf("%q is no address", source)
	}
	screen, _ := router.Shell().Screen(r.lab.Sim.Now(), "show ip interface brief | json")
	a, err := netip.ParseAddr(gjson.Get(screen, fmt.Sprintf("interfaces.#(interface==%q).ip_address", source)).String())
	if err != nil {
		return a, fmt.Errorf("%s has no address at %q", node.Name(), source)
	}
	return a, nil
}

// send sends a burst, and the next one a moment later.
func (a *traffic) send(now time.Time, r *Runner) {
	if !now.Before(a.ends) || !a.sender.Powered() {
		return
	}
	a.sender.Call(func(now time.Time) {
		for range a.burst {
			a.sent++
			a.sender.Ping(now, shell.PingRequest{
				Destination: a.to, Source: a.from, Repeat: 1, Size: a.size, Timeout: echoTimeout, Report: a.report, Done: func(time.Time) {},
			})
		}
	})
	r.lab.Sim.At(now.Add(time.Second/time.Duration(a.rate)), func(now time.Time) { a.send(now, r) })
}

func (c *counts) report(_ time.Time, e shell.Echo) {
	c.ended++
	if e.Answered {
		c.answered++
		c.slowest = max(c.slowest, e.RTT)
	}
}

// judge waits for the end.
func (a *traffic) judge(r *Runner, j judgement) error {
	finished := func() bool { return a.finished(r.lab.Sim.Now()) }
	r.RunUntil(finished, a.ends.Add(echoTimeout))
	if !finished() {
		return script.ErrStopped
	}
	return j.judge(r, a.whom, a.sent, a.counts)
}

func (a *traffic) finished(now time.Time) bool {
	return !now.Before(a.ends) && a.ended == a.sent || !now.Before(a.ends.Add(echoTimeout))
}

func (a *traffic) outcome(now time.Time) (shown string, all bool) {
	return a.counts.screen(a.sent) + "\n", a.finished(now)
}

// screen is what people see of so many echoes.
func (c counts) screen(sent int) string {
	loss := 100 * float64(sent-c.answered) / float64(max(1, sent))
	return fmt.Sprintf("%d of %d echoes answered, %.3g %% lost, the slowest after %v", c.answered, sent, loss, c.slowest)
}

// judge judges what became of so many echoes.
func (j judgement) judge(r *Runner, whom asked, sent int, c counts) error {
	if f, yes := whom.usurped(c.answered); yes && r.settings.Themselves {
		return failed("somebody else answers", f)
	}
	loss := 100 * float64(sent-c.answered) / float64(max(1, sent))
	shown := c.screen(sent)
	switch {
	case j.loss != (condition.Comparison{}) && !j.loss.Holds(fmt.Sprintf("%g", loss)):
		return failed("the loss is another one", condition.Finding{Want: "loss in percent: " + j.loss.String(), Got: shown})
	case j.latency > 0 && c.slowest > j.latency:
		return failed("it is slower", condition.Finding{Want: "latency of at most " + j.latency.String(), Got: shown})
	}
	return nil
}

// result judges traffic that went on in the background.
type result struct {
	name string
	judgement
}

func (a *result) keys() []form.Key {
	return append([]form.Key{{Name: "result", Help: "name of the step with the traffic, for whose end it waits", Value: form.Word(&a.name, "result")}}, a.judgement.keys()...)
}

func (a *result) prepare(*Runner) error { return nil }

func (a *result) do(r *Runner) ([]script.Result, error) {
	for _, t := range r.flows {
		if t.step.Name == a.name {
			return nil, t.judge(r, a.judgement)
		}
	}
	return nil, fmt.Errorf("no traffic that has begun is called %q", a.name)
}
