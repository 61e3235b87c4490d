package show

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// Diagnoses is `show crypto ikev2 diagnose error`: the errors, counted, and the last
// failures that they came of.
type Diagnoses struct {
	Enabled bool         `json:"enabled"`
	Max     int          `json:"max_allowed"`
	Deleted int          `json:"deleted"` // errors for which there is no room
	Errors  []ErrorCount `json:"errors"`
	Entries []Diagnosis  `json:"entries"`
}

// ErrorCount is an error, and how often it came.
type ErrorCount struct {
	Error string `json:"error"`
	Count uint64 `json:"count"`
}

// Diagnosis is a failure.
type Diagnosis struct {
	At        time.Time  `json:"at"`
	Peer      netip.Addr `json:"peer"`
	Exchange  string     `json:"exchange"`
	MessageID uint32     `json:"message_id"`
	Initiator bool       `json:"initiator"` // of the exchange
	Error     string     `json:"error"`
	Cause     string     `json:"cause"` // what was wrong, more finely
	Sent      string     `json:"notify_sent,omitempty"`
	Heard     string     `json:"notify_received,omitempty"`
	Entry     string     `json:"interface,omitempty"`
	Identity  string     `json:"peer_identity,omitempty"` // that was looked up in vain
	Keyring   string     `json:"keyring,omitempty"`       // where

	Disagreement
}

// Disagreement is what both ends wanted of what they did not agree on.
type Disagreement struct {
	Ours            []Offer           `json:"our_proposals,omitempty"`
	Theirs          []Offer           `json:"peer_proposals,omitempty"`
	OurGroup        ipsec.Group       `json:"our_group,omitempty"`
	PeerGroup       ipsec.Group       `json:"peer_group,omitempty"`
	LocalSelectors  []crypto.Selector `json:"local_selectors,omitempty"` // the peer's, for our end
	RemoteSelectors []crypto.Selector `json:"remote_selectors,omitempty"`
	Certificate     *CertificateFault `json:"certificate,omitempty"`
}

// Offer is the transforms of a proposal.
type Offer struct {
	Transforms []string `json:"transforms"`
}

// CertificateFault is what is wrong with the peer's certificate.
type CertificateFault struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	Problem string `json:"problem"`
}

// DiagnosesOf takes them from the engine's lists.
func DiagnosesOf(s Source) Diagnoses {
	list, counts := s.Diagnoses()
	limit := s.Running().IKEv2.DiagnoseErrors
	out := Diagnoses{Enabled: limit > 0, Max: limit, Errors: []ErrorCount{}, Entries: []Diagnosis{}}
	if !out.Enabled {
		out.Max = iosconfig.DefaultDiagnose
		return out
	}
	for _, c := range counts {
		text := errorText(c.Reason)
		at := slices.IndexFunc(out.Errors, func(e ErrorCount) bool { return e.Error == text })
		if at < 0 {
			at, out.Errors = len(out.Errors), append(out.Errors, ErrorCount{Error: text})
		}
		out.Errors[at].Count += c.Count
	}
	if over := len(out.Errors) - limit; over > 0 {
		out.Errors, out.Deleted = out.Errors[over:], over
	}
	for _, d := range list[max(0, len(list)-limit):] {
		out.Entries = append(out.Entries, diagnosisOf(&d))
	}
	return out
}

func errorText(r ikev2.Reason) string { return orElse(words.Failures[r], "Negotiation ended") }

func diagnosisOf(d *ikev2.Diagnosis) Diagnosis {
	one := Diagnosis{
		At: d.At, Peer: d.Peer.Addr(), Exchange: d.Exchange.String(), MessageID: d.MessageID, Initiator: d.Initiator,
		Error: errorText(d.Reason), Cause: d.Cause.String(), Entry: d.Entry, Keyring: d.Keyring,
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
	one.Disagreement = disagreementOf(&d.Failure)
	return one
}

func disagreementOf(f *ikev2.Failure) Disagreement {
	out := Disagreement{OurGroup: f.Groups[0], PeerGroup: f.Groups[1], LocalSelectors: crypto.SelectorsOf(f.Selectors[0]), RemoteSelectors: crypto.SelectorsOf(f.Selectors[1])}
	if m := f.Mismatch; m != nil {
		out.Ours, out.Theirs = offersOf(m.Local), offersOf(m.Received)
	}
	if c := f.Certificate; c != nil {
		out.Certificate = &CertificateFault{c.Subject, c.Issuer, c.Problem.String()}
	}
	return out
}

func offersOf(list []wire.Proposal) (offers []Offer) {
	for _, p := range list {
		one := Offer{Transforms: []string{}}
		for _, t := range p.Transforms {
			one.Transforms = append(one.Transforms, words.TransformSized(t))
		}
		offers = append(offers, one)
	}
	return offers
}

// Lines counts equal errors together, as IOS does; it has no traceback to
// show.
func (s Diagnoses) Lines(iosconfig.Generation) []string {
	var p page
	status := "disable"
	if s.Enabled {
		status = "enable"
	}
	p.linef("Exit Path Table - status: %s, current entry %d, deleted %d, max allow %d", status, len(s.Errors), s.Deleted, s.Max)
	for _, e := range s.Errors {
		p.line("").linef("Error(%d): %s", e.Count, e.Error)
	}
	return p.lines
}
