package explain

import (
	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// What happens at an end without a message: what it gives up, loses, refuses.

// happening is the title of a step without a message that a record gives, and how much it
// matters beside others that happen at once; 0: not at all.
func happening(b record.Body) (title string, weight int) {
	switch b := b.(type) {
	case ikev2.Failure:
		return "tour.given-up", 9
	case ikev2.SADown:
		return "tour.happens.sa-down", 8
	case operator.Restarted:
		return "tour.happens.restarted", 8
	case ikev2.EntryDown, crypto.Removed:
		return "tour.happens.pair-down", 7
	case crypto.WentIdle, crypto.Exhausted:
		return "tour.happens.pair-ends", 6
	case ip.Recursive:
		return "tour.happens.recursive", 6
	case crypto.Refused:
		return "tour.happens.refused", 5
	case ikev2.Strayed:
		return "tour.happens.strayed", 5
	case crypto.PathNarrowed:
		return "tour.happens.path", 5
	case ikev2.PeerMoved:
		return "tour.happens.moved", 5
	case ikev2.Keepalive:
		return "tour.happens.keepalive", 4
	case ikev2.Refused:
		return "tour.happens.ignored", 3
	case ikev2.Repeated:
		return "tour.happens.again", 3
	case crypto.Requested:
		return "tour.happens.wanted", 2
	case *ikev2.Step:
		return "", 0
	default:
		if len(facts(b)) > 0 {
			return "tour.happens", 1
		}
	}
	return "", 0
}

// happens is the record of a scene that matters most.
func (s *scene) happens() (found record.Record, title string) {
	most := 0
	for _, r := range s.records {
		if t, weight := happening(r.Body); weight > most {
			found, title, most = r, t, weight
		}
	}
	return found, title
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

// entryOf is the entry of the SPD that a record names.
func entryOf(b record.Body) string {
	switch b := b.(type) {
	case ikev2.EntryDown:
		return b.Entry
	case ikev2.AddChild:
		return b.Entry
	case ikev2.Failure:
		return b.Entry
	case crypto.Requested:
		return b.Entry
	case crypto.Removed:
		return b.Entry
	case crypto.WentIdle:
		return b.Entry
	case crypto.Exhausted:
		return b.Entry
	case crypto.PathNarrowed:
		return b.Entry
	case ip.Recursive:
		return b.Interface
	case ip.LineProtocolChanged:
		return b.Interface
	}
	return ""
}
