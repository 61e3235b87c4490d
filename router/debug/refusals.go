package debug

import (
	"errors"
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
	"ikelab/router/words"
)

func policyLines(sa ikev2.Ref, title *sentence.Sentence, proto wire.ProtocolID, list []wire.Proposal) []Line {
	lines := []Line{about(sa, Error, title, " ")}
	form := sentence.PolicyIKE
	if proto == wire.ProtoESP {
		form = sentence.PolicyESP
	}
	for i, p := range list {
		var names []string
		for _, t := range p.Transforms {
			names = append(names, words.TransformSized(t))
		}
		lines = append(lines, follows(Error, form.Say(i+1, strings.Join(names, " "))))
	}
	return lines
}

// refusals are the sentences for datagrams that were dropped.
var refusals = []struct {
	err  error
	text string
}{
	{ikev2.ErrUnknownSPI, "Couldn't find matching SA"},
	{ikev2.ErrMessageID, ": Message id outside the window"},
	{ikev2.ErrStaleReply, ": Response to no outstanding request"},
	{ikev2.ErrRetransmit, "Retransmitted request, sending the response again"},
	{ikev2.ErrInProgress, "Request is being processed already"},
	{wire.ErrIntegrity, ": Failed to verify the integrity of the packet"},
}

func refusedLines(_ View, ev ikev2.Refused) []Line {
	return []Line{spoken(ofSA, ev.SA, Error, refusal(ev.From, ev.Reason))}
}

// repeatedLines: on a network that loses and repeats this is no error.
func repeatedLines(_ View, ev ikev2.Repeated) []Line {
	return []Line{spoken(ofSA, ev.SA, Fact, refusal(ev.From, ev.Reason))}
}

func refusal(from netip.AddrPort, why error) string {
	for _, known := range refusals {
		if errors.Is(why, known.err) {
			return known.text
		}
	}
	return sentence.Dropped.Say(from, why)
}
