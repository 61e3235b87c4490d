package debug

import (
	"fmt"
	"net/netip"
	"strings"

	"ikelab/router/debug/sentence"
	"ikelab/router/standby"
	"ikelab/router/words"
)

// HSRP: what it logs, and what `debug standby` prints.

// group is how lines name one.
func group(c Class, i string, number int, text string) Line {
	short := i[:min(len(i), 2)] + i[max(0, strings.IndexAny(i, "0123456789")):]
	return stamped(c, fmt.Sprintf("HSRP: %s Grp %d %s", short, number, text))
}

// standbyEvents are the events in IOS's words; those of messages name their senders.
var standbyEvents = map[standby.Event]string{
	standby.Enabled: "HSRP enabled", standby.Disabled: "HSRP disabled", standby.ActiveGone: "Active timer expired", standby.StandbyGone: "Standby timer expired",
	standby.BetterSpeak: "Hello rcvd from higher pri Speak router", standby.BetterActive: "Hello rcvd from higher pri Active router",
	standby.WorseActive: "Hello rcvd from lower pri Active router", standby.Resigned: "Resign rcvd", standby.Couped: "Coup rcvd from higher pri router",
	standby.BetterHot: "Hello rcvd from higher pri Standby router", standby.WorseHot: "Hello rcvd from lower pri Standby router",
}

func standbyEventLines(_ View, b standby.Happened) []Line {
	text := fmt.Sprintf("%s: %c/%s", b.State, b.Event, standbyEvents[b.Event])
	switch b.Event {
	case standby.Enabled, standby.Disabled:
	case standby.ActiveGone, standby.StandbyGone:
		text += " (" + whoText(standby.Who{Address: b.Peer}) + ")"
	default:
		text += fmt.Sprintf(" (%d/%v)", b.Priority, b.Peer)
	}
	return []Line{group(StandbyEvents, b.Interface, b.Group, text)}
}

// standbyChangedLines: the log tells of those changes that concern who is active or standby.
func standbyChangedLines(_ View, b standby.Changed) []Line {
	lines := []Line{group(StandbyEvents, b.Interface, b.Group, fmt.Sprintf("%s -> %s", b.From, b.To))}
	if !b.From.Counts(b.To) {
		return lines
	}
	return append(lines, message(sentence.StandbyState, b.Interface, b.Group, b.From, b.To)...)
}

func whoText(w standby.Who) string {
	switch {
	case w.Local:
		return "local"
	case !w.Address.IsValid():
		return "unknown"
	}
	return words.Addr(w.Address)
}

func standbyElectedLines(_ View, b standby.Elected) []Line {
	text := fmt.Sprintf("%s router is %s", b.Role, whoText(b.Now))
	if b.Was != (standby.Who{}) {
		text += ", was " + whoText(b.Was)
	}
	return []Line{group(StandbyEvents, b.Interface, b.Group, text)}
}

func standbySaidLines(_ View, b standby.Said) []Line {
	way := "in "
	if b.Sent {
		way = "out"
	}
	address := b.Address
	if !address.IsValid() {
		address = netip.IPv4Unspecified()
	}
	return []Line{group(StandbyPackets, b.Interface, b.Group, fmt.Sprintf("%-6s %s %v %-7s pri %d vIP %v", b.Op, way, b.From, b.State, b.Priority, address))}
}

// standbyRefusedLines: of what is not believed IOS tells where authentication fails.
func standbyRefusedLines(_ View, b standby.Refused) []Line {
	why, known := map[standby.Reason]string{
		standby.BadText: "Text auth failed", standby.BadDigest: "MD5 auth failed", standby.OtherSender: "MD5 auth failed", standby.Unsigned: "MD5 confgd but no tlv", standby.OtherWay: "MD5 not confgd but tlv present",
	}[b.Reason]
	if !known {
		return nil
	}
	lines := []Line{group(StandbyErrors, b.Interface, b.Group, fmt.Sprintf("Auth failed for Hello pkt from %v, %s", b.From, why))}
	return append(lines, limited(sentence.StandbyAuth, b.From, b.Group, b.State)...)
}

func standbyDiffersLines(_ View, b standby.Differs) []Line {
	return message(sentence.StandbyDiffers, b.Interface, b.Group, b.Theirs, b.Ours)
}

func standbyWeighedLines(_ View, b standby.Weighed) []Line {
	from, to := states(b.Up)
	what := fmt.Sprintf("Track %d object", b.Object)
	if b.Tracked != "" {
		what = "Track interface " + b.Tracked
	}
	return []Line{
		group(StandbyEvents, b.Interface, b.Group, fmt.Sprintf("%s changed, state %s -> %s", what, from, to)),
		group(StandbyEvents, b.Interface, b.Group, fmt.Sprintf("Priority %d -> %d", b.From, b.To)),
	}
}
