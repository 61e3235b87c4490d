package logs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/topologies/explain"
	"ikelab/topologies/phrase"
)

// mostStories is how many conversations are told; what a log has of others is only counted.
const mostStories = 64

// Stories tells a log: first what it shows and what is wrong, then each conversation step by
// step.
func (l *Log) Stories() []*explain.Story {
	list := []*explain.Story{l.summary()}
	told := map[*Side]bool{}
	for _, s := range l.Sides {
		if told[s] || len(list) > mostStories {
			continue
		}
		t := &teller{log: l, sides: []*Side{s}}
		told[s] = true
		if o := l.otherEnd(s); o != nil && !told[o] {
			t.sides = append(t.sides, o)
			told[o] = true
		}
		list = append(list, t.story())
	}
	return list
}

// summary is what there is in the log as a whole.
func (l *Log) summary() *explain.Story {
	s := &explain.Story{Title: phrase.Of("log.title")}
	s.Intro = append(s.Intro, phrase.Of("log.count", "lines", l.Lines, "read", l.Read, "conversations", len(l.Sides)))
	if len(l.Sides) > mostStories {
		s.Intro = append(s.Intro, phrase.Of("log.bounded", "most", mostStories))
	}
	for _, f := range l.Faults {
		s.Outcome = append(s.Outcome, phrase.Of("log.atline", "line", f.Line, "router", named(f.Router), "says", f.Says))
		s.Outcome = append(s.Outcome, f.advice()...)
		if len(s.Outcome) > mostStories*4 {
			break
		}
	}
	switch {
	case l.Read == 0:
		s.Outcome = append(s.Outcome, phrase.Of("log.nothing"))
	case len(l.Faults) == 0:
		s.Outcome = append(s.Outcome, phrase.Of("log.nofault"))
	}
	for _, u := range l.Unread {
		s.Outcome = append(s.Outcome, phrase.Of("log.unread", "n", u.Lines, "first", u.First, "what", phrase.Phrase{Key: u.Kind, With: []any{"what", u.What}}))
	}
	return s
}

// advice is what to do, and what is missing to know more.
func (f *Fault) advice() (list []phrase.Phrase) {
	if f.Mend.Key != "" {
		list = append(list, phrase.Of("log.mend", "mend", f.Mend))
	}
	if f.Missing.Key != "" {
		list = append(list, f.Missing)
	}
	return list
}

func named(router string) any {
	if router == "" {
		return phrase.Of("log.router")
	}
	return router
}

// teller tells one conversation, of which one end's lines are in the log, or both.
type teller struct {
	log   *Log
	sides []*Side
	begin time.Time
}

func (t *teller) story() *explain.Story {
	s := t.sides[0]
	story := &explain.Story{Ends: t.ends()}
	story.Title = phrase.Of("log.conversation", "from", story.Ends[0].Name, "to", story.Ends[1].Name, "line", s.First)
	for _, side := range t.sides {
		story.Intro = append(story.Intro, side.facts(t.nameOf(side))...)
	}
	for _, m := range t.messages() {
		if t.begin.IsZero() {
			t.begin = m.at()
		}
		story.Steps = append(story.Steps, t.step(m))
	}
	story.Begin = t.begin
	for _, side := range t.sides {
		story.Outcome = append(story.Outcome, phrase.Phrase{Key: results[side.Result], With: []any{"router", t.nameOf(side)}})
		for _, f := range t.log.Faults {
			if f.Side == side {
				story.Outcome = append(story.Outcome, f.Says)
				story.Outcome = append(story.Outcome, f.advice()...)
			}
		}
	}
	return story
}

var results = map[Result]string{Open: "log.result.open", Up: "log.result.up", Failed: "log.result.failed", Ended: "log.result.ended"}

// ends are the initiator and the responder, as far as the log names them.
func (t *teller) ends() [2]explain.End {
	ends := [2]explain.End{{Name: "(I)"}, {Name: "(R)"}}
	for _, s := range t.sides {
		here := end(s)
		ends[here] = explain.End{Name: cmp.Or(s.Router, hostOf(s.Local), ends[here].Name), Address: s.Local}
		if len(t.sides) == 1 {
			ends[1-here] = explain.End{Name: cmp.Or(hostOf(s.Peer), ends[1-here].Name), Address: s.Peer}
		}
	}
	return ends
}

// end is where a side stands in a ladder: the initiator is first.
func end(s *Side) int {
	if s.Role == Responder {
		return 1
	}
	return 0
}

func (t *teller) nameOf(s *Side) string { return t.ends()[end(s)].Name }

// facts are what is known of an IKE SA at one end.
func (s *Side) facts(name string) []phrase.Phrase {
	var list []phrase.Phrase
	add := func(key string, values ...string) {
		if strings.Join(values, "") == "" {
			return
		}
		with := []any{"router", name}
		for i, v := range values {
			with = append(with, []string{"a", "b", "c"}[i], orUnknown(v))
		}
		list = append(list, phrase.Phrase{Key: key, With: with})
	}
	add(map[Role]string{RoleUnknown: "log.fact.norole", Initiator: "log.fact.initiator", Responder: "log.fact.responder"}[s.Role], name)
	add("log.fact.spi", s.SPIi, s.SPIr)
	add("log.fact.profile", s.Lookup.Profile)
	add("log.fact.keyring", s.Lookup.Keyring)
	add("log.fact.peerblock", s.Lookup.Peer)
	add("log.fact.policy", s.Lookup.Policy)
	add("log.fact.proposals", strings.Join(s.Lookup.Proposals, ", "))
	add("log.fact.mine", s.LocalID.String())
	add("log.fact.peers", s.PeerID.String())
	add("log.fact.auth", s.Auth.Mine, s.Auth.Peers)
	if p := s.Offers.Suite; p != nil {
		add("log.fact.suite", p.String())
	}
	if p := s.Offers.Pair; p != nil {
		add("log.fact.pair", p.String())
	}
	add("log.fact.states", strings.Join(s.States[:min(len(s.States), mostShown)], " "))
	return list
}

// mostShown is how many states, proposals or selectors of a kind are listed.
const mostShown = 24

// String is an identity with its type, as far as it is known.
func (i Identity) String() string {
	switch {
	case i.Kind == "":
		return i.Text
	case i.Text == "":
		return i.Kind
	}
	return i.Text + " (" + i.Kind + ")"
}

// passage is a message with the sides that saw it.
type passage struct {
	*Message
	seen [2]*Message // by end
	from int
}

// at is when the message passed, on a day that is not told.
func (m *Message) at() time.Time {
	at, err := time.Parse("15:04:05", m.At)
	if err != nil {
		return time.Time{}
	}
	return at
}

// messages are those of all sides, each once.
func (t *teller) messages() []passage {
	var list []passage
	for _, s := range t.sides {
		here := end(s)
		for _, m := range s.Messages {
			from := here
			if m.known && !m.Sent || !m.known && m.Response {
				from = 1 - here
			}
			i := slices.IndexFunc(list, func(p passage) bool {
				return p.seen[here] == nil && p.from == from && p.Exchange == m.Exchange && p.ID == m.ID && p.Response == m.Response
			})
			if i < 0 {
				list = append(list, passage{Message: m, from: from})
				i = len(list) - 1
			}
			list[i].seen[here] = m
		}
	}
	return list[:min(len(list), mostSteps)]
}

// mostSteps is how many messages of a conversation are told.
const mostSteps = 200

func (t *teller) step(p passage) explain.Step {
	m := p.Message
	number := uint32(0)
	_, _ = fmt.Sscan(m.ID, &number)
	step := explain.Step{
		Message: &explain.Message{From: p.from, Exchange: m.Exchange, ID: number, Response: m.Response},
		Again:   m.Repeats,
	}
	_, _ = fmt.Sscan(m.Length, &step.Message.Octets)
	step.Key, step.Text = m.about()
	if at := m.at(); !at.Before(t.begin) {
		step.At = at
	}
	for i, seen := range p.seen {
		if seen != nil {
			step.Sides[i].Facts = seen.facts()
		}
	}
	for _, name := range m.Payloads {
		step.Failed = step.Failed || refusals[strings.TrimSuffix(strings.TrimPrefix(name, "NOTIFY("), ")")]
	}
	return step
}

// refusals are the errors that end what a request was for.
var refusals = map[string]bool{
	"NO_PROPOSAL_CHOSEN": true, "AUTHENTICATION_FAILED": true, "TS_UNACCEPTABLE": true, "NO_ADDITIONAL_SAS": true, "INVALID_SYNTAX": true,
	"FAILED_CP_REQUIRED": true, "INTERNAL_ADDRESS_FAILURE": true, "CHILD_SA_NOT_FOUND": true,
}

// about is what the message is called, and what it is for.
func (m *Message) about() (phrase.Phrase, []phrase.Phrase) {
	title := "log.step.request"
	if m.Response {
		title = "log.step.response"
	}
	var text []phrase.Phrase
	if key := purposes[m.Exchange]; key[boolCount(m.Response)] != "" {
		text = append(text, phrase.Phrase{Key: key[boolCount(m.Response)]})
	}
	return phrase.Phrase{Key: title, With: []any{"exchange", m.Exchange}}, text
}

// purposes say what the exchanges are for: requests and responses.
var purposes = map[string][2]string{
	"IKE_SA_INIT":     {"log.about.init", "log.about.initresponse"},
	"IKE_AUTH":        {"log.about.auth", "log.about.authresponse"},
	"CREATE_CHILD_SA": {"log.about.child", ""},
	"INFORMATIONAL":   {"log.about.informational", ""},
}

// facts are what an end showed of a message.
func (m *Message) facts() []phrase.Phrase {
	list := []phrase.Phrase{phrase.Of("log.fact.line", "line", m.Line)}
	if len(m.Payloads) > 0 {
		list = append(list, phrase.Of("log.fact.payloads", "a", strings.Join(m.Payloads, " ")))
	}
	for i := range m.Offers[:min(len(m.Offers), mostShown)] {
		p := &m.Offers[i]
		list = append(list, phrase.Of("log.fact.offer", "protocol", p.Protocol, "a", p.String()))
	}
	if m.Group != "" {
		list = append(list, phrase.Of("log.fact.group", "a", m.Group))
	}
	for i, name := range []string{"TSi", "TSr"} {
		if ts := m.Select[i]; len(ts) > 0 {
			list = append(list, phrase.Of("log.fact.selectors", "name", name, "a", strings.Join(ts[:min(len(ts), mostShown)], ", ")))
		}
	}
	return list
}
