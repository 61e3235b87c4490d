package debug

import (
	"fmt"
	"strings"

	"ikelab/ikev2"
	"ikelab/router/debug/sentence"
	"ikelab/router/track"
)

// Tracked objects. What has just been made says nothing of the state that it begins in.

func states(up bool) (from, to string) {
	if up {
		return "Down", "Up"
	}
	return "Up", "Down"
}

// parted has a comma between what is tracked and which state of it is.
func parted(what string) string {
	for _, word := range []string{" line-protocol", " ip routing", " reachability", " state"} {
		if of, found := strings.CutSuffix(what, word); found {
			return of + "," + word
		}
	}
	return what
}

func trackedLines(_ View, b track.Changed) []Line {
	from, to := states(b.Up)
	lines := []Line{stamped(Tracks, fmt.Sprintf("Track: %d Change #%d %s %s->%s", b.Object, b.Number, parted(b.What), from, to))}
	if b.First {
		return lines
	}
	return append(lines, message(sentence.Tracked, b.Object, b.What, from, to)...)
}

func xeTrackedLines(v View, b track.Changed) []Line {
	lines := trackedLines(v, b)[:1]
	if b.First {
		return lines
	}
	from, to := states(b.Up)
	return append(lines, message(sentence.TrackedNewer, b.Object, b.What, from, to)...)
}

// connectedLines: the address comes last, where there is one.
func connectedLines(_ View, b ikev2.ClientConnected) []Line {
	form, address := sentence.ClientDown, ""
	if b.Up {
		form = sentence.ClientUp
	}
	if b.Address.IsValid() {
		address = fmt.Sprintf(" Assigned_Tunnel_v4_addr = %v", b.Address)
	}
	return message(form, b.Client, b.Local, b.Peer, address)
}
