package show

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// Processes is `show processes [cpu]`.
type Processes struct {
	Seconds   int64     `json:"uptime_seconds"`
	Processes []Process `json:"processes"`
}

// Process is what of the router does something, and how often it did.
type Process struct {
	ID          int     `json:"pid"`
	Name        string  `json:"process"`
	Invoked     uint64  `json:"invoked"`
	Millis      int64   `json:"runtime_ms"`
	Each        int64   `json:"usecs"` // of one time
	FiveSeconds float64 `json:"percent_of_five_seconds"`
	Minute      float64 `json:"percent_of_one_minute"`
	FiveMinutes float64 `json:"percent_of_five_minutes"`
}

// ProcessesOf counts what the router has done since its start: packets in, and
// operations of IKE. What an operation takes is modelled, and a packet takes nothing.
func ProcessesOf(s Source, now time.Time, sorted bool) Processes {
	out := Processes{Seconds: words.Seconds(now.Sub(s.Started()))}
	var packets, arp uint64
	for _, v := range s.Interfaces("") {
		packets, arp = packets+v.Counters.IP.InPackets, arp+v.Counters.ARP.InPackets
	}
	w := s.Worked(now)
	each := w.Busy.Microseconds() / int64(max(1, w.Operations))
	for i, one := range []Process{
		{Name: "ARP Input", Invoked: arp}, {Name: "IP Input", Invoked: packets},
		{Name: "Crypto IKEv2", Invoked: w.Operations, Millis: w.Busy.Milliseconds(), Each: each, FiveSeconds: share(w.Latest, 5*time.Second),
			Minute: share(w.Minute, time.Minute), FiveMinutes: share(w.Five, 5*time.Minute)},
	} {
		one.ID = i + 1
		out.Processes = append(out.Processes, one)
	}
	if sorted {
		slices.SortStableFunc(out.Processes, func(a, b Process) int { return cmp.Compare(b.FiveSeconds, a.FiveSeconds) })
	}
	return out
}

// share is a part of a time, in hundredths.
func share(d, of time.Duration) float64 { return min(100, 100*float64(d)/float64(of)) }

// Lines is the table. Nothing is done at interrupt level.
func (s Processes) Lines(iosconfig.Generation) []string {
	var p page
	var five, minute, fiveMinutes float64
	for _, one := range s.Processes {
		five, minute, fiveMinutes = five+one.FiveSeconds, minute+one.Minute, fiveMinutes+one.FiveMinutes
	}
	p.linef("CPU utilization for five seconds: %d%%/0%%; one minute: %d%%; five minutes: %d%%", int(five), int(minute), int(fiveMinutes))
	p.line(" PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process ")
	for _, one := range s.Processes {
		p.line(fmt.Sprintf("%4d%12d%12d%11d%6.2f%%%6.2f%%%6.2f%%%4d %-16s ", one.ID, one.Millis, one.Invoked, one.Each,
			one.FiveSeconds, one.Minute, one.FiveMinutes, 0, one.Name))
	}
	return p.lines
}
