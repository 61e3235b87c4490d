package logs

import (
	"strings"

	"ikelab/router/debug/sentence"
	"ikelab/topologies/phrase"
)

// What messages of syslog show, each kind once for a router.

// eventFault is what a message shows.
type eventFault struct{ says, mend, missing string }

var eventFaults = map[string]eventFault{
	sentence.InvalidSPI.Name():         {"log.fault.invalidspi", "log.mend.invalidspi", ""},
	sentence.NotIPsec.Name():           {"log.fault.notipsec", "log.mend.notipsec", ""},
	"IPSEC-3-RECVD_PKT_NOT_IPSEC":      {"log.fault.notipsec", "log.mend.notipsec", ""},
	sentence.WrongMAC.Name():           {"log.fault.mac", "log.mend.mac", ""},
	sentence.Replayed.Name():           {"log.fault.replay", "log.mend.replay", ""},
	"IPSEC-3-REPLAY_ERROR":             {"log.fault.replay", "log.mend.replay", ""},
	"IPSEC-3-HMAC_ERROR":               {"log.fault.mac", "log.mend.mac", ""},
	sentence.CertificateExpired.Name(): {"log.fault.expired", "log.mend.expired", ""},
	sentence.CertificateEarly.Name():   {"log.fault.early", "log.mend.early", ""},
	sentence.CertificateRevoked.Name(): {"log.fault.revoked", "log.mend.revoked", ""},
	sentence.Recursive.Name():          {"log.fault.recursive", "log.mend.recursive", ""},
	sentence.Aborted.Name():            {"log.fault.abort", "", "log.missing.here"},
	"ASA-4-750003":                     {"log.fault.abort", "", "log.missing.here"},
}

func (l *Log) eventFaults() []Fault {
	var list []Fault
	seen := map[string]bool{}
	for i := range l.Events {
		e := &l.Events[i]
		f, known := l.eventFault(e)
		key := e.Host + " " + f.says
		if e.shuts() {
			key += " " + interfaceIn(e.Text)
		}
		if !known || seen[key] || f.says == "log.fault.abort" && l.explained(e.Host) {
			continue
		}
		seen[key] = true
		with := []any{"interface", interfaceIn(e.Text), "from", after(e.Text, "src_addr= ", "srcaddr="), "to", after(e.Text, "dest_addr= /", "destaddr="), "text", lastPart(e.Text), "serial", strings.TrimSuffix(after(e.Text, "(SN: "), ")"), "instant", after(e.Text, "ended on ", "begins on ")}
		fault := Fault{Kind: f.says, Router: e.Host, Line: e.Line, Says: phrase.Phrase{Key: f.says, With: with}}
		if f.mend != "" {
			fault.Mend = phrase.Phrase{Key: f.mend, With: with}
		}
		if f.missing != "" {
			fault.Missing = phrase.Phrase{Key: f.missing, With: with}
		}
		list = append(list, fault)
	}
	return list
}

func (l *Log) eventFault(e *Event) (eventFault, bool) {
	if e.shuts() {
		return eventFault{"log.fault.shut", "log.mend.shut", ""}, true
	}
	f, known := eventFaults[e.Name]
	return f, known
}

// shuts says whether somebody has shut an interface.
func (e *Event) shuts() bool {
	return e.Name == sentence.LinkChanged.Name() && strings.Contains(e.Text, "administratively down")
}

// explained says whether the lines of a router tell why a negotiation failed.
func (l *Log) explained(host string) bool {
	for _, f := range l.Faults {
		if f.Router == host && f.Side != nil && f.Side.Result == Failed && f.Kind != "log.fault.unexplained" {
			return true
		}
	}
	return false
}

// interfaceIn is the name behind "Interface ".
func interfaceIn(text string) string {
	name := after(text, "Interface ")
	if name == "" {
		name = firstWord(text)
	}
	return strings.TrimRight(name, ",:")
}

// after is the word behind the first of some that is there.
func after(text string, words ...string) string {
	for _, w := range words {
		if _, rest, ok := strings.Cut(text, w); ok {
			return strings.TrimRight(firstWord(rest), ",;.")
		}
	}
	return ""
}

// lastPart is what stands behind the last colon.
func lastPart(text string) string {
	if i := strings.LastIndex(text, ": "); i >= 0 {
		return text[i+2:]
	}
	return text
}
