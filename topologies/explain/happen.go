package explain

import (
	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/record"
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
