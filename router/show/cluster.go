package show

import (
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/cluster"
	"ikelab/router/words"
)

// Cluster is `show crypto ikev2 cluster`.
type Cluster struct {
	Now    time.Time     `json:"now"`
	State  cluster.State `json:"cluster"`
	Detail bool          `json:"-"`
}

var clusterRoles = map[cluster.Role]string{cluster.Master: "CLB Master", cluster.Slave: "CLB Slave", cluster.Alone: "none: no active router of the group is known"}

// Lines is what the gateway is, and of a master the loads of all.
func (s Cluster) Lines(iosconfig.Generation) []string {
	var p page
	x := &s.State
	if !x.Configured {
		return []string{"No IKEv2 cluster is configured, or it is shut down"}
	}
	p.linef("Role            : %s", clusterRoles[x.Role])
	p.linef("Standby group   : %s", x.Group)
	p.linef("Cluster IP      : %s", addressOr(x.Address, "unknown"))
	p.linef("Master          : %s", addressOr(x.Master, "unknown"))
	if s.Detail {
		p.linef("Port            : %d", x.Port)
		p.linef("Hello interval  : %d msec", x.Hello)
		p.linef("Update interval : %d msec", x.Update)
		p.linef("Hold time       : %d msec", x.Hold)
		p.linef("Overload limit  : %d%%", x.Overload)
		p.linef("Crypto weight   : %d%%", x.Weight)
	}
	if x.Role == cluster.Master {
		p.linef("CLB Slaves      : %d", len(x.Members)-1)
		p.line("Codes           : '*' Least loaded, '-' Overloaded")
	}
	p.line("")
	p.line("   Gateway         Role    Last-seen     Prio    Load  Sessions/Max   Sent")
	for i := range x.Members {
		clusterMember(&p, s.Now, &x.Members[i])
	}
	return p.lines
}

func clusterMember(p *page, now time.Time, m *cluster.MemberState) {
	code, seen := " ", "--"
	switch {
	case m.Least:
		code = "*"
	case m.Overloaded:
		code = "-"
	}
	if !m.Heard.IsZero() {
		seen = words.Age(now.Sub(m.Heard))
	}
	p.line(strings.TrimRight(fmt.Sprintf(" %s %-15s %-7s %-12s %5d %6.1f%%  %-13s %5d", code, addressOr(m.Address, "this gateway"), m.Role, seen, m.Priority, m.Percent, fmt.Sprintf("%d/%d", m.Sessions, m.Most), m.Sent), " "))
}
