package iosconfig

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// AccessList is a list of `access-list …`, `ip access-list …` or `ipv6 access-list …`.
type AccessList struct {
	Name     string // "101", "VPN"
	Standard bool
	Six      bool               // it is one of IPv6: its addresses are prefixes
	Lines    []*AccessLine      // by number; replaced, never edited, neither list nor line
	said     Tree[string, bool] // what the lines say that are no remarks
	groups   Tree[string, int]  // how often they name each object group
}

// AccessLine is one line: a remark, or what to permit or deny.
type AccessLine struct {
	Number    int    // a remark has that of the line before it
	Remark    string // "": it is none
	Deny      bool
	Protocol  string // "ip", "ipv6", "tcp", "47", "object-group SERVICES"; "": a standard list
	From, To  AccessNet
	FromPorts AccessPorts
	ToPorts   AccessPorts
	Options   []string // "echo", "established", "fragments", "log", in IOS's order
}

// AccessNet is the addresses that equal Address where Wildcard has no bit, those of a
// group, or those of IPv6 with a prefix.
type AccessNet struct {
	Address, Wildcard netip.Addr
	Group             string // "": none
	Prefix            netip.Prefix
}

// AccessPorts is `eq www 443`, `range 1 9`; no Op: any.
type AccessPorts struct {
	Op    string
	Ports []string // names where IOS prints names
}

// Any is `any`.
func (n AccessNet) Any() bool {
	return n.six() && n.Prefix.Bits() == 0 || n.Group == "" && n.Wildcard == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// Host is `host A.B.C.D`.
func (n AccessNet) Host() bool { return n.Group == "" && n.Wildcard == netip.IPv4Unspecified() }

// six says whether it is of IPv6.
func (n AccessNet) six() bool { return n.Prefix.IsValid() }

// MaxRanges is how many ranges one end of a line may come to below a crypto map, where each is a
// traffic selector.
const MaxRanges = 64

// Scattered says whether a line comes to more: bits of a wildcard that do not stand together are
// ranges each, and ports times as many.
func (l *AccessLine) Scattered() bool {
	return l.Remark == "" && len(l.Groups()) == 0 && (scattered(l.From, l.FromPorts) || scattered(l.To, l.ToPorts))
}

func scattered(n AccessNet, ports AccessPorts) bool {
	if !n.Wildcard.Is4() {
		return false
	}
	b := n.Wildcard.As4()
	wild := binary.BigEndian.Uint32(b[:])
	each := 1
	switch ports.Op {
	case "eq":
		each = len(ports.Ports)
	case "neq":
		each = len(ports.Ports) + 1
	}
	return each<<bits.OnesCount32(wild&(wild+1)) > MaxRanges
}

func (n AccessNet) String() string {
	switch {
	case n.Group != "":
		return groupWord + n.Group
	case n.Any():
		return "any"
	case n.Host():
		return "host " + n.Address.String()
	case n.six() && n.Prefix.IsSingleIP():
		return "host " + Upper(n.Prefix.Addr())
	case n.six():
		return Upper(n.Prefix)
	}
	return n.Address.String() + " " + n.Wildcard.String()
}

// action is "permit" or "deny", as wide as each other in running-config but in lists of IPv6.
func (l *AccessLine) action() string {
	switch {
	case l.Deny && l.From.six():
		return "deny"
	case l.Deny:
		return "deny  "
	}
	return "permit"
}

// String is the line as in running-config, without its number.
func (l *AccessLine) String() string {
	if l.Remark != "" {
		return "remark " + l.Remark
	}
	from := l.From.String()
	if l.Protocol == "" && l.From.Host() {
		from = l.From.Address.String()
	}
	return l.action() + " " + l.join(from)
}

// Screen is the line as in `show access-lists`, with its number, which a list of IPv6 has
// behind its counts.
func (l *AccessLine) Screen() string {
	number := strconv.Itoa(l.Number) + " "
	switch {
	case l.From.six():
		return l.String()
	case l.Protocol != "":
		return number + strings.TrimSpace(l.action()) + " " + l.join(l.From.String())
	case l.From.Any():
		return number + l.action() + " " + l.join("any")
	case l.From.Host():
		return number + l.action() + " " + l.join(l.From.Address.String())
	}
	return number + l.action() + " " + l.join(l.From.Address.String()+", wildcard bits "+l.From.Wildcard.String())
}

// join is what follows the action.
func (l *AccessLine) join(from string) string {
	words := []string{from}
	if l.Protocol != "" {
		words = slices.Concat([]string{l.Protocol, from}, l.FromPorts.words(), []string{l.To.String()}, l.ToPorts.words())
	}
	return strings.Join(append(words, l.Options...), " ")
}

func (p AccessPorts) words() []string {
	if p.Op == "" {
		return nil
	}
	return append([]string{p.Op}, p.Ports...)
}

// The numbers that lines get by themselves.
const (
	AccessFirst = 10
	AccessStep  = 10

	MaxAccessLine = 1<<31 - 1
)

// Entries are the lines that are no remarks.
func (a *AccessList) Entries() []*AccessLine {
	return slices.DeleteFunc(slices.Clone(a.Lines), func(l *AccessLine) bool { return l.Remark != "" })
}

// Says says whether there is a line that says the same, whatever its number.
func (a *AccessList) Says(l *AccessLine) bool {
	said, _ := a.said.Get(l.String())
	return said
}

// Full says whether no line can be put behind all others.
func (a *AccessList) Full() bool { return a.next() > MaxAccessLine }

// next is the number of a line that is put behind all others.
func (a *AccessList) next() int {
	if n := len(a.Lines); n > 0 && a.Lines[n-1].Number > 0 {
		return a.Lines[n-1].Number + AccessStep
	}
	return AccessFirst
}

// Add puts a line at its number, or behind all others if it has none; false:
// there is such a line, or one of its number.
func (a *AccessList) Add(l AccessLine) bool {
	switch {
	case l.Remark != "":
		l.Number = a.next() - AccessStep
	case a.Says(&l) || l.Number != 0 && a.numbered(l.Number):
		return false
	case l.Number == 0:
		l.Number = a.next()
	}
	at, _ := a.search(l.Number + 1)
	a.Lines = slices.Insert(slices.Clone(a.Lines), at, &l)
	if l.Remark == "" {
		a.said.Put(l.String(), true)
	}
	a.count(&l, 1)
	return true
}

// Replace puts a line in the place of the one that has its number; false: there is none.
func (a *AccessList) Replace(l AccessLine) bool {
	if !a.numbered(l.Number) {
		return false
	}
	at, _ := a.search(l.Number)
	a.said.delete(a.Lines[at].String())
	a.said.Put(l.String(), true)
	a.count(a.Lines[at], -1)
	a.count(&l, 1)
	a.Lines = slices.Clone(a.Lines)
	a.Lines[at] = &l
	return true
}

// count has a line count among those that name its groups, or no more.
func (a *AccessList) count(l *AccessLine, by int) {
	for _, name := range l.Groups() {
		n, _ := a.groups.Get(name)
		if n += by; n == 0 {
			a.groups.delete(name)
		} else {
			a.groups.Put(name, n)
		}
	}
}

// search finds the first line of a number, or the place where it would be.
func (a *AccessList) search(number int) (int, bool) {
	return slices.BinarySearchFunc(a.Lines, number, func(l *AccessLine, n int) int { return cmp.Compare(l.Number, n) })
}

// numbered says whether a line that is no remark has the number: it stands before the
// remarks that share it.
func (a *AccessList) numbered(number int) bool {
	at, found := a.search(number)
	return found && a.Lines[at].Remark == ""
}

// Remove takes lines away; false: there was none. A remark follows the line that stands
// before it then.
func (a *AccessList) Remove(which func(*AccessLine) bool) bool {
	var left []*AccessLine
	before := 0
	for _, l := range a.Lines {
		switch {
		case which(l) && l.Remark == "":
			a.said.delete(l.String())
			a.count(l, -1)
			continue
		case which(l):
			continue
		case l.Remark != "":
			l = l.at(before)
		}
		before = l.Number
		left = append(left, l)
	}
	gone := len(left) < len(a.Lines)
	a.Lines = left
	return gone
}

// at is the line with a number.
func (l *AccessLine) at(number int) *AccessLine {
	if l.Number == number {
		return l
	}
	other := *l
	other.Number = number
	return &other
}

// Renumber numbers the lines anew.
func (a *AccessList) Renumber(first, step int) {
	lines := slices.Clone(a.Lines)
	at := first - step
	for i, l := range lines {
		if l.Remark == "" {
			at += step
		}
		lines[i] = l.at(max(0, at))
	}
	a.Lines = lines
}

// Plain says whether the lines' numbers are those that they would get by
// themselves.
func (a *AccessList) Plain() bool {
	b := *a
	b.Renumber(AccessFirst, AccessStep)
	return slices.EqualFunc(a.Lines, b.Lines, func(x, y *AccessLine) bool { return x.Number == y.Number })
}

// Numbered is the number of a list that has one instead of a name; 0: it has
// none.
func (a *AccessList) Numbered() int {
	n, _ := strconv.Atoi(a.Name)
	return n
}

// Compare orders lists as running-config does: standard before extended, names
// before numbers.
func (a *AccessList) Compare(b *AccessList) int {
	rank := func(l *AccessList) int {
		if l.Standard {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Numbered(), b.Numbered()), strings.Compare(a.Name, b.Name))
}

// standardNumber and extendedNumber say which lists a number is for.
func standardNumber(n int) bool { return 1 <= n && n <= 99 || 1300 <= n && n <= 1999 }
func extendedNumber(n int) bool { return 100 <= n && n <= 199 || 2000 <= n && n <= 2699 }

// AccessListName says whether a list can have a name: one of the numbers of its
// kind, or no number at all.
func AccessListName(name string, standard bool) bool {
	n, err := strconv.Atoi(name)
	switch {
	case err != nil:
		return name[0] < '0' || name[0] > '9'
	case strconv.Itoa(n) != name:
		return false
	case standard:
		return standardNumber(n)
	}
	return extendedNumber(n)
}

const groupWord = "object-group "

// Groups are the object groups that a line names.
func (l *AccessLine) Groups() (list []string) {
	for _, name := range []string{l.ServiceGroup(), l.From.Group, l.To.Group} {
		if name != "" {
			list = append(list, name)
		}
	}
	return list
}

// ServiceGroup is the group that stands where others have a protocol, or "".
func (l *AccessLine) ServiceGroup() string {
	name, ok := strings.CutPrefix(l.Protocol, groupWord)
	if !ok {
		return ""
	}
	return name
}

// OfServices is how a line's Protocol names a group of services.
func OfServices(name string) string { return groupWord + name }
