package acl

import "slices"

// Verdict is what a list says of a packet.
type Verdict uint8

// The verdicts.
const (
	None Verdict = iota // no line is about it
	Permit
	Deny
)

func (v Verdict) String() string { return [...]string{"none", "permit", "deny"}[min(v, Deny)] }

// Line is a numbered line. Numbers are ascending.
type Line struct {
	Number int
	Entry
	Log Log
}

// Log is what is told of the packets that a line is about.
type Log uint8

// What may be told.
const (
	Silent    Log = iota
	Logged        // `log`
	LogInput      // `log-input`: also where they came from
	LogSource     // `log` of a standard list, which is about sources alone
)

// List is an access list. The zero value has no lines.
type List struct {
	lines  []Line
	counts []uint64
	tree   *node
	six    *node // the tree of a list of IPv6, whose other one has no lines
	logs   bool  // some line does
}

// NoLine is the number of no line.
const NoLine = -1

// Match is what the list says of a packet, and the number of the line that does.
func (l *List) Match(pkt []byte) (number int, v Verdict) {
	var k key
	if !k.read(pkt) {
		return l.matchSix(pkt, false)
	}
	return l.match(&k)
}

// Permits says whether a packet may pass: one that no line is about may not, unless
// neighbours find each other by it.
func (l *List) Permits(pkt []byte) bool {
	permits, _ := l.Judge(pkt)
	return permits
}

// Judge is Permits with the line that the packet is to be told of by; nil: none.
func (l *List) Judge(pkt []byte) (permits bool, by *Line) {
	number, v := l.Match(pkt)
	if l.logs && number != NoLine {
		at, _ := l.find(number)
		if by = &l.lines[at]; by.Log == Silent {
			by = nil
		}
	}
	return v == Permit || v == None && l.six != nil && neighbours(pkt), by
}

// find is the place of a line.
func (l *List) find(number int) (at int, found bool) {
	return slices.BinarySearchFunc(l.lines, number, func(x Line, n int) int { return x.Number - n })
}

// MatchMirrored is what it says of the packet's answer: source and destination
// are exchanged.
func (l *List) MatchMirrored(pkt []byte) (number int, v Verdict) {
	var k key
	if !k.read(pkt) {
		return l.matchSix(pkt, true)
	}
	k.mirror()
	return l.match(&k)
}

func (l *List) match(k *key) (int, Verdict) {
	if len(l.lines) == 0 {
		return NoLine, Permit
	}
	if k.later {
		for i := range l.lines {
			if l.six == nil && l.lines[i].fits(k) {
				return l.hit(i)
			}
		}
		return NoLine, None
	}
	for _, i := range l.tree.leaf(k) {
		if l.lines[i].fits(k) {
			return l.hit(int(i))
		}
	}
	return NoLine, None
}

// hit counts a packet at the line that is about it.
func (l *List) hit(i int) (int, Verdict) {
	l.counts[i]++
	if l.lines[i].Deny {
		return l.lines[i].Number, Deny
	}
	return l.lines[i].Number, Permit
}

// Set gives the list its lines. A line that was there keeps its count.
func (l *List) Set(lines []Line) {
	counts := make([]uint64, len(lines))
	for i := range lines {
		at, found := l.find(lines[i].Number)
		if found && l.lines[at].Entry.equal(&lines[i].Entry) {
			counts[i] = l.counts[at]
		}
	}
	l.lines, l.counts = lines, counts
	l.logs = slices.ContainsFunc(lines, func(x Line) bool { return x.Log != Silent })
	if l.tree, l.six = plant(lines), nil; len(lines) > 0 && lines[0].Six != nil {
		l.tree, l.six = plant(nil), l.tree
	}
}

func (e *Entry) equal(o *Entry) bool {
	return e.Deny == o.Deny && e.AnyProtocol == o.AnyProtocol && e.Protocol == o.Protocol && e.From == o.From && e.To == o.To &&
		e.Flags == o.Flags && e.Fragments == o.Fragments && e.Six.equal(o.Six) && slices.Equal(e.FromGroup, o.FromGroup) && slices.Equal(e.ToGroup, o.ToGroup) &&
		slices.EqualFunc(e.Services, o.Services, func(a, b Entry) bool { return a.equal(&b) }) &&
		slices.Equal(e.FromPorts, o.FromPorts) && slices.Equal(e.ToPorts, o.ToPorts) && slices.Equal(e.ICMP, o.ICMP)
}

// Counts are how many packets each line was about, by its number.
func (l *List) Counts() map[int]uint64 {
	counts := make(map[int]uint64, len(l.lines))
	for i, line := range l.lines {
		counts[line.Number] = l.counts[i]
	}
	return counts
}

// ClearCounts begins counting anew.
func (l *List) ClearCounts() { clear(l.counts) }

// Lists are the access lists of a device, by name.
type Lists map[string]*List

// Get is the list of a name, which may be defined later.
func (l Lists) Get(name string) *List {
	list := l[name]
	if list == nil {
		list = &List{}
		l[name] = list
	}
	return list
}

// Set gives the list of a name its lines; none: it is not defined any more.
func (l Lists) Set(name string, lines []Line) { l.Get(name).Set(lines) }
