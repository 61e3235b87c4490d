package show

import (
	"fmt"
	"math"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ntp"
)

// notEnabled is what IOS says where there is no NTP.
const notEnabled = "%NTP is not enabled."

// NTPStatus is `show ntp status`.
type NTPStatus struct{ ntp.State }

// Lines are those of IOS 15 and later.
func (s NTPStatus) Lines(iosconfig.Generation) []string {
	if !s.On {
		return []string{notEnabled}
	}
	var p page
	head, loop, last := "unsynchronized, stratum 16, no reference clock", "'FSET' (Drift set from file)", "never updated."
	if s.Synchronized {
		head, loop = fmt.Sprintf("synchronized, stratum %d, reference is %-15s", s.Stratum, strings.ToUpper(s.Reference)), "'CTRL' (Normal Controlled Loop)"
		last = fmt.Sprintf("last update was %d sec ago.", int(s.Now.Sub(s.Updated)/time.Second))
	}
	p.line("Clock is " + head)
	p.line("nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**10")
	p.linef("ntp uptime is %d (1/100 of seconds), resolution is 4000", s.Uptime)
	p.line("reference time is " + ntpTime(s.ReferenceTime))
	p.linef("clock offset is %.4f msec, root delay is %.2f msec", s.Offset, s.RootDelay)
	p.linef("root dispersion is %.2f msec, peer dispersion is %.2f msec", s.RootDispersion, s.PeerDispersion)
	p.linef("loopfilter state is %s, drift is 0.000000000 s/s", loop)
	p.linef("system poll interval is %d, %s", s.Interval, last)
	return p.lines
}

// ntpTime is an instant as NTP's screens show it.
func ntpTime(t time.Time) string {
	if t.IsZero() {
		return "00000000.00000000 (00:00:00.000 UTC Mon Jan 1 1900)"
	}
	n := ntp.StampOf(t)
	return fmt.Sprintf("%08X.%08X (%s)", uint32(n>>32), uint32(n), t.Format("15:04:05.000 MST Mon Jan 2 2006"))
}

// NTPAssociations is `show ntp associations`.
type NTPAssociations struct {
	ntp.State
	Detail bool `json:"-"`
}

// Lines is the table, or all there is of each.
func (s NTPAssociations) Lines(iosconfig.Generation) []string {
	if !s.On {
		return []string{notEnabled}
	}
	var p page
	if s.Detail {
		for i := range s.Associations {
			addAssociation(&p, &s.Associations[i], i+1)
		}
		return p.lines
	}
	p.add("", "  address         ref clock       st   when   poll reach  delay  offset   disp")
	for i := range s.Associations {
		a := &s.Associations[i]
		who, when := iosconfig.Upper(a.Address), "-"
		if len(who) > 15 {
			p.line(mark(a) + "~" + who)
			who = ""
		}
		if !a.Heard.IsZero() {
			when = fmt.Sprint(int(s.Now.Sub(a.Heard) / time.Second))
		}
		first := mark(a) + "~"
		if who == "" {
			first = "  "
		}
		p.linef("%s%-16s%-15s%3d %6s %6d %5o %6s %7s %6s", first, who, a.Reference, a.Stratum, when, a.Interval, a.Reach, sixWide(a.Delay), sixWide(a.Offset), sixWide(a.Dispersion))
	}
	p.line(" * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured")
	return p.lines
}

// mark says how a server stands.
func mark(a *ntp.AssociationState) string {
	switch {
	case a.Followed:
		return "*"
	case a.FalseTicker:
		return "x"
	case a.Candidate:
		return "+"
	}
	return " "
}

// sixWide is milliseconds with as many digits as six places have.
func sixWide(d float64) string {
	text, places := fmt.Sprintf("%.3f", d), 6
	if d < 0 {
		places = 7
	}
	return wide(text, places)
}

// wide cuts a number to so many places, but not before its point.
func wide(text string, places int) string {
	return text[:min(len(text), max(places, strings.IndexByte(text, '.')))]
}

// addAssociation shows one server.
func addAssociation(p *page, a *ntp.AssociationState, number int) {
	family := "ipv4"
	if a.Address.Is6() {
		family = "ipv6"
	}
	standing := "insane, invalid"
	if a.Candidate {
		standing = "sane, valid"
	}
	if a.Followed {
		standing = "our_master, " + standing
	}
	who := iosconfig.Upper(a.Address)
	p.linef("%s configured, %s, %s, stratum %d", who, family, standing, a.Stratum)
	p.linef("ref ID %-15s, time %s", a.Reference, ntpTime(a.ReferenceTime))
	p.linef("our mode client, peer mode server, our poll intvl %d, peer poll intvl %d", a.Interval, a.PeerInterval)
	p.linef("root delay %.2f msec, root disp %.2f, reach %o, sync dist %.2f", a.RootDelay, a.RootDispersion, a.Reach, a.Distance)
	p.linef("delay %.2f msec, offset %.4f msec, dispersion %.2f, jitter %.2f msec", a.Delay, a.Offset, a.Dispersion, jitter(a))
	p.linef("precision 2**%d, version %d", -a.Precision, a.Version)
	p.linef("assoc id %d, assoc name %s", number, who)
	p.linef("assoc in packets %d, assoc out packets %d, assoc error packets %d", a.Received, a.Sent, a.Errors)
	p.line("org time " + ntpTime(time.Time{}))
	p.line("rec time " + ntpTime(a.Heard))
	p.line("xmt time " + ntpTime(a.Heard))
	rows := [3]string{"filtdelay = ", "filtoffset =", "filterror = "}
	for i := range 8 {
		one := ntp.SampleState{Error: 16000}
		if i < len(a.Samples) {
			one = a.Samples[i]
		}
		for n, d := range []float64{one.Delay, one.Offset, one.Error} {
			rows[n] += fmt.Sprintf(" %7s", wide(fmt.Sprintf("%.2f", d), 7))
		}
	}
	p.add(rows[:]...)
	p.linef("minpoll = %d, maxpoll = %d", a.MinPoll, a.MaxPoll)
	p.line("")
}

// jitter is how much the offsets differ, and at least how exact the clock is.
func jitter(a *ntp.AssociationState) float64 {
	sum := 0.0
	for _, one := range a.Samples {
		d := one.Offset - a.Offset
		sum += d * d
	}
	return max(math.Sqrt(sum/float64(max(1, len(a.Samples)))), 1000.0/1024)
}
