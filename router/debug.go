package router

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/router/words"
)

// debugFlags are the switches of `debug crypto …`.
type debugFlags struct {
	IKEv2, Packet, Internal, Error, IPsec bool
}

func (d debugFlags) ikev2() bool { return d.IKEv2 || d.Packet || d.Internal || d.Error }

// debugClass says what a line is about and so which switches print it. On the
// 15.1 generation the default level prints state machine and packets too;
// `packet` and `internal` narrow it down.
type debugClass uint8

const (
	classTrace    debugClass = iota // the state machine
	classFact                       // what the negotiation found and decided
	classInternal                   // talk between IKEv2, its toolkit and IPsec
	classPacket                     // messages and their payloads
	classError
)

func (d debugFlags) wants(c debugClass) bool {
	switch c {
	case classTrace, classFact:
		return d.IKEv2 || d.Internal
	case classInternal:
		return d.Internal
	case classPacket:
		return d.IKEv2 || d.Packet
	}
	return d.ikev2()
}

// debugLine is one line of output. Only the first line of what the router
// prints in one go carries a timestamp.
type debugLine struct {
	class   debugClass
	stamped bool
	text    string
}

func stamped(c debugClass, text string) debugLine { return debugLine{c, true, text} }
func follows(c debugClass, text string) debugLine { return debugLine{c, false, text} }

// ikeLine puts IOS's prefix before a sentence about an SA, or about none.
func ikeLine(sa ikev2.Ref, text string) string {
	if sa.ID == 0 {
		return "IKEv2:" + text
	}
	return fmt.Sprintf("IKEv2:(SA ID = %d):%s", sa.ID, text)
}

// renderIKE says an event in the words of `debug crypto ikev2`. Events that
// IOS does not show render to nothing.
func renderIKE(ev ikev2.Effect) []debugLine {
	switch ev := ev.(type) {
	case *ikev2.Step:
		return []debugLine{stamped(classTrace, ikeLine(ev.SA, stepText(*ev)))}
	case ikev2.PacketArrived:
		return []debugLine{
			stamped(classPacket, "IKEv2:Got a packet from dispatcher"),
			stamped(classPacket, "IKEv2:Processing an item off the pak queue"),
		}
	case ikev2.MessageBuilt:
		return renderBuilt(ev.SA, ev.Message)
	case ikev2.MessageParsed:
		return renderParsed(ev.SA, ev.Message)
	case *ikev2.Note:
		return renderNote(*ev)
	case ikev2.NoProposal:
		return renderNoProposal(ev)
	case ikev2.Refused:
		return renderRefused(ev)
	}
	return nil
}

func stepText(s ikev2.Step) string {
	role := 'R'
	if s.Initiator {
		role = 'I'
	}
	return fmt.Sprintf("SM Trace-> SA: I_SPI=%016X R_SPI=%016X (%c) MsgID = %08X CurState: %v Event: %v",
		s.SA.SPIi, s.SA.SPIr, role, s.MessageID, s.State, s.Event)
}

// printDebug writes the lines whose switch is on to where debugs go.
func (r *Router) printDebug(now time.Time, lines []debugLine) {
	for _, l := range lines {
		if !r.shell.debug.wants(l.class) {
			continue
		}
		text := l.text
		if l.stamped {
			text = r.debugStamp(now) + text
		}
		r.emitLog(severityDebugging, text)
	}
}

// trace takes each event of the engine, in order.
func (r *Router) trace(now time.Time, ev ikev2.Effect) {
	r.observe(now, ev)
	switch ev := ev.(type) {
	case ikev2.Keys:
		r.observeKeys(now, ev)
	case ikev2.EntryUp:
		r.logSession(now, "UP", ev.Peer, ev.ID)
	case ikev2.EntryDown:
		if ev.WasUp {
			r.logSession(now, "DOWN", ev.Peer, ev.ID)
		}
	}
	if r.shell.debug.ikev2() {
		r.printDebug(now, renderIKE(ev))
	}
}

// logSession is the message of `crypto logging session` and `… ikev2`.
func (r *Router) logSession(now time.Time, state string, peer netip.AddrPort, id ikev2.Identity) {
	cfg, tail := r.running().IKEv2, fmt.Sprintf(".  Peer %v       Id: %s", peer, words.Identity(id.Kind, id.Data))
	if cfg.LogSession {
		r.logf(now, "CRYPTO", severityNotifications, "SESSION_STATUS", "Crypto tunnel is %-4s%s", state, tail)
	}
	if cfg.LogIKEv2 {
		r.logf(now, "CRYPTO", severityNotifications, "IKEV2_SESSION_STATUS", "Crypto tunnel v2 is %s%s", state, tail)
	}
}

// debugging says whether a `debug crypto ikev2` is on; the engine emits the
// events that only debug renders when this or an observer wants them.
func (r *Router) debugging() bool { return r.shell.debug.ikev2() }
