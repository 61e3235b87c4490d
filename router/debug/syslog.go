package debug

import (
	"fmt"
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
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
		return message("LINK", Notifications, "CHANGED", "Interface %s, changed state to administratively down", b.Interface)
	case !b.Physical && !b.Asked:
		return nil
	}
	return message("LINK", Errors, "UPDOWN", "Interface %s, changed state to %s", b.Interface, upDown(b.Up))
}

// part says whether an interface is a subinterface.
func part(name string) bool { return strings.Contains(name, ".") }

func lineProtocolLines(_ View, b ip.LineProtocolChanged) []Line {
	if part(b.Interface) {
		return nil
	}
	return message("LINEPROTO", Notifications, "UPDOWN", "Line protocol on Interface %s, changed state to %s", b.Interface, upDown(b.Up))
}

// leasedLines: the message ends with an empty line.
func leasedLines(_ View, b dhcp.Leased) []Line {
	if b.Renewed {
		return nil
	}
	return append([]Line{stamped(DHCPClients, fmt.Sprintf("Allocated IP address = %v  %s", b.Address.Addr(), iosconfig.MaskOf(b.Address)))},
		message("DHCP", Informational, "ADDRESS_ASSIGN", "Interface %s assigned DHCP address %v, mask %s, hostname %s\n", b.Interface, b.Address.Addr(), iosconfig.MaskOf(b.Address), b.Hostname)...)
}

// recursiveLines: IOS names the adjacency by where it lies in memory, we by a number.
func recursiveLines(_ View, b ip.Recursive) []Line {
	return append(
		message("ADJ", Notifications, "PARENT", "Midchain parent maintenance for IP midchain out of %s %08X - looped chain attempting to stack", b.Interface, b.Number),
		message("TUN", Notifications, "RECURDOWN", "%s temporarily disabled due to recursive routing", b.Interface)...)
}

// switchedLines: IOS says ISAKMP also when only IKEv2 is configured.
func switchedLines(_ View, b crypto.Switched) []Line {
	state := "OFF"
	if b.On {
		state = "ON"
	}
	return message("CRYPTO", Informational, "ISAKMP_ON_OFF", "ISAKMP is %s", state)
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
	tail := fmt.Sprintf(".  Peer %v       Id: %s", peer, words.Identity(id.Kind, id.Data))
	if v.LogSession {
		lines = append(lines, message("CRYPTO", Notifications, "SESSION_STATUS", "Crypto tunnel is %-4s%s", state, tail)...)
	}
	if v.LogIKEv2 {
		lines = append(lines, message("CRYPTO", Notifications, "IKEV2_SESSION_STATUS", "Crypto tunnel v2 is %s%s", state, tail)...)
	}
	return lines
}

func refusedPacketLines(_ View, b crypto.Refused) []Line {
	switch b.Why {
	case crypto.InvalidSPI:
		return limited(message("CRYPTO", Warnings, "RECVD_PKT_INV_SPI",
			"decaps: rec'd IPSEC packet has invalid spi for destaddr=%v, prot=50, spi=%s, srcaddr=%v, input interface=%s",
			b.To, words.SPI(b.SPI), b.From, b.Interface), "RECVD_PKT_INV_SPI")
	case crypto.NotIPsec:
		return limited(message("CRYPTO", Warnings, "RECVD_PKT_NOT_IPSEC",
			"Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /%v, src_addr= %v, prot= %d", b.To, b.From, b.Protocol), "RECVD_PKT_NOT_IPSEC")
	case crypto.Replayed:
		return limited(message("CRYPTO", Warnings, "PKT_REPLAY_ERR",
			"decrypt: replay check failed\n        connection id=%d, sequence number=%d\n", b.ConnID, b.Sequence), "PKT_REPLAY_ERR")
	case crypto.NotAuthentic:
		return limited(message("CRYPTO", Warnings, "RECVD_PKT_MAC_ERR", "decrypt: mac verify failed for connection id=%d", b.ConnID), "RECVD_PKT_MAC_ERR")
	}
	return nil
}

func exhaustedLines(_ View, b crypto.Exhausted) []Line {
	return message("CRYPTO", Warnings, "SEQUENCE_EXHAUSTED", "encrypt: no sequence number left for connection id=%d, spi=%s, peer=%v: its SAs are deleted",
		b.ConnID, words.SPI(b.SPI), b.Remote)
}

func configuredLines(_ View, b operator.Configured) []Line {
	return message("SYS", Notifications, "CONFIG_I", "Configured from %s by %s", b.From, b.By)
}

func clockLines(_ View, b operator.ClockSet) []Line {
	return message("SYS", Informational, "CLOCKUPDATE", "System clock has been updated from %s to %s, configured from console by %s.", b.From.Format(longClock), b.To.Format(longClock), b.By)
}

// longClock is how dates read in messages.
const longClock = "15:04:05 MST Mon Jan 2 2006"

func scheduledLines(_ View, b operator.ReloadScheduled) []Line {
	return message("SYS", Notifications, "SCHEDULED_RELOAD", "Reload requested for %s at %s by %s. Reload Reason: %s.", b.For.Format(longClock), b.Asked.Format(longClock), b.By, b.Reason)
}

func cancelledLines(_ View, b operator.ReloadCancelled) []Line {
	return message("SYS", Notifications, "SCHEDULED_RELOAD_CANCELLED", " Scheduled reload cancelled at %s", b.At.Format(longClock))
}

func clearedLines(_ View, b operator.CountersCleared) []Line {
	what := "all interfaces"
	if b.Interface != "" {
		what = "interface " + b.Interface
	}
	return message("CLEAR", Notifications, "COUNTERS", "Clear counter on %s by %s", what, b.By)
}

func reloadLines(_ View, b operator.ReloadRequested) []Line {
	return message("SYS", Notifications, "RELOAD", "Reload requested by %s. Reload Reason: %s.", b.By, b.Reason)
}

func restartedLines(View, operator.Restarted) []Line {
	return message("SYS", Notifications, "RESTART", "System restarted --")
}
