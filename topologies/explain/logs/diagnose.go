package logs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ikelab/topologies/phrase"
)

// diagnose names the faults of a log in the order of its lines.
func (l *Log) diagnose() {
	for _, s := range l.Sides {
		l.Faults = append(l.Faults, l.faultsOf(s)...)
	}
	l.Faults = append(l.Faults, l.twins()...)
	l.Faults = append(l.Faults, l.eventFaults()...)
	slices.SortStableFunc(l.Faults, func(a, b Fault) int { return a.Line - b.Line })
}

// faultsOf is why an SA failed, and what else is to be said of it.
func (l *Log) faultsOf(s *Side) []Fault {
	var list []Fault
	for _, rule := range rules {
		if f, ok := rule(l, s); ok {
			list = append(list, f)
			break
		}
	}
	for _, extra := range remarks {
		if s.has(extra.clue) {
			list = append(list, s.fault(extra.clue, extra.says, extra.mend, ""))
		}
	}
	if s.NAT == "inside" || s.NAT == "outside" {
		says := phrase.Of("log.nat.inside")
		if s.NAT == "outside" {
			says = phrase.Of("log.nat.outside")
		}
		list = append(list, Fault{Kind: says.Key, Side: s, Router: s.Router, Line: s.clues[cluNAT], Says: says})
	}
	return list
}

// fault is one that a clue shows; the sentences need no more than is known of the side.
func (s *Side) fault(c clue, says, mend, missing string) Fault {
	f := Fault{Kind: says, Side: s, Router: s.Router, Line: s.clues[c], Says: s.phrase(says)}
	if mend != "" {
		f.Mend = s.phrase(mend)
	}
	if missing != "" {
		f.Missing = s.phrase(missing)
	}
	return f
}

// phrase is a sentence about a side.
func (s *Side) phrase(key string) phrase.Phrase {
	return phrase.Phrase{Key: key, With: []any{
		"peer", orUnknown(s.Peer), "identity", orUnknown(s.PeerID.Text), "kind", orUnknown(s.PeerID.Kind), "method", orUnknown(s.Auth.Peers),
	}}
}

func orUnknown(text string) any {
	if text == "" {
		return phrase.Of("log.unknown")
	}
	return text
}

// rules find why an SA did not come up, or went; the first that fits has it.
var rules = []func(*Log, *Side) (Fault, bool){
	when(cluURL, "log.fault.url", "log.mend.url", ""),
	when(cluNoTrust, "log.fault.chain", "log.mend.chain", ""),
	when(cluMethod, "log.fault.method", "log.mend.method", ""),
	when(cluCertificate, "log.fault.certificate", "log.mend.certificate", "log.missing.pki"),
	when(cluNoProfile, "log.fault.profile", "log.mend.profile", ""),
	when(cluNoKey, "log.fault.nokey", "log.mend.nokey", ""),
	mismatched,
	refusedProposals,
	when(cluHeardAuthFailed, "log.fault.refused", "log.mend.refused", "log.missing.other"),
	when(cluNotFound, "log.fault.notfound", "log.mend.notfound", "log.missing.here"),
	notAuthentic,
	when(cluSelectors, "log.fault.selectors", "log.mend.selectors", ""),
	when(cluHeardSelectors, "log.fault.selectors_refused", "log.mend.selectors", "log.missing.other"),
	when(cluNATOff, "log.fault.natoff", "log.mend.natoff", ""),
	silent,
	when(cluNoAuth, "log.fault.noauth", "log.mend.noauth", "log.missing.other"),
	when(cluNoAdditional, "log.fault.noadditional", "log.mend.noadditional", ""),
	when(cluHeardOther, "log.fault.heard", "log.mend.heard", "log.missing.other"),
	unexplained,
}

// remarks are what is worth knowing whatever else there is.
var remarks = []struct {
	clue       clue
	says, mend string
}{
	{cluTwin, "log.fault.twins", "log.mend.twins"},
	{cluWeak, "log.fault.weak", "log.mend.weak"},
	{cluWrongGroup, "log.fault.group", "log.mend.group"},
}

func when(c clue, says, mend, missing string) func(*Log, *Side) (Fault, bool) {
	return func(l *Log, s *Side) (Fault, bool) {
		if !s.has(c) {
			return Fault{}, false
		}
		return l.told(s, s.fault(c, says, mend, missing)), true
	}
}

// told leaves out what the log is said to lack where the other end is in it.
func (l *Log) told(s *Side, f Fault) Fault {
	if l.otherEnd(s) != nil && f.Missing.Key == "log.missing.other" {
		f.Missing = phrase.Phrase{}
	}
	return f
}

// otherEnd is the side of the peer, where its lines are in the log too.
func (l *Log) otherEnd(s *Side) *Side {
	for _, o := range l.Sides {
		if o != s && o.SPIi == s.SPIi && s.SPIi != "" && o.Role != s.Role && o.Role != RoleUnknown {
			return o
		}
	}
	return nil
}

// mismatched: this end has found nothing in common.
func mismatched(_ *Log, s *Side) (Fault, bool) {
	if !s.has(cluNoMatch) {
		return Fault{}, false
	}
	o := &s.Offers
	kind, mend := "log.fault.proposals", "log.mend.proposals"
	if s.mismatchESP() {
		kind, mend = "log.fault.transforms", "log.mend.transforms"
	}
	f := s.fault(cluNoMatch, kind, mend, "")
	if len(o.Received) > 0 && len(o.Expected) > 0 {
		f.Says = phrase.Of("log.lists", "says", f.Says, "received", lists(o.Received), "expected", lists(o.Expected))
	} else {
		f.Missing = phrase.Of("log.missing.here")
	}
	return f, true
}

func lists(list []string) string {
	var out []string
	for _, p := range list {
		out = append(out, strings.TrimSpace(strings.TrimPrefix(p, "ESP:")))
	}
	return strings.Join(out, "; ")
}

// refusedProposals: the peer has found nothing in common.
func refusedProposals(l *Log, s *Side) (Fault, bool) {
	if !s.has(cluHeardNoProposal) {
		return Fault{}, false
	}
	kind, mend, mine := "log.fault.proposals_refused", "log.mend.proposals", s.Offers.IKE
	if s.mismatchESP() {
		kind, mend, mine = "log.fault.transforms_refused", "log.mend.transforms", s.Offers.ESP
	}
	f := s.fault(cluHeardNoProposal, kind, mend, "log.missing.other")
	if o := l.otherEnd(s); o != nil && len(o.Offers.Received) > 0 {
		f.Missing = phrase.Phrase{}
		f.Says = phrase.Of("log.lists", "says", f.Says, "received", lists(o.Offers.Received), "expected", lists(o.Offers.Expected))
	} else if len(mine) > 0 {
		var all []string
		for i := range mine {
			all = append(all, mine[i].String())
		}
		f.Says = phrase.Of("log.offered", "says", f.Says, "offered", strings.Join(all, "; "))
	}
	return f, true
}

// notAuthentic: AUTH data were found wrong, here or, where only the initiator's lines
// are in the log, perhaps by the peer.
func notAuthentic(l *Log, s *Side) (Fault, bool) {
	c := cmp.Or(first(s, cluDiffers, cluVerifyFailed, cluNotAuthentic))
	switch {
	case c == 0:
		return Fault{}, false
	case s.Role == Initiator && !s.has(cluVerifyFailed) && !s.has(cluDiffers):
		return l.told(s, s.fault(c, "log.fault.refused", "log.mend.refused", "log.missing.other")), true
	case s.Auth.Peers == "PSK":
		return s.fault(c, "log.fault.key", "log.mend.key", ""), true
	case s.Auth.Peers != "":
		return s.fault(c, "log.fault.certificate", "log.mend.certificate", "log.missing.pki"), true
	}
	return s.fault(c, "log.fault.authentic", "log.mend.authentic", "log.missing.here"), true
}

// first is the first clue of these that there is; 0: none.
func first(s *Side, clues ...clue) clue {
	for _, c := range clues {
		if s.has(c) {
			return c
		}
	}
	return 0
}

// largeMessage is what a datagram of IKE_AUTH has at least that is cut into fragments on most
// links.
const largeMessage = 1400

// silent: a request is not answered.
func silent(_ *Log, s *Side) (Fault, bool) {
	c := first(s, cluExceeded, cluRetransmitted)
	exchange := s.waitsFor()
	if c == 0 || exchange == "" && c == cluRetransmitted {
		return Fault{}, false
	}
	says, mend := "log.fault.silent", "log.mend.silent"
	switch m := s.unanswered(); {
	case exchange == "IKE_SA_INIT":
		says, mend = "log.fault.silent_init", "log.mend.silent_init"
	case exchange == "IKE_AUTH" && m != nil && (m.large() || slices.Contains(m.Payloads, "CERT")):
		says, mend = "log.fault.silent_auth", "log.mend.fragments"
	case exchange == "IKE_AUTH" && (s.NAT == "inside" || s.NAT == "outside"):
		says, mend = "log.fault.silent_auth", "log.mend.float"
	case exchange == "IKE_AUTH":
		says, mend = "log.fault.silent_auth", "log.mend.silent_auth"
	case s.has(cluAlive) && exchange == "INFORMATIONAL", s.has(cluAlive) && exchange == "":
		says, mend = "log.fault.dpd", "log.mend.dpd"
	}
	f := s.fault(c, says, mend, "log.missing.other")
	if c == cluRetransmitted {
		f.Says = phrase.Of("log.sofar", "says", f.Says)
	}
	return f, true
}

func (m *Message) large() bool {
	n, err := strconv.Atoi(m.Length)
	return err == nil && n >= largeMessage
}

// unexplained: it failed, and nothing in the log says why.
func unexplained(l *Log, s *Side) (Fault, bool) {
	if s.Result != Failed {
		return Fault{}, false
	}
	f := s.fault(first(s, cluAuthExchangeFailed, cluInitFailed, cluAborted, cluGone), "log.fault.unexplained", "", "log.missing.both")
	return f, true
}

// twins are two SAs of one router with one peer, of which each end has begun one.
func (l *Log) twins() []Fault {
	var list []Fault
	last := map[string]*Side{}
	for _, s := range l.Sides {
		if s.Peer == "" || !s.has(cluUp) || s.first("IKE_SA_INIT", false) == nil && !s.sawState("INIT_DONE") {
			continue
		}
		key := s.Router + " " + hostOf(s.Local) + " " + hostOf(s.Peer)
		before := last[key]
		last[key] = s
		if before != nil && before.Role != s.Role && before.Role != RoleUnknown && s.Role != RoleUnknown && before.SPIi != s.SPIi &&
			(before.clues[cluGone] == 0 || before.clues[cluGone] > s.clues[cluUp]) && s.First < before.clues[cluUp] {
			list = append(list, s.fault(cluUp, "log.fault.twins", "log.mend.twins", ""))
		}
	}
	return list
}
