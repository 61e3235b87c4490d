package exercise

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cheat is a wrong mend that no lab's file names: lines for each of two routers, with the other site.
type cheat struct {
	name   string
	labs   func(l *Lab) bool // in which it can be typed
	alone  bool              // it is tried without the solution, too
	change func(l *Lab, d *Draw, peer *Site) string
}

var cheats = []cheat{
	{
		"each router answers for the other site's host", func(*Lab) bool { return true }, true,
		func(l *Lab, _ *Draw, peer *Site) string {
			vrf := ""
			if l.solved("vrf definition OFFICE") {
				vrf = " vrf forwarding OFFICE\n"
			}
			return fmt.Sprintf("interface Loopback99\n%s ip address %v 255.255.255.255", vrf, peer.Host)
		},
	},
	{
		"no encryption", func(l *Lab) bool { return l.solved("crypto ipsec transform-set AES") }, false,
		func(*Lab, *Draw, *Site) string { return "crypto ipsec transform-set AES esp-null esp-sha256-hmac" },
	},
	{
		"no encryption where the hosts' packets go, and a tunnel for show beside it",
		func(l *Lab) bool {
			return l.solved("tunnel protection ipsec profile SITES") && !l.solved("virtual-template") && !l.solved("tunnel vrf")
		}, false,
		func(_ *Lab, d *Draw, peer *Site) string {
			return fmt.Sprintf("crypto ipsec transform-set WEAK esp-null esp-sha256-hmac\n mode tunnel\ncrypto ipsec profile WEAK\n set transform-set WEAK\n set pfs group14\n set ikev2-profile SITES\n"+
				"interface Tunnel%d\n tunnel protection ipsec profile WEAK\ninterface Tunnel999\n ip unnumbered Ethernet0/1\n tunnel source Ethernet0/0\n tunnel destination %v\n tunnel protection ipsec profile SITES", d.Tunnel, peer.WAN.Addr())
		},
	},
}

// solved says whether a text stands in all configurations of the lab's solution.
func (l *Lab) solved(text string) bool {
	configs, _ := l.after(l.Solution)
	for _, name := range l.changed {
		if !strings.Contains(configs[name], text) {
			return false
		}
	}
	return true
}

// TestCheats: in no lab passes what takes the packets away from the host that is asked, or the protection from
// them, while what the check looks at is as it must be. With one seed a lab is tried with one of them, in turn.
func TestCheats(t *testing.T) {
	for i, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := Open(name, 1)
			require.NoError(t, err)
			fit := slices.DeleteFunc(slices.Clone(cheats), func(c cheat) bool { return !c.labs(l) })
			if *seeds == 1 {
				fit = fit[i%len(fit):][:1]
			}
			for _, c := range fit {
				cheated(t, l, c)
			}
		})
	}
}

func cheated(t *testing.T, l *Lab, c cheat) {
	d := newDraw(l.seed)
	if l.Builds() && !l.solved(fmt.Sprintf("interface Tunnel%d\n", d.Tunnel)) {
		d.Tunnel = 0
	}
	m := mend{name: c.name, besides: true}
	for _, s := range []*Site{d.A, d.B} {
		m.changes = append(m.changes, Change{s.Name, c.change(l, d, d.other(s))})
	}
	for {
		g, err := l.gradeMend(m)
		require.NoError(t, err)
		require.False(t, g.Passed(), "%s, the solution besides: %v", c.name, m.besides)
		if !m.besides || !c.alone {
			return
		}
		m.besides = false
	}
}
