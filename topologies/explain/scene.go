package explain

import (
	"time"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/record"
)

// sceneOf is the scene that a record belongs to: that of its cause, unless something
// new begins. nil: it has nothing to do with IKE.
func (w *watch) sceneOf(r record.Record) *scene {
	before := w.scenes[r.Cause]
	if r.Cause.Node() != r.ID.Node() {
		before = nil
	}
	sa := refOf(r.Body)
	typed := sa.SPIi != 0 && w.typed[r.ID] != ""
	if before == nil && sa.SPIi != 0 && !typed && !begins(r.Body) {
		before = w.latest[heard{r.Node, sa.SPIi}]
	}
	if m, ok := r.Body.(ikev2.MessageRepeated); ok {
		if t := w.known[keyOf(m.Message)]; t != nil && t.sender.node == r.Node {
			before = t.sender
		}
	} else if before != nil && before.over(r) {
		before = nil
	}
	_, isBuilt := r.Body.(ikev2.MessageBuilt)
	switch {
	case before != nil && before.answered() && answering(r.Body):
		return before
	case isBuilt && (before == nil || before.talk != nil):
	case begins(r.Body) && (before == nil || before.talk != nil || !pending(r.Body)):
	case before != nil:
		return before
	case !isBuilt && !typed && !begins(r.Body) && !concerns(r.Body):
		return nil
	}
	return w.begin(r)
}

// begin begins a scene; of a message that comes in fragments there is one for all.
func (w *watch) begin(r record.Record) *scene {
	s := &scene{node: r.Node, at: r.At, typed: w.typed[r.ID]}
	if from := w.ways.sends[r.Cause]; from != nil {
		if t := from.talk; t.sender.node != r.Node && r.Body.Kind() == (ikev2.PacketArrived{}).Kind() {
			s.brought = t
			switch {
			case t.datagrams < 2 || t.heard != nil:
			case t.parts != nil:
				return t.parts
			default:
				t.parts = s
			}
		}
	}
	w.alone = append(w.alone, s)
	return s
}

// soon is how long what happens about a message lasts: computations take no longer.
const soon = 5 * time.Second

// over says whether a record comes so long behind a scene that it is another one: what an
// end gives up, or ends by its clock. Repetitions belong to their message.
func (s *scene) over(r record.Record) bool {
	_, sends := r.Body.(ikev2.Send)
	return r.At.Sub(s.at) > soon && !sends && concerns(r.Body)
}

// begins says whether a record begins another scene than its cause belongs to.
func begins(b record.Body) bool {
	switch b := b.(type) {
	case ikev2.PacketArrived, crypto.Requested, ikev2.Rekeying, ikev2.Keepalive, ikev2.Strayed, crypto.Refused, crypto.WentIdle,
		crypto.Exhausted, crypto.PathNarrowed, ip.Recursive, operator.Restarted:
		return true
	case *ikev2.Step:
		return pending(b)
	}
	return false
}

// pending says whether a record is a step towards a message.
func pending(b record.Body) bool {
	step, ok := b.(*ikev2.Step)
	if !ok {
		return false
	}
	switch step.State {
	case ikev2.IBldInit, ikev2.RBldInit, ikev2.IBldAuth, ikev2.RBldAuth, ikev2.ChildIInit, ikev2.ChildIBldMsg, ikev2.ChildRBldMsg, ikev2.InfoIBldInfo,
		ikev2.IBldInter, ikev2.RBldInter, ikev2.ChildIFollow, ikev2.ChildRFollow:
		return true
	}
	return false
}

// answered says whether a scene has come to a response.
func (s *scene) answered() bool {
	return s.talk != nil && s.talk.sender == s && s.talk.message.Response()
}

// answering says whether a record is what a responder still does for an exchange when its
// answer has left.
func answering(b record.Body) bool {
	step, ok := b.(*ikev2.Step)
	return ok && (step.State == ikev2.RBldInit || step.State == ikev2.RBldAuth || step.State == ikev2.ChildRBldMsg ||
		step.State == ikev2.RBldInter || step.State == ikev2.ChildRFollow)
}

// concerns says whether a record that follows from nothing known is worth a scene.
func concerns(b record.Body) bool {
	switch b.(type) {
	case *ikev2.Step, ikev2.PacketArrived, ikev2.Failure, ikev2.Fault, ikev2.SADown, ikev2.EntryDown, ikev2.KeyLookup,
		ikev2.PolicyLookup, ikev2.ProfileLookup, ikev2.MessageRepeated, ikev2.DeleteQueued, ikev2.Rekeying, ikev2.SALife,
		crypto.Removed, ikev2.PeerMoved:
		return true
	}
	return false
}
