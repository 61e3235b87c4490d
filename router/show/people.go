package show

import (
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/words"
)

// Users is `show users`: who sits at the router's lines.
type Users struct {
	Now   time.Time `json:"now"`
	Users []User    `json:"users"`
}

// User is somebody at a line.
type User struct {
	Own      bool      `json:"own"` // it is who asks
	Number   int       `json:"number"`
	Line     string    `json:"line"` // "con 0", "vty 1"
	Name     string    `json:"user,omitempty"`
	Typed    time.Time `json:"last_typed,omitzero"`
	Location string    `json:"location,omitempty"`
}

// Lines is the table.
func (s Users) Lines(iosconfig.Generation) []string {
	var p page
	p.line("    Line       User       Host(s)              Idle       Location")
	for _, u := range s.Users {
		mark := " "
		if u.Own {
			mark = "*"
		}
		idle := "00:00:00"
		if !u.Typed.IsZero() {
			idle = words.Age(s.Now.Sub(u.Typed))
		}
		p.linef("%s%3d %-10s %-10s%-21s%-10s %s", mark, u.Number, u.Line, u.Name, "idle", idle, u.Location)
	}
	return p.add("", "  Interface    User               Mode         Idle     Peer Address", "").lines
}

// LineTable is `show line`.
type LineTable struct {
	Table []LineRow `json:"lines"`
}

// LineRow is a line of the router.
type LineRow struct {
	Used   bool   `json:"in_use"`
	Number int    `json:"number"`
	Line   string `json:"line"`
}

// Lines is the table.
func (s LineTable) Lines(iosconfig.Generation) []string {
	var p page
	p.line("   Tty Line Typ     Tx/Rx    A Modem  Roty AccO AccI  Uses  Noise Overruns  Int")
	for _, l := range s.Table {
		mark, uses := " ", 0
		if l.Used {
			mark, uses = "*", 1
		}
		typ := strings.ToUpper(l.Line[:3])
		p.linef("%s%5d%5d %-5s%12s - %4s%8s%5s%5s%6d%7d%9s%5s", mark, l.Number, l.Number, typ, "", "-", "-", "-", "-", uses, 0, "0/0", "-")
	}
	return p.line("").lines
}

// Inventory is `show inventory`.
type Inventory struct {
	Product string `json:"product"`
	Serial  string `json:"serial"`
}

// Lines names the one part that there is.
func (s Inventory) Lines(g iosconfig.Generation) []string {
	if g == iosconfig.XE17 {
		return []string{
			`NAME: "Chassis", DESCR: "Cisco Catalyst 8000V Edge Chassis, simulated by ` + s.Product + `"`,
			fmt.Sprintf("PID: C8000V            , VID: V00  , SN: %s", s.Serial), "", "",
		}
	}
	return []string{
		fmt.Sprintf("NAME: %q, DESCR: \"%s chassis, Hw Serial#: %s, Hw Revision: 1.0\"", s.Product, s.Product, s.Serial),
		fmt.Sprintf("PID: %-18s, VID: 1.0, SN: %s", s.Product, s.Serial), "", "",
	}
}

// Words is a screen that is one sentence of IOS's: what a router answers that has
// none of what was asked for.
type Words struct {
	Text []string `json:"text"`
}

// Lines is the sentence.
func (s Words) Lines(iosconfig.Generation) []string { return s.Text }

// Several is a screen made of others, each under a heading.
type Several struct {
	Screens []Titled `json:"screens"`
}

// Titled is a screen and the command that shows it.
type Titled struct {
	Command string `json:"command"`
	Screen  Screen `json:"screen"`
}

// Lines is one screen after the other.
func (s Several) Lines(g iosconfig.Generation) []string {
	var p page
	for _, one := range s.Screens {
		p.line("").linef("------------------ %s ------------------", one.Command).line("").add(one.Screen.Lines(g)...)
	}
	return p.lines
}
