package logs

import (
	"maps"
	"slices"
	"strings"

	"ikelab/router/debug/sentence"
)

// messageNames are the messages of syslog that are understood, each with what it tells
// of a tunnel; nil: it is only passed over.
var messageNames = func() map[string]func(*reader, string) {
	names := maps.Clone(telling)
	for _, m := range sentence.Messages() {
		names[m.Name()] = telling[m.Name()]
	}
	return names
}()

// telling are the messages from which something is learned, and those that only routers elsewhere print.
var telling = map[string]func(*reader, string){
	sentence.SessionIKEv2.Name():       session,
	sentence.Session.Name():            session,
	sentence.Switched.Name():           event,
	sentence.InvalidSPI.Name():         event,
	sentence.NotIPsec.Name():           event,
	sentence.WrongMAC.Name():           event,
	sentence.Replayed.Name():           event,
	sentence.SequenceExhausted.Name():  event,
	"IPSEC-3-REPLAY_ERROR":             event,
	"IPSEC-3-HMAC_ERROR":               event,
	sentence.CertificateExpired.Name(): event,
	sentence.CertificateEarly.Name():   event,
	sentence.CertificateRevoked.Name(): event,
	"IPSEC-3-RECVD_PKT_NOT_IPSEC":      event,
	sentence.Aborted.Name():            event,
	"ASA-4-750003":                     event,
	sentence.LinkUpDown.Name():         event,
	"LINK-5-UPDOWN":                    event,
	sentence.LinkChanged.Name():        event,
	sentence.LineProtocol.Name():       event,
	sentence.Recursive.Name():          event,
	"DMVPN-5-CRYPTO_SS":                event,
	"SYS-6-LOGOUT":                     nil,
}

// message reads a message of syslog.
func (r *reader) message() bool {
	name, _ := messageName(r.line.raw)
	take, known := messageNames[name]
	if take != nil {
		_, text, _ := strings.Cut(r.line.raw, ":")
		take(r, strings.TrimSpace(text))
	}
	return known
}

func event(r *reader, text string) {
	name, _ := messageName(r.line.raw)
	if len(r.log.Events) < mostEvents {
		r.log.Events = append(r.log.Events, Event{r.line.number, r.line.at, r.line.host, name, text})
	}
}

// session is "Crypto tunnel v2 is UP.  Peer 10.0.0.2:500       Id: 10.0.0.2".
func session(r *reader, text string) {
	event(r, text)
	_, rest, ok := strings.Cut(text, "Peer ")
	peer, id, named := strings.Cut(rest, " ")
	_, id, _ = strings.Cut(id, "Id: ")
	if !ok || !named {
		return
	}
	up := strings.Contains(text, " is UP")
	for _, s := range slices.Backward(r.log.Sides) {
		if s.Router != r.desk.host || s.Peer != "" && !sameHost(s.Peer, peer) {
			continue
		}
		if up {
			set(&s.PeerID.Text, strings.TrimSpace(id))
			if s.Peer == "" || s.Peer == hostOf(peer) {
				s.Peer = peer
			}
			s.note(cluUp, r.line.number)
		}
		return
	}
}

// foreign reads the lines of other debugs that tell why IKE fails.
func (r *reader) foreign() bool {
	for _, f := range foreignClues {
		if strings.Contains(r.line.text, f.text) {
			noted(f.clue)(r, nil)
			return true
		}
	}
	return false
}

var foreignClues = []struct {
	text string
	clue clue
}{
	{"No trust point for cert issuer", cluNoTrust},
	{"No suitable trustpoints found", cluNoTrust},
	{"Unable to locate cert record by issuername", cluNoTrust},
	{"proxy identities not supported", cluSelectors},
	{"transform proposal not supported for identity", cluNoMatch},
}
