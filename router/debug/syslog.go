package debug

import (
	"fmt"
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/debug/sentence"
	"ikelab/router/dhcp"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/words"
)

// The messages of syslog.

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}

// linkLines: an interface that was shut down has a message of its own.
// Loopbacks and tunnels report their link only when somebody shuts them or
// takes that back. Subinterfaces report nothing (`logging event subif-link-status` is
// off by default).
func linkLines(_ View, b ip.LinkChanged) []Line {
	switch {
	case part(b.Interface):
		return nil
	case b.Shutdown:
		return message(sentence.LinkChanged, b.Interface)
	case !b.Physical && !b.Asked:
		return nil
	}
	return message(sentence.LinkUpDown, b.Interface, upDown(b.Up))
}

// part says whether an interface is a subinterface.
func part(name string) bool { return strings.Contains(name, ".") }

func lineProtocolLines(_ View, b ip.LineProtocolChanged) []Line {
	if part(b.Interface) {
		return nil
	}
	return message(sentence.LineProtocol, b.Interface, upDown(b.Up))
}

// leasedLines: the message ends with an empty line.
func leasedLines(_ View, b dhcp.Leased) []Line {
	if b.Renewed {
		return nil
	}
	return append([]Line{stamped(DHCPClients, fmt.Sprintf("Allocated IP address = %v  %s", b.Address.Addr(), iosconfig.MaskOf(b.Address)))},
		message(sentence.AddressLeased, b.Interface, b.Address.Addr(), iosconfig.MaskOf(b.Address), b.Hostname)...)
}

func duplicateAddressLines(_ View, b ip.DuplicateAddress) []Line {
	if b.Address.Is4() {
		return limited(sentence.DuplicateIP, b.Address, b.Interface, ip.MAC(b.MAC))
	}
	return message(sentence.Duplicate, iosconfig.Upper(b.Address), b.Interface)
}

// recursiveLines: IOS names the adjacency by where it lies in memory, we by a number.
func recursiveLines(_ View, b ip.Recursive) []Line {
	return append(
		message(sentence.LoopedChain, b.Interface, b.Number),
		message(sentence.Recursive, b.Interface)...)
}

// switchedLines: IOS says ISAKMP also when only IKEv2 is configured.
func switchedLines(_ View, b crypto.Switched) []Line {
	state := "OFF"
	if b.On {
		state = "ON"
	}
	return message(sentence.Switched, state)
}

func entryUpLines(v View, b ikev2.EntryUp) []Line { return sessionLines(v, "UP", b.Peer, b.ID) }

func entryDownLines(v View, b ikev2.EntryDown) []Line {
	if b.WasUp {
		return sessionLines(v, "DOWN", b.Peer, b.ID)
	}
	return nil
}

// sessionLines are the messages of `crypto logging session` and `… ikev2`.
func sessionLines(v View, state string, peer netip.AddrPort, id ikev2.Identity) []Line {
	if !v.LogSession && !v.LogIKEv2 {
		return nil
	}
	var lines []Line
	who := words.Identity(id.Kind, id.Data)
	if v.LogSession {
		lines = append(lines, message(sentence.Session, state, peer, who)...)
	}
	if v.LogIKEv2 {
		lines = append(lines, message(sentence.SessionIKEv2, state, peer, who)...)
	}
	return lines
}

func refusedPacketLines(_ View, b crypto.Refused) []Line {
	switch b.Why {
	case crypto.InvalidSPI:
		return limited(sentence.InvalidSPI,
			b.To, words.SPI(b.SPI), b.From, b.Interface)
	case crypto.NotIPsec:
		return limited(sentence.NotIPsec, b.To, b.From, b.Protocol)
	case crypto.Replayed:
		return limited(sentence.Replayed, b.ConnID, b.Sequence)
	case crypto.NotAuthentic:
		return limited(sentence.WrongMAC, b.ConnID)
	}
	return nil
}

func exhaustedLines(_ View, b crypto.Exhausted) []Line {
	return message(sentence.SequenceExhausted,
		b.ConnID, words.SPI(b.SPI), b.Remote)
}

func configuredLines(_ View, b operator.Configured) []Line {
	return message(sentence.Configured, b.From, b.By)
}

func clockLines(_ View, b operator.ClockSet) []Line {
	return message(sentence.ClockSet, b.From.Format(longClock), b.To.Format(longClock), b.By)
}

// longClock is how dates read in messages.
const longClock = "15:04:05 MST Mon Jan 2 2006"

func scheduledLines(_ View, b operator.ReloadScheduled) []Line {
	return message(sentence.ReloadScheduled, b.For.Format(longClock), b.Asked.Format(longClock), b.By, b.Reason)
}

func cancelledLines(_ View, b operator.ReloadCancelled) []Line {
	return message(sentence.ReloadCancelled, b.At.Format(longClock))
}

func clearedLines(_ View, b operator.CountersCleared) []Line {
	what := "all interfaces"
	if b.Interface != "" {
		what = "interface " + b.Interface
	}
	return message(sentence.CountersCleared, what, b.By)
}

func reloadLines(_ View, b operator.ReloadRequested) []Line {
	return message(sentence.Reloading, b.By, b.Reason)
}

func restartedLines(View, operator.Restarted) []Line {
	return message(sentence.Restarted)
}
