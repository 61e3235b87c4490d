package explain

import (
	"slices"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// teller writes a story.
type teller struct {
	*Story
	tour  *tour
	asked map[messageKey]purpose // what requests were for
}

// end is the number of an end by its name.
func (s *teller) end(name string) int {
	if s.Ends[0].Name == name {
		return 0
	}
	return 1
}

// message adds the step of a message.
func (s *teller) message(m *talk) {
	from := s.end(m.sender.node)
	msg := m.message
	asked := purposeOf(msg)
	if msg.Response() {
		request := keyOf(msg)
		request.flags ^= wire.FlagInitiator | wire.FlagResponse
		if a, known := s.asked[request]; known {
			asked = a
		}
	} else {
		s.asked[keyOf(msg)] = asked
	}
	step := Step{At: m.at, Failed: refuses(msg)}
	step.Message = &Message{From: from, Exchange: msg.Exchange.String(), ID: msg.MessageID, Response: msg.Response(), Octets: m.octets, Packets: m.packets, Lost: m.heard == nil}
	if len(m.packets) == 0 && m.frame != 0 {
		step.Message.Packets = []uint64{m.frame}
	} else if !slices.Contains(m.packets, m.frame) {
		step.Message.Arrived = m.frame
	}
	step.Key, step.Text = told(msg, asked, s.Ends[from].Name, s.Ends[1-from].Name)
	if m.heard == nil {
		step.Text = append(step.Text, phrase.Of("tour.lost", "to", s.Ends[1-from].Name))
	}
	if m.sender.typed != "" && !msg.Response() {
		step.Text = append([]phrase.Phrase{phrase.Of("tour.typed", "node", m.sender.node, "line", masked(m.sender.typed))}, step.Text...)
	}
	for _, p := range msg.Payloads {
		step.Payloads = append(step.Payloads, payload(p))
	}
	step.Failed = s.side(&step.Sides[from], m.sender) || step.Failed
	if m.repeat > 0 {
		step.Sides[from].Facts = append(step.Sides[from].Facts, phrase.Of("tour.fact.sent-again", "n", m.repeat))
	}
	step.Sides[from].Facts = append(step.Sides[from].Facts, m.endings()...)
	if m.heard != nil {
		step.Failed = s.side(&step.Sides[1-from], m.heard) || step.Failed
	}
	if step.Failed || m.heard == nil {
		step.Text = slices.DeleteFunc(step.Text, func(p phrase.Phrase) bool { return slices.Contains(hopeful, p.Key) })
	}
	s.Steps = append(s.Steps, step)
}

// endings say where packets of a message ended that did not arrive, if that matters.
func (m *talk) endings() (list []phrase.Phrase) {
	if m.heard != nil && m.repeat == 0 {
		return nil
	}
	told := map[string]bool{}
	for _, e := range m.ended {
		key := e.where + e.why.In(phrase.English)
		switch {
		case told[key]:
		case e.packet == 0:
			list = append(list, phrase.Of("tour.fact.not-sent", "where", e.where, "why", e.why))
		default:
			list = append(list, phrase.Of("tour.fact.ended", "packet", e.packet, "where", e.where, "why", e.why))
		}
		told[key] = true
	}
	return list
}

// hopeful are the sentences of what a message leads to when it arrives and all is well.
var hopeful = []string{
	"tour.init.request.receiver", "tour.init.response.receiver", "tour.auth.request.receiver", "tour.auth.response.receiver", "tour.auth.response.up",
	"tour.child.response.active", "tour.child-rekey.response.both", "tour.ike-rekey.response.children",
}

// happening adds a step without a message.
func (s *teller) happening(at *scene, r record.Record, title string) {
	with := []any{"node", at.node, "entry", entryOf(r.Body)}
	if f, ok := r.Body.(ikev2.Failure); ok {
		with = append(with, "exchange", f.Exchange.String())
	}
	step := Step{At: r.At, Key: phrase.Phrase{Key: title, With: with}}
	if at.typed != "" {
		step.Text = append(step.Text, phrase.Of("tour.typed", "node", at.node, "line", masked(at.typed)))
	}
	step.Failed = s.side(&step.Sides[s.end(at.node)], at)
	s.Steps = append(s.Steps, step)
}

// side fills in what a scene says of one end; true: something fails there.
func (s *teller) side(out *Side, at *scene) (failed bool) {
	c := &chooser{lines: s.tour.running.at(at.node, at.at)}
	for _, r := range at.records {
		c.take(r.Body)
		failed = failed || fails(r.Body)
		for _, f := range facts(r.Body) {
			if !slices.ContainsFunc(out.Facts, func(o phrase.Phrase) bool { return o.In(phrase.English) == f.In(phrase.English) }) {
				out.Facts = append(out.Facts, f)
			}
		}
	}
	out.Config = append(out.Config, c.blocks...)
	out.Debug = append(out.Debug, at.debug...)
	return failed
}
