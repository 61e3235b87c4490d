package iosconfig

import (
	"strconv"
	"strings"
)

// What a line of an access list demands of how a packet is marked: its octet of the type of service,
// as RFC 791 section 3.1 has it in precedence and tos, or as RFC 2474 section 3 does in dscp.

// MarkKinds are the words of such demands, in the order in which IOS has them.
var MarkKinds = []string{"precedence", "tos", "dscp"}

// mark is a kind of demand: names that IOS has in the place of numbers, the largest of these, and by
// how many bits they stand to the left in the octet.
type mark struct {
	names map[string]int
	most  int
	shift uint
}

var marks = map[string]mark{
	"precedence": {map[string]int{"routine": 0, "priority": 1, "immediate": 2, "flash": 3, "flash-override": 4, "critical": 5, "internet": 6, "network": 7}, 7, 5},
	"tos":        {map[string]int{"normal": 0, "min-monetary-cost": 1, "max-reliability": 2, "max-throughput": 4, "min-delay": 8}, 15, 1},
	"dscp":       {codePoints(), 63, 2},
}

// codePoints are the names of RFC 2474, 2597 and 3246.
func codePoints() map[string]int {
	names := map[string]int{"default": 0, "ef": 46}
	for class := 1; class < 8; class++ {
		names["cs"+strconv.Itoa(class)] = class << 3
		for drop := 1; drop < 4 && class < 5; drop++ {
			names["af"+strconv.Itoa(class)+strconv.Itoa(drop)] = class<<3 | drop<<1
		}
	}
	return names
}

// Mark is a demand of a kind as IOS prints it, of a name or a number; "": it is none.
func Mark(kind, word string) string {
	m := marks[kind]
	n := numberOf(m.names, word, m.most)
	if n < 0 {
		return ""
	}
	return kind + " " + nameOf(m.names, n)
}

// Marks are the bits of the octet that a line demands, and which ones; 0 and 0: none.
func (l *AccessLine) Marks() (value, mask uint8) {
	for _, option := range l.Options {
		kind, word, _ := strings.Cut(option, " ")
		m, is := marks[kind]
		if !is {
			continue
		}
		n := numberOf(m.names, word, m.most)
		value, mask = value|uint8(n<<m.shift), mask|uint8(m.most<<m.shift)
	}
	return value, mask
}
