package logs

import (
	"slices"
	"strings"
)

// messageNames are the messages of syslog that are understood, each with what it tells
// of a tunnel; nil: it is kept as an event, or only passed over.
var messageNames = map[string]func(*reader, string){
	"CRYPTO-5-IKEV2_SESSION_STATUS":    session,
	"CRYPTO-5-SESSION_STATUS":          session,
	"CRYPTO-6-ISAKMP_ON_OFF":           event,
	"CRYPTO-4-RECVD_PKT_INV_SPI":       event,
	"CRYPTO-4-RECVD_PKT_NOT_IPSEC":     event,
	"CRYPTO-4-RECVD_PKT_MAC_ERR":       event,
	"CRYPTO-4-PKT_REPLAY_ERR":          event,
	"CRYPTO-4-SEQUENCE_EXHAUSTED":      event,
	"IPSEC-3-REPLAY_ERROR":             event,
	"IPSEC-3-RECVD_PKT_NOT_IPSEC":      event,
	"IKEV2-3-NEG_ABORT":                event,
	"ASA-4-750003":                     event,
	"LINK-3-UPDOWN":                    event,
	"LINK-5-UPDOWN":                    event,
	"LINK-5-CHANGED":                   event,
	"LINEPROTO-5-UPDOWN":               event,
	"TUN-5-RECURDOWN":                  event,
	"DMVPN-5-CRYPTO_SS":                event,
	"ADJ-5-PARENT":                     nil,
	"DHCP-6-ADDRESS_ASSIGN":            nil,
	"SYS-5-CONFIG_I":                   nil,
	"SYS-6-CLOCKUPDATE":                nil,
	"SYS-5-SCHEDULED_RELOAD":           nil,
	"SYS-5-SCHEDULED_RELOAD_CANCELLED": nil,
	"SYS-5-RELOAD":                     nil,
	"SYS-5-RESTART":                    nil,
	"SYS-6-LOGOUT":                     nil,
	"CLEAR-5-COUNTERS":                 nil,
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
