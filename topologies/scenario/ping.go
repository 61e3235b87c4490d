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

// ping is echoes of a router or a host, one after the other.
type ping struct {
	node, source string
	to           netip.Addr
	repeat, size int
	df           bool
	wait         time.Duration
	background   bool
	over         bool
	judgement

	sender         lab.Sender
	counts         // of the last time that it was done
	fastest, total time.Duration
	marks          []byte
}

func (a *ping) keys() []form.Key {
	a.repeat, a.size, a.wait = 5, 100, echoTimeout
	return append([]form.Key{
		{Name: "ping", Help: "the router or host that sends", Value: form.Word(&a.node, "ping")},
		{Name: "to", Help: "an address", Required: true, Value: form.Parsed(&a.to, "to", "address", netip.ParseAddr)},
		{Name: "source", Help: "an address of the device, or the name of a router's interface", Value: form.Word(&a.source, "source")},
		{Name: "repeat", Help: "how many; without: 5", Value: form.Number(&a.repeat, "repeat", 1, 1<<20)},
		{Name: "size", Help: "octets of a packet; without: 100", Value: form.Number(&a.size, "size", 36, 18024)},
		{Name: "df", Help: "nobody on the way may cut it", Value: form.Flag(&a.df, "df")},
		{Name: "timeout", Help: "how long an answer is waited for; without: 2s", Value: form.Duration(&a.wait, "timeout")},
		{Name: "background", Help: "nobody waits for the answers", Value: form.Flag(&a.background, "background")},
	}, a.judgement.keys()...)
}

func (a *ping) prepare(r *Runner) (err error) {
	a.sender, err = r.world.Sender(a.node)
	return err
}

func (a *ping) do(r *Runner) ([]script.Result, error) {
	from, err := r.addressOf(a.sender, a.source)
	if err != nil {
		return nil, err
	}
	began := r.lab.Sim.Now()
	a.over = false
	a.counts, a.marks, a.total, a.fastest = counts{}, nil, 0, 0
	var stop func()
	whom := whomAt(r.lab, a.to)
	a.sender.Call(func(now time.Time) {
		stop = a.sender.Ping(now, shell.PingRequest{
			Destination: a.to, Source: from, Repeat: a.repeat, Size: a.size, Timeout: a.wait, DF: a.df,
			Report: a.report, Done: func(time.Time) { a.over = true },
		})
	})
	if a.background {
		return nil, nil
	}
	r.RunUntil(a.finished, began.Add(time.Duration(a.repeat)*(a.wait+time.Second)))
	if !a.finished() {
		a.sender.Call(func(time.Time) { stop() })
		return nil, script.ErrStopped
	}
	shown := a.screen()
	r.last = condition.Output{Text: shown}
	results := []script.Result{{Node: a.sender.Name(), Time: began, Command: fmt.Sprintf("ping %v", a.to), Output: shown, Prompt: a.sender.Name() + "> "}}
	return results, a.judgement.judge(r, whom, a.repeat, a.counts)
}

func (a *ping) finished() bool { return a.over || !a.sender.Powered() }

func (a *ping) report(now time.Time, e shell.Echo) {
	a.counts.report(now, e)
	mark := byte('.')
	switch {
	case e.Answered:
		mark = '!'
		if a.answered == 1 || e.RTT < a.fastest {
			a.fastest = e.RTT
		}
		a.total += e.RTT
	case e.Failed:
		mark = 'U'
	}
	if len(a.marks) < 70 {
		a.marks = append(a.marks, mark)
	}
}

func (a *ping) outcome(time.Time) (shown string, all bool) { return a.screen(), a.finished() }

// screen is what people see of it.
func (a *ping) screen() string {
	text := fmt.Sprintf("%s\n%d of %d echoes answered", a.marks, a.answered, a.ended)
	if a.answered > 0 {
		text += fmt.Sprintf(", after %v at least, %v on average, %v at most", a.fastest, a.total/time.Duration(a.answered), a.slowest)
	}
	return text + "\n"
}
