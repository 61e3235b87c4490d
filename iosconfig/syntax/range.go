package syntax

import (
	"strconv"
	"strings"
)

// maxRange is how many interfaces a range may have.
const maxRange = 1000

// InterfaceRange returns the names of `e0/0-1`, `Ethernet 0/0 - 3 , Loopback1`: the
// last number of each item may be the first of several. False: it is none.
func InterfaceRange(text string) ([]string, bool) {
	var names []string
	for item := range strings.SplitSeq(text, ",") {
		first, last, several := strings.Cut(item, "-")
		if word := strings.TrimSpace(first); several && !strings.ContainsAny(word, "0123456789") { // Port-channel1
			rest, to, more := strings.Cut(last, "-")
			first, last, several = first+"-"+rest, to, more
		}
		some, ok := namesFrom(strings.ReplaceAll(first, " ", ""), strings.TrimSpace(last), several)
		if names = append(names, some...); !ok || len(names) > maxRange {
			return nil, false
		}
	}
	return names, true
}

// namesFrom are the interfaces from one to that with another last number.
func namesFrom(first, last string, several bool) ([]string, bool) {
	name := InterfaceName(first)
	if name == "" || !several {
		return []string{name}, name != ""
	}
	end := len(strings.TrimRight(name, "0123456789"))
	from, err1 := strconv.ParseUint(name[end:], 10, 32)
	to, err2 := strconv.ParseUint(last, 10, 32)
	if err1 != nil || err2 != nil || to < from || to-from >= maxRange {
		return nil, false
	}
	var names []string
	for n := from; n <= to; n++ {
		next := InterfaceName(name[:end] + strconv.FormatUint(n, 10))
		if next == "" {
			return nil, false
		}
		names = append(names, next)
	}
	return names, true
}
