package logs

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// What editors, clipboards and relays have made of the octets and lines of a log.

// decoded is a log as UTF-8, its lines ended by line feeds.
func decoded(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		data = narrowed(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		data = narrowed(data[2:], binary.BigEndian)
	default:
		data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	}
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte{'\r'}, []byte{'\n'})
	}
	return data
}

// narrowed is UTF-16 as UTF-8.
func narrowed(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// flush takes off what stands before each line that is not empty: blanks of a text that was set in, and the
// marks of one that was quoted (RFC 3676 4.5).
func flush(list []row) []row {
	margin, known := "", false
	for _, r := range list {
		switch at := len(r.text) - len(strings.TrimLeft(r.text, "> ")); {
		case strings.TrimLeft(r.text, "> ") == "":
		case !known:
			margin, known = r.text[:at], true
		default:
			margin = margin[:alike(margin, r.text)]
		}
	}
	for i := range list {
		list[i].text = list[i].text[min(len(margin), len(list[i].text)):]
	}
	return list
}

// alike is how many octets two texts have in common from their beginning on.
func alike(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// uncounted takes numbers of lines off, where each line has one that is by one higher than
// the one before.
func uncounted(list []row) []row {
	if len(list) < leastCounted {
		return list
	}
	counted, last := 0, 0
	for i, r := range list {
		n, _, ok := counter(r.text)
		if ok && i > 0 && n == last+1 {
			counted++
		}
		last = n
	}
	if counted < len(list)*9/10-1 {
		return list
	}
	for i := range list {
		if _, rest, ok := counter(list[i].text); ok {
			list[i].text = rest
		}
	}
	return list
}

// leastCounted is how many lines show that they are numbered.
const leastCounted = 4

// counter is the number that a line begins with, when a blank or a tab follows.
func counter(text string) (n int, rest string, ok bool) {
	rest = strings.TrimLeft(text, " ")
	digits := 0
	for digits < len(rest) && digits < 7 && rest[digits] >= '0' && rest[digits] <= '9' {
		n = n*10 + int(rest[digits]-'0')
		digits++
	}
	rest = rest[digits:]
	if digits == 0 || rest != "" && rest[0] != ' ' {
		return 0, text, false
	}
	return n, strings.TrimPrefix(strings.TrimPrefix(rest, " "), " "), true
}

// protocol5424 reads what stands behind the time of a message of RFC 5424: the name of the
// host, three fields that do not matter, structured data, and the message.
func protocol5424(before, after string) (host, message string, ok bool) {
	priority, version, found := strings.Cut(before, ">")
	if !found || !strings.HasPrefix(priority, "<") || !strings.HasPrefix(version, "1 ") {
		return "", "", false
	}
	fields := strings.SplitN(after, " ", 6) // of the time what is left, host, application, process, message
	if len(fields) < 6 {
		return "", "", false
	}
	return fields[1], strings.TrimPrefix(unstructured(fields[5]), " "), true
}

// unstructured takes structured data off: "-", or elements in brackets.
func unstructured(text string) string {
	if !strings.HasPrefix(text, "[") {
		return strings.TrimPrefix(text, "-")
	}
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted && !strings.HasPrefix(text[i+1:], "["):
			return text[i+1:]
		}
	}
	return text
}
