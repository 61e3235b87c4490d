package iosconfig

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Standby is HSRP on an interface.
type Standby struct {
	Version int            // 0: 1
	Groups  []StandbyGroup // by number
	MapTail string         // what follows the name in `crypto map NAME redundancy …`
}

// StandbyGroup is `standby N …`.
type StandbyGroup struct {
	Number    int
	On        bool       // standby N ip
	Address   netip.Addr // invalid: it is learned
	Secondary []netip.Addr
	Priority  int
	Preempt   bool
	Delays    [3]int // of preempting, in seconds: at least, after a reload, for others to follow
	Hello     int    // milliseconds; 0: 3000, or as the active router has it
	Hold      int
	Millis    [2]bool // hello and hold were said in milliseconds
	Auth      string  // "": none
	MD5       bool
	Hidden    bool   // the key is of type 7
	Timeout   int    // of the key before this one, in seconds
	Chain     string // of keys
	Name      string
	Tracks    []StandbyTrack // by object
	Others    []string       // lines without effect, behind the number
}

// StandbyTrack is `standby N track M`, of an object or of an interface.
type StandbyTrack struct {
	Object    int // 0: an interface
	Interface string
	Decrement int // 0: 10
	Shutdown  bool
}

// The defaults of a group.
const (
	StandbyPriority  = 100
	StandbyDecrement = 10
)

// MaxGroup is the highest number of a group.
func (s *Standby) MaxGroup() int {
	if s.Version == 2 {
		return 4095
	}
	return 255
}

// Group is a group, as it is if nothing is said of it.
func (s *Standby) Group(number int) StandbyGroup {
	if i, found := s.find(number); found {
		return s.Groups[i]
	}
	return StandbyGroup{Number: number, Priority: StandbyPriority}
}

func (s *Standby) find(number int) (int, bool) {
	return slices.BinarySearchFunc(s.Groups, number, func(g StandbyGroup, n int) int { return g.Number - n })
}

// HideKeys has the keys of groups be of type 7, and says whether any was not.
func (s *Standby) HideKeys() (any bool) {
	list := slices.Clone(s.Groups)
	for i := range list {
		if g := &list[i]; g.MD5 && !g.Hidden {
			g.Auth, g.Hidden, any = HideKey(g.Auth), true, true
		}
	}
	s.Groups = list
	return any
}

// Set puts a group in its place; one of which nothing is said goes.
func (s *Standby) Set(g StandbyGroup) {
	i, found := s.find(g.Number)
	list := slices.Clone(s.Groups)
	switch {
	case g.empty() && found:
		list = slices.Delete(list, i, i+1)
	case g.empty():
	case found:
		list[i] = g
	default:
		list = slices.Insert(list, i, g)
	}
	if len(list) == 0 {
		list = nil
	}
	s.Groups = list
}

func (g *StandbyGroup) empty() bool {
	return !g.On && len(g.Secondary) == 0 && g.Priority == StandbyPriority && !g.Preempt && g.Hello == 0 && g.Auth == "" && g.Chain == "" && g.Name == "" && len(g.Tracks) == 0 && len(g.Others) == 0
}

// Addresses are those that its routers share.
func (g *StandbyGroup) Addresses() []netip.Addr {
	if !g.Address.IsValid() {
		return g.Secondary
	}
	return append([]netip.Addr{g.Address}, g.Secondary...)
}

// Lines are those of running-config.
func (g *StandbyGroup) Lines() (lines []string) {
	begin := "standby " + strconv.Itoa(g.Number) + " "
	add := func(words ...string) { lines = append(lines, begin+strings.Join(words, " ")) }
	switch {
	case g.On && g.Address.IsValid():
		add("ip", g.Address.String())
	case g.On:
		add("ip")
	}
	for _, a := range g.Secondary {
		add("ip", a.String(), "secondary")
	}
	if g.Hello != 0 {
		add("timers", span(g.Hello, g.Millis[0]), span(g.Hold, g.Millis[1]))
	}
	if g.Priority != StandbyPriority {
		add("priority", strconv.Itoa(g.Priority))
	}
	if g.Preempt {
		add(g.preempt())
	}
	switch {
	case g.MD5:
		add("authentication md5 key-string", g.keyType()+g.Auth+g.timeout())
	case g.Chain != "":
		add("authentication md5 key-chain", g.Chain)
	case g.Auth != "":
		add("authentication text", g.Auth)
	}
	if g.Name != "" {
		add("name", g.Name)
	}
	for _, t := range g.Tracks {
		switch {
		case t.Interface != "" && t.Decrement != 0:
			add("track", t.Interface, strconv.Itoa(t.Decrement))
		case t.Interface != "":
			add("track", t.Interface)
		case t.Shutdown:
			add("track", strconv.Itoa(t.Object), "shutdown")
		case t.Decrement != 0:
			add("track", strconv.Itoa(t.Object), "decrement", strconv.Itoa(t.Decrement))
		default:
			add("track", strconv.Itoa(t.Object))
		}
	}
	for _, line := range g.Others {
		add(line)
	}
	return lines
}

func (g *StandbyGroup) preempt() string {
	line := "preempt"
	for i, n := range g.Delays {
		if n == 0 {
			continue
		}
		if line == "preempt" {
			line += " delay"
		}
		line += [...]string{" minimum ", " reload ", " sync "}[i] + strconv.Itoa(n)
	}
	return line
}

func (g *StandbyGroup) keyType() string {
	if g.Hidden {
		return "7 "
	}
	return ""
}

func (g *StandbyGroup) timeout() string {
	if g.Timeout == 0 {
		return ""
	}
	return " timeout " + strconv.Itoa(g.Timeout)
}

// Key is that of authentication by MD5; "": there is none.
func (g *StandbyGroup) Key() string {
	switch {
	case !g.MD5:
		return ""
	case g.Hidden:
		return reveal7(g.Auth)
	}
	return g.Auth
}

func span(millis int, said bool) string {
	if said {
		return "msec " + strconv.Itoa(millis)
	}
	return strconv.Itoa(millis / 1000)
}
