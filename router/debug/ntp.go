package debug

import (
	"fmt"
	"time"

	"ikelab/router/debug/sentence"
	"ikelab/router/ntp"
	"ikelab/router/words"
)

// What NTP logs and what `debug ntp` prints: `ntp logging` asks for its messages.

// ntpMessage is a message of NTP, if they are asked for.
func ntpMessage(v View, m *sentence.Message, a ...any) []Line {
	if !v.LogNTP {
		return nil
	}
	return message(m, a...)
}

// ntpEvent is a line of NTP's core: whom it is about, its status, the event and its name.
func ntpEvent(whom string, status, event int, name string) Line {
	return stamped(NTPHappenings, fmt.Sprintf("NTP Core (INFO): %s %04X %02X %s", whom, status, event, name))
}

func ntpSaidLines(_ View, b ntp.Said) []Line {
	if b.Sent {
		return []Line{stamped(NTPMessages, fmt.Sprintf("NTP message sent to %s, from interface '%s' (%s).", words.Addr(b.Remote), b.Interface, words.Addr(b.Local)))}
	}
	return []Line{stamped(NTPMessages, fmt.Sprintf("NTP message received from %s on interface '%s' (%s).", words.Addr(b.Remote), b.Interface, words.Addr(b.Local)))}
}

func ntpStartedLines(v View, b ntp.Started) []Line {
	if !b.On {
		return ntpMessage(v, sentence.NTPStopped)
	}
	return ntpMessage(v, sentence.NTPStarted)
}

func ntpReachableLines(v View, b ntp.Reachable) []Line {
	who := words.Addr(b.Server)
	if b.On {
		return append([]Line{ntpEvent(who, 0x8014, 0x84, "reachable")}, ntpMessage(v, sentence.NTPReachable, who)...)
	}
	return append([]Line{ntpEvent(who, 0x8013, 0x83, "unreachable")}, ntpMessage(v, sentence.NTPUnreachable, who)...)
}

func ntpFollowedLines(v View, b ntp.Followed) []Line {
	who := words.Addr(b.Server)
	return append([]Line{ntpEvent(who, 0x961a, 0x8a, "sys_peer")}, ntpMessage(v, sentence.NTPSynced, who)...)
}

func ntpLostLines(v View, _ ntp.Lost) []Line {
	return append([]Line{ntpEvent("0.0.0.0", 0xc618, 0x08, "no_sys_peer")}, ntpMessage(v, sentence.NTPLost)...)
}

func ntpSteppedLines(_ View, b ntp.Stepped) []Line {
	by := b.To.Sub(b.From)
	step := fmt.Sprintf("clock_step %+.6f s", float64(by)/float64(time.Second))
	return append([]Line{ntpEvent("0.0.0.0", 0xc61c, 0x0c, step)}, message(sentence.ClockByNTP, b.From.Format(longClock), b.To.Format(longClock), words.Addr(b.Server))...)
}
