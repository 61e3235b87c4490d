package ip

import (
	"iter"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Access lists of IPv6: all have names, their lines have prefixes, and their numbers stand
// behind the word `sequence`.

var sixAccessSection = editor.Section[iosconfig.Config, iosconfig.AccessList]{
	Syntax: "ipv6 access-list <name:word>",
	Help:   "|Configure access lists|User selected string identifying this access list",
	Mode:   sixAccessMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.AccessList] { return sixAccessTable{c} },
	NameOf: func(l *iosconfig.AccessList) string { return l.Name },
	Head:   func(l *iosconfig.AccessList) string { return "ipv6 access-list " + l.Name },
	Marks:  editor.MarkEach,
	Make: func(e *global, l *iosconfig.AccessList, _ syntax.Args) error {
		switch {
		case l.Name[0] >= '0' && l.Name[0] <= '9':
			return syntax.Refuse("%% Invalid access list name.")
		case e.Config.Access.Get(l.Name) != nil:
			return syntax.Refuse("%% An IPv4 access list with this name already exists")
		}
		return nil
	},
}

// sixAccessTable is the lists by name, as running-config has them.
type sixAccessTable struct{ config *iosconfig.Config }

func (t sixAccessTable) Get(name string) *iosconfig.AccessList    { return t.config.Access6.Get(name) }
func (t sixAccessTable) Put(name string, l *iosconfig.AccessList) { t.config.Access6.Put(name, l) }
func (t sixAccessTable) Remove(name string)                       { t.config.Access6.Remove(name) }
func (t sixAccessTable) All() iter.Seq[*iosconfig.AccessList] {
	return slices.Values(slices.SortedFunc(t.config.Access6.All(), (*iosconfig.AccessList).Compare))
}

var sixAccessMode = editor.NewMode(editor.Mode[iosconfig.AccessList]{
	Name: "config-ipv6-acl", Title: "IPv6 Access List configuration commands:", Kind: iosconfig.KindAccessList6,
	New: func(_ iosconfig.Generation, name string) *iosconfig.AccessList {
		return &iosconfig.AccessList{Name: name, Six: true}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.AccessList { return c.Access6.Get(path[0]) },
	Put: func(c *iosconfig.Config, path []string, l *iosconfig.AccessList) { c.Access6.Put(path[0], l) },
}, []editor.Row[iosconfig.AccessList]{
	{Syntax: "sequence <sequence:1-4294967295> / {" + sixLineSyntax + "}", Help: "Sequence number for this entry|Sequence number value|" + sixLineHelp, Set: addSixLine, Clear: removeSixLine, Show: showSixLines},
	{Syntax: "{" + sixLineSyntax + "|remark <text:line>}", Help: sixLineHelp + "|Access list entry comment|Comment up to 100 characters", Set: addSixLine, Clear: removeSixLine},
})

func sixNetSyntax(name string) string {
	return name + "={any|host <" + name + "-host:ip6>|<" + name + "-net:prefix6>}"
}

const (
	sixFromHelp = "Any source prefix|A single source host|Source address|IPv6 source prefix x:x::y/z"
	sixToHelp   = "Any destination prefix|A single destination host|Destination address|IPv6 destination prefix x:x::y/z"

	sixTailSyntax = " [{fragments|log|log-input|sequence <at:1-4294967295>}...]"
	sixTailHelp   = tailHelp + "|Sequence number for this entry|Sequence number value"
)

var (
	sixNetsSyntax = sixNetSyntax("from") + " " + sixNetSyntax("to")
	sixLineSyntax = actionSyntax + "{protocol={ahp|esp|ipv6|pcp|sctp} " + sixNetsSyntax + sixTailSyntax +
		"|" + sixNetsSyntax + sixTailSyntax +
		"|<number:0-255> " + sixNetsSyntax + sixTailSyntax +
		"|protocol={icmp} " + sixNetsSyntax + " [<message:word> [<code:0-255>]]" + sixTailSyntax +
		"|protocol={tcp} " + sixNetSyntax("from") + portSyntax("from") + " " + sixNetSyntax("to") + portSyntax("to") +
		" [{established|bit={ack|fin|psh|rst|syn|urg}...}]" + sixTailSyntax +
		"|protocol={udp} " + sixNetSyntax("from") + portSyntax("from") + " " + sixNetSyntax("to") + portSyntax("to") + sixTailSyntax + "}"

	sixEnds     = sixFromHelp + "|" + sixToHelp
	sixLineHelp = actionHelp + "|Authentication Header Protocol|Encapsulation Security Payload|Any IPv6|Payload Compression Protocol|Streams Control Transmission Protocol|" + sixEnds + sixTailHelp +
		"|" + sixEnds + sixTailHelp +
		"|An IPv6 protocol number|" + sixEnds + sixTailHelp +
		"|Internet Control Message Protocol|" + sixEnds + "|ICMP message type|ICMP message code" + sixTailHelp +
		"|Transmission Control Protocol|" + sixFromHelp + "|" + portHelp + "|" + sixToHelp + "|" + portHelp +
		"|Match established connections|Match on the ACK bit|Match on the FIN bit|Match on the PSH bit|Match on the RST bit|Match on the SYN bit|Match on the URG bit" + sixTailHelp +
		"|User Datagram Protocol|" + sixFromHelp + "|" + portHelp + "|" + sixToHelp + "|" + portHelp + sixTailHelp
)

// sixLineArgs reads a line. Without a protocol it is about all, as in early releases.
func sixLineArgs(a syntax.Args) (l iosconfig.AccessLine, err error) {
	if a.Given("text") {
		return iosconfig.AccessLine{Remark: strings.TrimSpace(a.Word("text"))}, nil
	}
	l = iosconfig.AccessLine{Number: max(a.Int("sequence"), a.Int("at")), Deny: a.Word("action") == "deny", Protocol: a.Word("protocol"), From: sixNetArgs(a, "from"), To: sixNetArgs(a, "to")}
	switch {
	case a.Given("number"):
		l.Protocol = iosconfig.SixProtocolWord(a.Word("number"))
	case l.Protocol == "":
		l.Protocol = "ipv6"
	}
	if l.FromPorts, err = portArgs(a, l.Protocol, "from"); err != nil {
		return l, err
	}
	if l.ToPorts, err = portArgs(a, l.Protocol, "to"); err != nil {
		return l, err
	}
	l.Options, err = optionArgs(a, iosconfig.ICMPv6)
	return l, err
}

func sixNetArgs(a syntax.Args, name string) iosconfig.AccessNet {
	switch a.Word(name) {
	case "any":
		return iosconfig.AccessNet{Prefix: netip.PrefixFrom(netip.IPv6Unspecified(), 0)}
	case "host":
		return iosconfig.AccessNet{Prefix: netip.PrefixFrom(a.Addr(name+"-host"), 128)}
	}
	return iosconfig.AccessNet{Prefix: a.Prefix(name + "-net").Masked()}
}

// addSixLine puts a line into a list, in the place of the one that has its number. One that
// says what another says is passed over.
func addSixLine(e *accessList, a syntax.Args) error {
	l, err := sixLineArgs(a)
	switch {
	case err != nil:
		return err
	case l.Remark == "" && l.Number == 0 && e.It.Full():
		return noSequence
	case l.Remark == "" && e.It.Says(&l):
		return nil
	}
	if !e.It.Replace(l) {
		e.It.Add(l)
	}
	return nil
}

func removeSixLine(e *accessList, a syntax.Args) error {
	return removeBy(e, a, a.Given("action") || a.Given("text"), sixLineArgs)
}

func showSixLines(e *accessList) []string { return numbered(e, "sequence ") }

// sixFilterRow takes the name of a list that is not there, as IOS does, and tells.
var sixFilterRow = editor.Row[iosconfig.Interface]{
	Syntax: "ipv6 traffic-filter / <list:word> way={in|out}",
	Help:   "|Access control list for packets|Access-list name|inbound packets|outbound packets",
	Set: func(e *iface, a syntax.Args) error {
		way, of, list := wayOf(a), e.It.Name(), a.Word("list")
		e.It.IPv6.Filters[way] = list
		e.Note("% Access list "+list+" does not exist: it lets everything pass", func(c *iosconfig.Config) bool {
			i := c.Interface(of)
			return i != nil && i.IPv6.Filters[way] == list && c.Access6.Get(list) == nil
		})
		return nil
	},
	Clear: func(e *iface, a syntax.Args) error {
		if !a.Given("way") {
			e.It.IPv6.Filters = [2]string{}
		} else {
			e.It.IPv6.Filters[wayOf(a)] = ""
		}
		return nil
	},
	Show: func(e *iface) []string {
		lines := editor.When(e.It.IPv6.Filters[0] != "", "ipv6 traffic-filter "+e.It.IPv6.Filters[0]+" in")
		return append(lines, editor.When(e.It.IPv6.Filters[1] != "", "ipv6 traffic-filter "+e.It.IPv6.Filters[1]+" out")...)
	},
}

// SixAccessRows stand before the control plane.
var SixAccessRows = []editor.Row[iosconfig.Config]{sixAccessSection.Row()}
