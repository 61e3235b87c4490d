package explain

import (
	"encoding/binary"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// telling are the sentences of a type of message: its title, and what happens and why.
type telling struct {
	title string
	text  []string
}

// purpose is what an exchange is for, as its request says.
type purpose uint8

const (
	forInit purpose = iota
	forIntermediate
	forAuth
	forChild
	forChildRekey
	forIKERekey
	forFollowup
	forDeleteChild
	forDeleteIKE
	forLiveness
	forError
	forOther
)

// purposeOf reads a request.
func purposeOf(m *wire.Message) purpose {
	switch m.Exchange {
	case wire.IKE_SA_INIT:
		return forInit
	case wire.IKE_INTERMEDIATE:
		return forIntermediate
	case wire.IKE_FOLLOWUP_KE:
		return forFollowup
	case wire.IKE_AUTH:
		return forAuth
	case wire.CREATE_CHILD_SA:
		if m.Notify(wire.REKEY_SA) != nil {
			return forChildRekey
		}
		if sa, ok := wire.Get[*wire.SA](m); ok && len(sa.Proposals) > 0 && sa.Proposals[0].Protocol == wire.ProtoIKE {
			return forIKERekey
		}
		return forChild
	case wire.INFORMATIONAL:
		if d, ok := wire.Get[*wire.Delete](m); ok {
			if d.Protocol == wire.ProtoIKE {
				return forDeleteIKE
			}
			return forDeleteChild
		}
		if refusal(m) != nil {
			return forError
		}
		if len(m.Payloads) == 0 {
			return forLiveness
		}
	}
	return forOther
}

// refusal is the error that a message tells; nil: none.
func refusal(m *wire.Message) *wire.Notify {
	for n := range wire.All[*wire.Notify](m) {
		if n.Kind.IsError() {
			return n
		}
	}
	return nil
}

// refuses says whether a message tells an error that ends something. A group that was
// guessed wrong costs a round trip only.
func refuses(m *wire.Message) bool {
	n := refusal(m)
	return n != nil && n.Kind != wire.INVALID_KE_PAYLOAD
}

// tellings are the messages: requests, and what answers them.
var tellings = map[purpose][2]telling{
	forInit: {
		{"tour.init.request", []string{"tour.init.request.what", "tour.init.request.why", "tour.init.request.receiver"}},
		{"tour.init.response", []string{"tour.init.response.what", "tour.init.response.keys", "tour.init.response.timer", "tour.init.response.receiver"}},
	},
	forAuth: {
		{"tour.auth.request", []string{"tour.auth.request.what", "tour.auth.request.proof", "tour.auth.request.child", "tour.auth.request.receiver"}},
		{"tour.auth.response", []string{"tour.auth.response.what", "tour.auth.response.sad", "tour.auth.response.receiver", "tour.auth.response.up"}},
	},
	forChild: {
		{"tour.child.request", []string{"tour.child.what", "tour.child.request.payloads", "tour.child.request.ke"}},
		{"tour.child.response", []string{"tour.child.response.what", "tour.child.response.active"}},
	},
	forChildRekey: {
		{"tour.child-rekey.request", []string{"tour.child-rekey.why", "tour.child-rekey.request.notify", "tour.child.request.ke"}},
		{"tour.child-rekey.response", []string{"tour.child.response.what", "tour.child-rekey.response.both"}},
	},
	forIKERekey: {
		{"tour.ike-rekey.request", []string{"tour.ike-rekey.why", "tour.ike-rekey.request.payloads"}},
		{"tour.ike-rekey.response", []string{"tour.ike-rekey.response.what", "tour.ike-rekey.response.children"}},
	},
	forIntermediate: {
		{"tour.intermediate.request", []string{"tour.intermediate.why", "tour.intermediate.request.what"}},
		{"tour.intermediate.response", []string{"tour.intermediate.response.what"}},
	},
	forFollowup: {
		{"tour.followup.request", []string{"tour.followup.what"}},
		{"tour.followup.response", []string{"tour.followup.answer"}},
	},
	forDeleteChild: {
		{"tour.delete-child.request", []string{"tour.delete-child.what"}},
		{"tour.delete-child.response", []string{"tour.delete-child.answer"}},
	},
	forDeleteIKE: {
		{"tour.delete-ike.request", []string{"tour.delete-ike.what"}},
		{"tour.delete-ike.response", []string{"tour.delete-ike.answer"}},
	},
	forLiveness: {
		{"tour.liveness.request", []string{"tour.liveness.what"}},
		{"tour.liveness.response", []string{"tour.liveness.answer"}},
	},
	forError: {
		{"tour.error.request", []string{"tour.error.what"}},
		{"tour.informational.response", []string{"tour.informational.answer"}},
	},
	forOther: {
		{"tour.informational.request", []string{"tour.informational.what"}},
		{"tour.informational.response", []string{"tour.informational.answer"}},
	},
}

// told is a message's title and text. asked is what its request was for.
func told(m *wire.Message, asked purpose, from, to string) (title phrase.Phrase, text []phrase.Phrase) {
	t := tellings[asked][0]
	n := refusal(m)
	switch {
	case m.Response() && n != nil && n.Kind == wire.INVALID_KE_PAYLOAD:
		t = telling{"tour.guess", []string{"tour.guess.what"}}
	case m.Response() && n != nil:
		t = telling{"tour.refusal", []string{"tour.refusal.what"}}
	case m.Response() && m.Notify(wire.COOKIE) != nil:
		t = telling{"tour.cookie", []string{"tour.cookie.what"}}
	case m.Response():
		t = tellings[asked][1]
	}
	with := []any{"from", from, "to", to, "exchange", m.Exchange.String()}
	if n != nil {
		with = append(with, "notify", n.Kind.String(), "group", wantedGroup(n))
	}
	for _, key := range t.text {
		text = append(text, phrase.Phrase{Key: key, With: with})
	}
	return phrase.Phrase{Key: t.title, With: with}, text
}

// wantedGroup is the group that INVALID_KE_PAYLOAD names.
func wantedGroup(n *wire.Notify) string {
	if n.Kind != wire.INVALID_KE_PAYLOAD || len(n.Data) != 2 {
		return ""
	}
	return words.Group(ipsec.Group(binary.BigEndian.Uint16(n.Data)))
}
