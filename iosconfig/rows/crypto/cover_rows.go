package crypto

import (
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// What hides how much traffic there is: packets that carry nothing, and padding (RFC 4303
// 2.6, 2.7).

// dummyRow is `… dummy {pps N|seconds N}`.
func dummyRow[O any](prefix, help string, field func(*O) *iosconfig.Dummies) editor.Row[O] {
	return editor.Row[O]{
		Syntax: prefix + " dummy / {pps <rate:0-25>|seconds <n:1-3600>}",
		Help:   help + "|Enable transmitting dummy packets|Simulated traffic rate (in pps)|Packets per second|Simulated traffic rate (in seconds)|Seconds between packets",
		Set: func(e *editor.At[O], a syntax.Args) error {
			*field(e.It) = iosconfig.Dummies{Given: true, Rate: a.Int("rate"), Seconds: a.Int("n")}
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { *field(e.It) = iosconfig.Dummies{}; return nil },
		Show: func(e *editor.At[O]) []string {
			switch d := field(e.It); {
			case d.Seconds > 0:
				return editor.Number(prefix+" dummy seconds", d.Seconds)
			case d.Given:
				return []string{prefix + " dummy pps " + strconv.Itoa(d.Rate)}
			}
			return nil
		},
	}
}

// paddingRow is `set security-association tfc-padding {N|mtu}`, which IOS has not.
func paddingRow[O any](field func(*O) *int) editor.Row[O] {
	const command = "set security-association tfc-padding"
	return editor.Row[O]{
		Syntax: command + " / {<n:64-1500>|mtu}",
		Help:   "||Traffic flow confidentiality: pad packets where the peer takes it|Pad to this length (in bytes)|Pad to the longest that goes in one piece",
		Set: func(e *editor.At[O], a syntax.Args) error {
			*field(e.It) = a.Int("n")
			if a.Has("mtu") {
				*field(e.It) = iosconfig.MaxPadding
			}
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { *field(e.It) = 0; return nil },
		Show: func(e *editor.At[O]) []string {
			if *field(e.It) == iosconfig.MaxPadding {
				return []string{command + " mtu"}
			}
			return editor.Number(command, *field(e.It))
		},
	}
}
