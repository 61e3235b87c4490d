package logs

import "strings"

// level is which debug a line of IKEv2 belongs to.
type level uint8

const (
	bare     level = iota // no words of IKEv2 stand before it
	general               // "IKEv2:", all levels of 15.1
	errors                // "IKEv2-ERROR:"
	internal              // "IKEv2-INTERNAL:"
	packets               // "IKEv2-PAK:"
	protocol              // "IKEv2-PROTO-n:" of an ASA
	platform              // "IKEv2-PLAT-n:" of an ASA
	system                // "%FACILITY-n-MNEMONIC:"
	other                 // another debug
)

// line is something that a router says.
type line struct {
	number      int
	host, at    string
	level       level
	session, sa string // the ids, as they stand there
	raw         string // the text
	text        string // the same without what stands before it, with single blanks
}

// markers begin what is said. The longest of those that begin alike come first.
var markers = []struct {
	text  string
	level level
}{
	{"IKEv2-ERROR:", errors},
	{"IKEv2-INTERNAL:", internal},
	{"IKEv2-PAK:", packets},
	{"IKEv2-PROTO-", protocol},
	{"IKEv2-PLAT-", platform},
	{"IKEv2:", general},
}

// foreign begin lines of other debugs that are met beside those of IKEv2.
var foreign = []string{"IPSEC(", "IPSEC:", "CRYPTO_PKI", "CRYPTO_ENGINE", "Crypto mapdb", "ISAKMP", "NHRP", "crypto_engine", "RT:", "IP:", "IP ARP:", "ICMP:", "KMI:", "insert of map", "(ipsec_process_proposal)"}

// markerAt is where a marker begins; -1: nowhere.
func markerAt(text string) int {
	first := -1
	if i := strings.Index(text, "IKEv2"); i >= 0 {
		for j := i; j >= 0 && j < len(text); {
			if markerHere(text[j:]) >= 0 {
				first = j
				break
			}
			k := strings.Index(text[j+1:], "IKEv2")
			if k < 0 {
				break
			}
			j += k + 1
		}
	}
	if p := messageAt(text); p >= 0 && (first < 0 || p < first) {
		return p
	}
	return first
}

func markerHere(text string) int {
	for i := range markers {
		if strings.HasPrefix(text, markers[i].text) {
			return i
		}
	}
	return -1
}

// messageAt is where a message of syslog begins, "%LINK-3-UPDOWN:"; -1: nowhere.
func messageAt(text string) int {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '%')
		if i < 0 {
			return -1
		}
		i += from
		if _, ok := messageName(text[i:]); ok {
			return i
		}
		from = i + 1
	}
}

// messageName is "LINK-3-UPDOWN" of what begins with "%LINK-3-UPDOWN:".
func messageName(text string) (string, bool) {
	name, _, ok := strings.Cut(text[1:], ":")
	if !ok || len(name) > 64 || strings.Count(name, "-") < 2 {
		return "", false
	}
	severity := false
	for _, part := range strings.Split(name, "-") {
		if part == "" || strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			return "", false
		}
		severity = severity || len(part) == 1 && part[0] >= '0' && part[0] <= '7'
	}
	return name, severity
}

// lines takes a row apart: mostly it is one line; on an ASA some run on.
func lines(r row) []line {
	if isNote(r.text) {
		return []line{{number: r.number, raw: r.text, text: r.text}}
	}
	s, rest := stamp(r.text)
	if i := markerAt(rest); i > 0 && !strings.Contains(rest[:i], ": ") {
		if host := prompt(rest[:i]); host != "" {
			s.host = host
		}
		if rest[:i] == strings.TrimSpace(rest[:i]) && !isPayloadText(rest[:i]) { // a prompt, or what somebody was typing
			rest = rest[i:]
		}
	}
	var list []line
	for rest != "" || len(list) == 0 {
		cut := len(rest)
		if i := runsOn(rest); i > 0 {
			cut = i
		}
		l := line{number: r.number, host: s.host, at: s.at, raw: rest[:cut]}
		l.begin()
		list = append(list, l)
		if rest = rest[cut:]; len(list) >= 64 {
			break
		}
	}
	return list
}

// isNote says whether somebody wrote a text between the lines: it may name what routers print.
func isNote(text string) bool { return strings.HasPrefix(text, "#") || strings.HasPrefix(text, "!") }

// isPayloadText says whether what stands before a marker is a line of its own, which the
// marker's runs on behind.
func isPayloadText(text string) bool {
	return strings.HasSuffix(text, "REQUEST") || strings.HasSuffix(text, "RESPONSE") || strings.Contains(text, "    ")
}

// runsOn is where the next line begins within one: an ASA leaves out line ends.
func runsOn(text string) int {
	for from := 1; from < len(text); {
		i := strings.Index(text[from:], "IKEv2-P")
		if i < 0 {
			return -1
		}
		if i += from; markerHere(text[i:]) >= 0 {
			return i
		}
		from = i + 1
	}
	return -1
}

// begin reads the words before what is said.
func (l *line) begin() {
	text := l.raw
	if i := markerHere(text); i >= 0 {
		m := markers[i]
		l.level, text = m.level, text[len(m.text):]
		if m.level == protocol || m.level == platform {
			_, text, _ = strings.Cut(text, ":")
		}
		text = l.named(strings.TrimLeft(text, " "))
	} else if strings.HasPrefix(text, "%") && messageAt(text) == 0 {
		l.level, text = system, carried(text)
	} else {
		for _, f := range foreign {
			if strings.HasPrefix(text, f) {
				l.level = other
			}
		}
		if id, rest, ok := cutID(text); ok {
			l.sa, text = id, rest
			text = strings.ReplaceAll(text, "("+id+"):", "")
		}
	}
	if l.sa != "" && l.level == protocol {
		text = strings.ReplaceAll(text, "("+l.sa+"):", "")
	}
	l.raw = text
	l.text = squeezed(text)
}

// carried is the message of what forwards packets, which IOS XE 16 and older hand on within one of the platform's.
func carried(text string) string {
	if name, _ := messageName(text); strings.HasSuffix(name, "-PLATFORM") {
		if i := messageAt(text[1:]); i >= 0 {
			return text[1+i:]
		}
	}
	return text
}

// named reads which SA a line is about: "(SESSION ID = 1,SA ID = 2):", "(SA ID = 2):", "(2):".
func (l *line) named(text string) string {
	if id, rest, ok := cutID(text); ok {
		l.sa = id
		return rest
	}
	inside, rest, ok := strings.Cut(text, "):")
	if !ok || !strings.HasPrefix(inside, "(S") || len(inside) > 64 {
		return text
	}
	inside = inside[1:]
	for _, part := range strings.Split(inside, ",") {
		name, value, ok := strings.Cut(part, "=")
		if value = strings.TrimSpace(value); !ok || !isNumber(value) {
			return text
		}
		switch strings.TrimSpace(name) {
		case "SESSION ID":
			l.session = value
		case "SA ID":
			l.sa = value
		}
	}
	return rest
}

// cutID cuts "(9):" off.
func cutID(text string) (id, rest string, ok bool) {
	if !strings.HasPrefix(text, "(") {
		return "", text, false
	}
	id, rest, ok = strings.Cut(text[1:], "):")
	if !ok || len(id) > 10 || !isNumber(id) {
		return "", text, false
	}
	return id, rest, true
}

// squeezed is a text without what the toolkit puts before its messages (": ", "% "), with single blanks.
func squeezed(text string) string {
	text = strings.Trim(text, " ")
	for strings.HasPrefix(text, ":") || strings.HasPrefix(text, "% ") {
		text = strings.TrimLeft(text[1:], " ")
	}
	if !strings.Contains(text, "  ") {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

// prompt is the name of a router that a prompt begins with: "R1#", "R1(config-if)#".
func prompt(text string) string {
	i := strings.IndexAny(text, "#>(")
	if i <= 0 || !isName(text[:i]) || text[0] >= '0' && text[0] <= '9' {
		return ""
	}
	if text[i] == '(' {
		mode, _, ok := strings.Cut(text[i:], ")#")
		if !ok || !strings.HasPrefix(mode, "(config") {
			return ""
		}
	}
	return text[:i]
}
