package show

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/words"
)

// Diagnoses is `show crypto ikev2 diagnose error`: the failures that are kept.
type Diagnoses struct {
	Enabled bool        `json:"enabled"`
	Max     int         `json:"max_allowed"`
	Entries []Diagnosis `json:"entries"`
}

// Diagnosis is a failure.
type Diagnosis struct {
	At        time.Time  `json:"at"`
	Peer      netip.Addr `json:"peer"`
	Exchange  string     `json:"exchange"`
	MessageID uint32     `json:"message_id"`
	Initiator bool       `json:"initiator"` // of the exchange
	Error     string     `json:"error"`
	Sent      string     `json:"notify_sent,omitempty"`
	Heard     string     `json:"notify_received,omitempty"`
	Entry     string     `json:"interface,omitempty"`
	Identity  string     `json:"peer_identity,omitempty"` // that was looked up in vain
	Keyring   string     `json:"keyring,omitempty"`       // where
}

// DiagnosesOf takes them from the engine's list.
func DiagnosesOf(list []ikev2.Diagnosis, max int) Diagnoses {
	s := Diagnoses{Enabled: max > 0, Max: max, Entries: []Diagnosis{}}
	for _, d := range list {
		one := Diagnosis{
			At: d.At, Peer: d.Peer.Addr(), Exchange: d.Exchange.String(), MessageID: d.MessageID, Initiator: d.Initiator,
			Error: orElse(words.Failures[d.Reason], "Negotiation ended"), Entry: d.Entry, Keyring: d.Keyring,
		}
		if d.Sent != 0 {
			one.Sent = d.Sent.String()
		}
		if d.Heard != 0 {
			one.Heard = d.Heard.String()
		}
		if d.Identity.Kind != 0 {
			one.Identity = words.Identity(d.Identity.Kind, d.Identity.Data)
		}
		s.Entries = append(s.Entries, one)
	}
	if over := len(s.Entries) - max; over > 0 {
		s.Entries = s.Entries[over:]
	}
	return s
}

// Lines counts equal errors together, as IOS does; it has no traceback to
// show.
func (s Diagnoses) Lines(iosconfig.Generation) []string {
	var p page
	status := "disable"
	if s.Enabled {
		status = "enable"
	}
	p.linef("Exit Path Table - status: %s, current entry %d, deleted 0, max allow %d", status, len(s.Entries), s.Max)
	count := map[string]int{}
	var order []string
	for _, e := range s.Entries {
		if count[e.Error]++; count[e.Error] == 1 {
			order = append(order, e.Error)
		}
	}
	for _, text := range order {
		p.line("").linef("Error(%d): %s", count[text], text)
	}
	return p.lines
}
