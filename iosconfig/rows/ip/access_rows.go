package ip

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

type accessList = editor.At[iosconfig.AccessList]

var anyNet = iosconfig.AccessNet{Address: netip.IPv4Unspecified(), Wildcard: netip.AddrFrom4([4]byte{255, 255, 255, 255})}

func hostNet(a netip.Addr) iosconfig.AccessNet {
	return iosconfig.AccessNet{Address: a, Wildcard: netip.IPv4Unspecified()}
}

func maskedNet(address, wild [4]byte) iosconfig.AccessNet {
	for i := range address {
		address[i] &^= wild[i]
	}
	return iosconfig.AccessNet{Address: netip.AddrFrom4(address), Wildcard: netip.AddrFrom4(wild)}
}

// accessTable is the lists of one kind. All are those that running-config shows
// as sections.
type accessTable struct {
	config   *iosconfig.Config
	standard bool
}

func (t accessTable) Get(name string) *iosconfig.AccessList {
	if l := t.config.Access.Get(name); l != nil && l.Standard == t.standard {
		return l
	}
	return nil
}

func (t accessTable) Put(name string, l *iosconfig.AccessList) { t.config.Access.Put(name, l) }
func (t accessTable) Remove(name string)                       { t.config.Access.Remove(name) }

func (t accessTable) All() iter.Seq[*iosconfig.AccessList] {
	return slices.Values(t.lists(func(l *iosconfig.AccessList) bool { return asSection(t.config, l) }))
}

// lists are those of the kind for which something holds, in running-config's
// order.
func (t accessTable) lists(which func(*iosconfig.AccessList) bool) []*iosconfig.AccessList {
	list := slices.Collect(t.config.Access.All())
	list = slices.DeleteFunc(list, func(l *iosconfig.AccessList) bool { return l.Standard != t.standard || !which(l) })
	slices.SortFunc(list, (*iosconfig.AccessList).Compare)
	return list
}

// asSection says whether a list is shown as `ip access-list …`: one with a name,
// one whose numbers a reload would lose, and every list of IOS XE 17.
func asSection(c *iosconfig.Config, l *iosconfig.AccessList) bool {
	return l.Numbered() == 0 || c.Generation != iosconfig.IOS151 || !l.Plain() || len(l.Lines) == 0
}

// kindWord is the keyword of a kind of lists.
func kindWord(standard bool) string {
	if standard {
		return "standard"
	}
	return "extended"
}

func accessSection(standard bool) editor.Section[iosconfig.Config, iosconfig.AccessList] {
	kind := kindWord(standard)
	return editor.Section[iosconfig.Config, iosconfig.AccessList]{
		Syntax: "ip access-list " + kind + " <name:word>",
		Help:   "|Named access-list|" + strings.ToUpper(kind[:1]) + kind[1:] + " Access List|Access-list name or number",
		Mode:   accessMode(standard),
		In:     func(c *iosconfig.Config) editor.Table[iosconfig.AccessList] { return accessTable{c, standard} },
		NameOf: func(l *iosconfig.AccessList) string { return l.Name },
		Head:   func(l *iosconfig.AccessList) string { return "ip access-list " + kind + " " + l.Name },
		Make: func(e *global, l *iosconfig.AccessList, _ syntax.Args) error {
			if other := e.Config.Access.Get(l.Name); other != nil && other.Standard != standard {
				return syntax.Refuse("%% A named %s IP access list with this name already exists", kindWord(other.Standard))
			}
			if e.Config.Access6.Get(l.Name) != nil {
				return syntax.Refuse("%% An IPv6 access list with this name already exists")
			}
			if !iosconfig.AccessListName(l.Name, standard) {
				return syntax.Refuse("%% Invalid access list name.")
			}
			return nil
		},
	}
}

func accessMode(standard bool) *editor.Mode[iosconfig.AccessList] {
	line, help := extendedSyntax, extendedHelp
	if standard {
		line, help = standardSyntax, standardHelp
	}
	remark := "|remark <text:line>}"
	remarkHelp := "|Access list entry comment|Comment up to 100 characters"
	return editor.NewMode(editor.Mode[iosconfig.AccessList]{
		Name: map[bool]string{true: "config-std-nacl", false: "config-ext-nacl"}[standard], Title: strings.ToUpper(kindWord(standard)[:1]) + kindWord(standard)[1:] + " Access List configuration commands:",
		Kind: iosconfig.KindAccessList,
		New: func(_ iosconfig.Generation, name string) *iosconfig.AccessList {
			return &iosconfig.AccessList{Name: name, Standard: standard}
		},
		Get: func(c *iosconfig.Config, path []string) *iosconfig.AccessList {
			return accessTable{c, standard}.Get(path[0])
		},
		Put: func(c *iosconfig.Config, path []string, l *iosconfig.AccessList) { c.Access.Put(path[0], l) },
	}, []editor.Row[iosconfig.AccessList]{
		{Syntax: "<sequence:1-2147483647> / {" + line + remark, Help: "Sequence Number|" + help + remarkHelp, Set: addLine, Clear: removeLine, Show: showLines},
		{Syntax: "{" + line + remark, Help: help + remarkHelp, Set: addLine, Clear: removeLine},
	})
}

// addLine puts a line into a list. One that says what another says is passed
// over, as IOS does.
func addLine(e *accessList, a syntax.Args) error {
	l, err := lineArgs(a)
	if err != nil {
		return err
	}
	if l.Number == 0 && l.Remark == "" && e.It.Full() {
		return noSequence
	}
	if !e.It.Add(l) && l.Number != 0 && !e.It.Says(&l) {
		return syntax.Refuse("%% Duplicate sequence number")
	}
	tellGroups(e, e.It.Name, &l)
	return nil
}

// tellGroups tells of object groups in a line that are none, so that the line is about nothing, and of
// what a crypto map makes nothing of.
func tellGroups[O any](e *editor.At[O], list string, l *iosconfig.AccessLine) {
	if _, marked := l.Marks(); len(l.Groups()) > 0 || l.Scattered() || marked != 0 {
		editor.NoteMapLines(e, list)
	}
	for _, name := range l.Groups() {
		service := name == l.ServiceGroup()
		e.Note("% Object group "+name+" does not exist: the line matches nothing", func(c *iosconfig.Config) bool {
			now := c.Access.Get(list)
			return now != nil && now.Says(l) && c.Groups.Of(name, service) == nil
		})
	}
}

// removeLine takes away the line of a number, or the one that says the same.
func removeLine(e *accessList, a syntax.Args) error {
	return removeBy(e, a, !a.Given("sequence") || a.Given("text"), lineArgs)
}

// removeBy takes away what says the same as a line that is told, or the line of a number.
func removeBy(e *accessList, a syntax.Args, told bool, read func(syntax.Args) (iosconfig.AccessLine, error)) error {
	which := func(o *iosconfig.AccessLine) bool { return o.Remark == "" && o.Number == a.Int("sequence") }
	if told {
		l, err := read(a)
		if err != nil {
			return err
		}
		text := l.String()
		which = func(o *iosconfig.AccessLine) bool { return o.String() == text }
	}
	e.It.Remove(which)
	return nil
}

func showLines(e *accessList) []string { return numbered(e, "") }

// numbered shows numbers, behind a word of their own or none, where IOS XE does, and where they
// would not come back by themselves.
func numbered(e *accessList, word string) []string {
	numbers := e.Config.Generation != iosconfig.IOS151 || !e.It.Plain()
	var lines []string
	for _, l := range e.It.Lines {
		text := l.String()
		if numbers && l.Remark == "" {
			text = word + strconv.Itoa(l.Number) + " " + text
		}
		lines = append(lines, text)
	}
	return lines
}

// numberedRow is `access-list N …`; its `no` form takes the whole list away.
func numberedRow(standard bool) editor.Row[iosconfig.Config] {
	numbers, line, help := "{<list:100-199>|<list:2000-2699>}", extendedSyntax, "Add an access list entry|IP extended access list|IP extended access list (expanded range)|"+extendedHelp
	if standard {
		numbers, line, help = "{<list:1-99>|<list:1300-1999>}", standardSyntax, "Add an access list entry|IP standard access list|IP standard access list (expanded range)|"+standardHelp
	}
	return editor.Row[iosconfig.Config]{
		Syntax: "access-list " + numbers + " / {" + line + "|remark <text:line>}",
		Help:   help + "|Access list entry comment|Comment up to 100 characters",
		Set:    func(e *global, a syntax.Args) error { return addNumbered(e, a, standard) },
		Clear: func(e *global, a syntax.Args) error {
			e.It.Access.Remove(a.Word("list"))
			e.Changed(iosconfig.KindAccessList, a.Word("list"))
			return nil
		},
		Show: func(e *global) []string {
			var lines []string
			for _, l := range (accessTable{e.It, standard}).lists(func(l *iosconfig.AccessList) bool { return !asSection(e.It, l) }) {
				for _, line := range l.Lines {
					lines = append(lines, "access-list "+l.Name+" "+line.String())
				}
			}
			return lines
		},
	}
}

func addNumbered(e *global, a syntax.Args, standard bool) error {
	l, err := lineArgs(a)
	if err != nil {
		return err
	}
	next := iosconfig.AccessList{Name: a.Word("list"), Standard: standard}
	if old := e.Config.Access.Get(next.Name); old != nil {
		next = *old
	}
	if next.Full() {
		return noSequence
	}
	next.Add(l)
	e.It.Access.Put(next.Name, &next)
	tellGroups(e, next.Name, &l)
	e.Changed(iosconfig.KindAccessList, next.Name)
	return nil
}

var resequenceRow = editor.Row[iosconfig.Config]{
	Syntax: "ip access-list resequence <name:word> <first:1-2147483647> <step:1-2147483647>",
	Help:   "||Resequence Access List|Access-list name or number|Starting Sequence Number|Step to increment the sequence number",
	Set: func(e *global, a syntax.Args) error {
		old := e.Config.Access.Get(a.Word("name"))
		first, step := a.Int("first"), a.Int("step")
		switch {
		case old == nil:
			return syntax.Refuse("%% Access-list does not exist")
		case len(old.Lines) > 0 && step > (iosconfig.MaxAccessLine-first)/len(old.Lines):
			return noSequence
		}
		next := *old
		next.Renumber(first, step)
		e.It.Access.Put(next.Name, &next)
		e.Changed(iosconfig.KindAccessList, next.Name)
		return nil
	},
}

var noSequence = syntax.Refuse("%% Sequence exceeded maximum")

// accessRows are object groups and access lists, in running-config's order.
var accessRows = []editor.Row[iosconfig.Config]{groupSection(false).Row(), groupSection(true).Row(), accessSection(true).Row(), accessSection(false).Row(), resequenceRow, numberedRow(true), numberedRow(false)}

// accessGroupRow takes the name of a list that is not there, as IOS does, and tells.
var accessGroupRow = editor.Row[iosconfig.Interface]{
	Syntax: "ip access-group / <list:word> way={in|out}",
	Help:   "|Specify access control for packets|Access-list name or number|inbound packets|outbound packets",
	Set: func(e *iface, a syntax.Args) error {
		way, of, list := wayOf(a), e.It.Name(), a.Word("list")
		e.It.AccessGroups[way] = list
		e.Note("% Access list "+list+" does not exist: it lets everything pass", func(c *iosconfig.Config) bool {
			i := c.Interface(of)
			return i != nil && i.AccessGroups[way] == list && c.Access.Get(list) == nil
		})
		return nil
	},
	Clear: func(e *iface, a syntax.Args) error {
		if !a.Given("way") {
			e.It.AccessGroups = [2]string{}
		} else {
			e.It.AccessGroups[wayOf(a)] = ""
		}
		return nil
	},
	Show: func(e *iface) []string {
		lines := editor.When(e.It.AccessGroups[0] != "", "ip access-group "+e.It.AccessGroups[0]+" in")
		return append(lines, editor.When(e.It.AccessGroups[1] != "", "ip access-group "+e.It.AccessGroups[1]+" out")...)
	},
}

func wayOf(a syntax.Args) int {
	if a.Word("way") == "out" {
		return 1
	}
	return 0
}
