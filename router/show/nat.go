package show

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/nat"
	"ikelab/router/words"
)

// NATState is what a router's NAT has and has done.
type NATState struct {
	Flows   []nat.Flow `json:"translations"`
	Inside  []string   `json:"inside"`
	Outside []string   `json:"outside"`
	Rules   []NATRule  `json:"rules"`
	Hits    uint64     `json:"hits"`
	Misses  uint64     `json:"misses"`
	Expired uint64     `json:"expired"`
}

// NATRule is a dynamic mapping.
type NATRule struct {
	Text string `json:"text"`
	Uses int    `json:"uses"`
}

// Translations is `show ip nat translations [verbose]`.
type Translations struct {
	Now     time.Time  `json:"now"`
	Flows   []nat.Flow `json:"translations"`
	Verbose bool       `json:"-"`
}

// Lines is the table; IOS XE's is wider, and counts.
func (s Translations) Lines(g iosconfig.Generation) []string {
	var p page
	format, head := "%-3s %-18s %-18s %-18s %s", "Pro"
	if g != iosconfig.IOS151 {
		format = "%-4s %-21s %-21s %-21s %s"
	}
	if len(s.Flows) > 0 || g != iosconfig.IOS151 {
		p.linef(format, head, "Inside global", "Inside local", "Outside local", "Outside global")
	}
	for i := range s.Flows {
		f := &s.Flows[i]
		remote := end(f, f.Remote)
		p.line(strings.TrimRight(fmt.Sprintf(format, protocolOf(f), end(f, f.Outside), end(f, f.Inside), remote, remote), " "))
		if s.Verbose {
			p.line("    create " + age(f.Made, s.Now) + ", use " + age(f.Used, s.Now) + left(f, s.Now))
		}
	}
	if g != iosconfig.IOS151 {
		p.linef("Total number of translations: %d", len(s.Flows))
	}
	return p.lines
}

func age(t, now time.Time) string {
	if t.IsZero() {
		return "00:00:00"
	}
	return words.Age(now.Sub(t))
}

func left(f *nat.Flow, now time.Time) string {
	if f.Static {
		return ", flags: static"
	}
	return fmt.Sprintf(" timeout:%d, left %s", f.Ends.Sub(f.Used).Milliseconds(), words.Age(f.Ends.Sub(now)))
}

func protocolOf(f *nat.Flow) string {
	if name, known := map[uint8]string{1: "icmp", 6: "tcp", 17: "udp"}[f.Protocol]; known {
		return name
	}
	return "---"
}

// end is an endpoint as the table has it: an echo's identifier is that of both ends.
func end(f *nat.Flow, a netip.AddrPort) string {
	switch {
	case !a.IsValid():
		return "---"
	case f.Protocol == 0:
		return a.Addr().String()
	case a.Port() == 0:
		return netip.AddrPortFrom(a.Addr(), f.Outside.Port()).String()
	}
	return a.String()
}

// NATStatistics is `show ip nat statistics`.
type NATStatistics struct {
	NATState
	Static  int `json:"static"`
	Dynamic int `json:"dynamic"`
	With    int `json:"extended"` // with ports
}

// NATStatisticsOf counts what there is.
func NATStatisticsOf(state NATState) NATStatistics {
	s := NATStatistics{NATState: state}
	for i := range state.Flows {
		switch f := &state.Flows[i]; {
		case f.Static:
			s.Static++
		default:
			s.Dynamic++
		}
		if state.Flows[i].Protocol != 0 {
			s.With++
		}
	}
	return s
}

// Lines is the screen.
func (s NATStatistics) Lines(iosconfig.Generation) []string {
	var p page
	p.linef("Total active translations: %d (%d static, %d dynamic; %d extended)", s.Static+s.Dynamic, s.Static, s.Dynamic, s.With)
	p.add("Outside interfaces:", "  "+strings.Join(s.Outside, ", "), "Inside interfaces: ", "  "+strings.Join(s.Inside, ", "))
	p.linef("Hits: %d  Misses: %d", s.Hits, s.Misses)
	p.linef("Expired translations: %d", s.Expired)
	p.line("Dynamic mappings:")
	for n, r := range slices.All(s.Rules) {
		if n == 0 {
			p.line("-- Inside Source")
		}
		p.linef("[Id: %d] %s refcount %d", n+1, r.Text, r.Uses)
	}
	return p.lines
}
