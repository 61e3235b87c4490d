package logs

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// What is taken off a line before it is read: what terminals, loggers and people's
// clipboards put around it.

// mostLine is how much of a line is read, in octets; no router prints that much in one.
const mostLine = 4096

// rows are the lines of a log, cleaned, those that a terminal wrapped put together.
func rows(data []byte) []row {
	var list []row
	data = decoded(data)
	for number := 1; len(data) > 0; number++ {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line, data = data[:i], data[i+1:]
		} else {
			data = nil
		}
		list = append(list, row{number, printable(line)})
	}
	return ordered(unwrapped(uncounted(flush(list))))
}

// row is a line and where it stands.
type row struct {
	number int
	text   string
}

// printable is a line without what a terminal acts on.
func printable(line []byte) string {
	line = bytes.TrimRight(line[:min(len(line), mostLine)], "\r\n")
	plain := true
	for _, c := range line {
		plain = plain && c >= ' ' && c < 0x7f
	}
	if plain {
		return string(line)
	}
	out := make([]byte, 0, len(line))
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == 0x1b:
			i += escape(line[i:]) - 1
		case c == '\b':
			out = out[:max(0, len(out)-1)]
		case c == '\t':
			out = append(out, ' ')
		case c >= ' ' && c != 0x7f:
			out = append(out, c)
		}
	}
	return strings.ToValidUTF8(string(out), "?")
}

// escape is how long the control sequence is that a text begins with (ECMA-48 5.4).
func escape(text []byte) int {
	if len(text) < 2 || text[1] != '[' {
		return min(2, len(text))
	}
	i := 2
	for i < len(text) && (text[i] < 0x40 || text[i] > 0x7e) {
		i++
	}
	return min(i+1, len(text))
}

// leastWrapped is how many lines must be as wide as the widest one before that is
// taken for the edge of a terminal.
const leastWrapped = 3

// unwrapped puts lines together that end at the edge of a terminal.
func unwrapped(list []row) []row {
	edge, at := 0, 0
	for _, r := range list {
		switch n := len(r.text); {
		case n > edge:
			edge, at = n, 1
		case n == edge:
			at++
		}
	}
	if at < leastWrapped || edge < 40 || edge > 200 {
		return list
	}
	out := list[:0]
	joined := false // the last one goes on
	for _, r := range list {
		n := len(r.text)
		if joined && !begins(r.text) && len(out[len(out)-1].text) < mostLine {
			out[len(out)-1].text += r.text
		} else {
			out = append(out, r)
		}
		joined = n == edge
	}
	return out
}

// begins says whether a line is the beginning of what a router prints.
func begins(text string) bool {
	_, rest := stamp(text)
	return len(rest) < len(text) || markerAt(text) == 0
}

// stamped is what stands before a message: who logged it, and when.
type stamped struct {
	host, at string
	number   string // of service sequence-numbers
}

// stamp takes sequence numbers, host names and times off the beginning of a line.
func stamp(text string) (stamped, string) {
	var s stamped
	rest := text
	for range 3 { // a server's, a router's, and what a relay adds
		from, to := clock(rest)
		if to == 0 {
			break
		}
		before, after := rest[:from], rest[to:]
		if h := hostIn(before); h != "" {
			s.host = h
		}
		if n := numberIn(before); n != "" {
			s.number = n
		}
		s.at = rest[from:to]
		if h, message, ok := protocol5424(before, after); ok {
			s.host, rest = h, message
			continue
		}
		after = strings.TrimPrefix(strings.TrimPrefix(after, "Z"), "]")
		zone, more, ok := strings.Cut(after, ":")
		if _, another := clock(more); ok && isZone(zone) && (another == 0 || strings.TrimSpace(zone) == "") {
			rest = strings.TrimPrefix(more, " ")
			continue
		}
		if strings.Contains(before, "[") { // a terminal's own clock
			rest = strings.TrimLeft(after, " ")
			continue
		}
		// A server's stamp has the host behind it.
		host, more, ok := strings.Cut(strings.TrimLeft(after, " "), " ")
		if !ok || markerAt(host) >= 0 {
			rest = strings.TrimLeft(after, " ")
			break
		}
		s.host = strings.TrimSuffix(host, ":")
		rest = strings.TrimLeft(strings.TrimLeft(more, "- "), " ")
	}
	return s, unnumbered(rest)
}

// unnumbered takes a sequence number off: "000123: ".
func unnumbered(text string) string {
	if n, rest, ok := strings.Cut(text, ": "); ok && isNumber(n) {
		return strings.TrimLeft(rest, " ")
	}
	return text
}

// farthestClock is how far into a line a time may stand.
const farthestClock = 72

// clock finds "19:30:34.811" near the beginning of a line; 0, 0: there is none.
func clock(text string) (from, to int) {
	limit := min(len(text), farthestClock)
	if m := markerAt(text[:limit]); m >= 0 {
		limit = m
	}
	for i := 2; i+6 <= limit; i++ {
		if text[i] != ':' || text[i+3] != ':' || !digits(text[i-2:i]) || !digits(text[i+1:i+3]) || !digits(text[i+4:i+6]) {
			continue
		}
		if i > 2 && !strings.ContainsRune(" T*.[", rune(text[i-3])) {
			continue // of an address, say
		}
		end := i + 6
		if end < len(text) && text[end] == '.' {
			for end++; end < len(text) && text[end] >= '0' && text[end] <= '9'; end++ {
			}
		}
		return i - 2, end
	}
	return 0, 0
}

func digits(text string) bool { return strings.Trim(text, "0123456789") == "" }

func isNumber(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && digits(text)
}

// isZone is what may stand between a time and its colon: nothing, or a time zone.
func isZone(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) <= 6 && (strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" || strings.Trim(text, "+-0123456789") == "" && text != "" && !isNumber(text))
}

// hostIn is the name of a router in what stands before a time: "R1: 000123: *Nov 11 ".
func hostIn(before string) string {
	for {
		word, rest, ok := strings.Cut(before, ":")
		if !ok {
			return ""
		}
		word = strings.TrimSpace(word)
		if i := strings.IndexByte(word, '>'); i >= 0 && strings.HasPrefix(word, "<") {
			word = word[i+1:] // the priority
		}
		if word != "" && !isNumber(word) && isName(word) {
			return word
		}
		before = rest
	}
}

// numberIn is the sequence number in what stands before a time; "": there is none.
func numberIn(before string) string {
	for {
		word, rest, ok := strings.Cut(before, ":")
		if !ok {
			return ""
		}
		if fields := strings.Fields(word); len(fields) > 0 && isNumber(fields[len(fields)-1]) {
			return fields[len(fields)-1]
		}
		before = rest
	}
}

// ordered puts what was delivered out of order back, where the routers number their lines.
func ordered(list []row) []row {
	type key struct {
		host   string
		number int
	}
	keys := make([]key, len(list))
	last, inOrder, newest := key{}, true, map[string]int{}
	for i, r := range list {
		if s, _ := stamp(r.text); s.number != "" {
			n, _ := strconv.Atoi(s.number)
			last = key{s.host, n}
			inOrder = inOrder && n >= newest[s.host]
			newest[s.host] = n
		}
		keys[i] = last // a line without one goes with the one before it
	}
	if inOrder {
		return list
	}
	index := make([]int, len(list))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int {
		return cmp.Or(strings.Compare(keys[a].host, keys[b].host), cmp.Compare(keys[a].number, keys[b].number))
	})
	out := make([]row, len(list))
	for i, from := range index {
		out[i] = list[from]
	}
	return out
}

// isName says whether a word can be the name of a host, or its address.
func isName(word string) bool {
	for i := range len(word) {
		c := word[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return word != "" && len(word) <= 64
}
