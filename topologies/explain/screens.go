package explain

import (
	"strings"

	"ikelab/topologies/phrase"
)

// The screens that are to be checked, and what to look for on them.

// fields are what lines of screens say, by words that stand in them.
var fields = []struct{ command, has, says string }{
	{"show crypto ikev2 sa detailed", "READY", "tour.screen.ready"},
	{"show crypto ikev2 sa detailed", "IN-NEG", "tour.screen.in-neg"},
	{"show crypto ikev2 sa detailed", "Encr:", "tour.screen.suite"},
	{"show crypto ikev2 sa detailed", "Life/Active", "tour.screen.life"},
	{"show crypto ikev2 sa detailed", "Local spi:", "tour.screen.spi"},
	{"show crypto ikev2 sa detailed", "Remote id:", "tour.screen.id"},
	{"show crypto ikev2 sa detailed", "next msg id", "tour.screen.next"},
	{"show crypto ikev2 sa detailed", "NAT-T", "tour.screen.nat"},
	{"show crypto ikev2 sa detailed", "Initiator of SA", "tour.screen.initiator"},
	{"show crypto ipsec sa", "local  ident", "tour.screen.ident"},
	{"show crypto ipsec sa", "#pkts encaps", "tour.screen.encaps"},
	{"show crypto ipsec sa", "#pkts decaps", "tour.screen.decaps"},
	{"show crypto ipsec sa", "PFS (Y/N): N", "tour.screen.pfs-no"},
	{"show crypto ipsec sa", "PFS (Y/N): Y", "tour.screen.pfs-yes"},
	{"show crypto ipsec sa", "current outbound spi", "tour.screen.outbound"},
	{"show crypto ipsec sa", "sa timing", "tour.screen.timing"},
	{"show crypto session", "Session status: UP-ACTIVE", "tour.screen.up-active"},
	{"show crypto session", "Session status: UP-IDLE", "tour.screen.up-idle"},
	{"show crypto session", "Session status: DOWN", "tour.screen.down"},
	{"show crypto session", "IPSEC FLOW", "tour.screen.flow"},
}

var screenCommands = []string{"show crypto ikev2 sa detailed", "show crypto ipsec sa", "show crypto session"}

// screens adds the screens of both ends as they are.
func (t *tour) screens(s *Story) {
	for _, command := range screenCommands {
		for i, end := range s.Ends {
			r := t.lab.Router(end.Name)
			if r == nil {
				continue
			}
			text, refused := t.screen(r, command)
			if refused || strings.TrimSpace(text) == "" {
				continue
			}
			s.Screens = append(s.Screens, Screen{End: i, Command: command, Lines: strings.Split(strings.Trim(text, "\n"), "\n"), Points: points(command, text)})
		}
	}
}

// points are the fields of a screen, each where it stands first and says something.
func points(command, text string) (list []Point) {
	for _, f := range fields {
		if f.command != command {
			continue
		}
		for l := range strings.Lines(text) {
			if strings.Contains(l, f.has) && !strings.Contains(l, "Unknown") && strings.TrimSpace(l) != "Remote id:" {
				list = append(list, Point{Line: strings.TrimRight(l, "\n"), Says: phrase.Phrase{Key: f.says}})
				break
			}
		}
	}
	return list
}
