package shell

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// dialogStep is one question of the extended ping: a refusal repeats nothing,
// it ends the dialogue, as on IOS.
type dialogStep struct {
	prompt string
	take   func(x *exec, d *pingAnswers, text string) bool
}

// pingAnswers collects the answers.
type pingAnswers struct {
	ask     PingRequest
	source  string
	more    bool // extended commands wanted
	verbose bool // each echo on a line of its own
}

// pingDialogue is `ping` without arguments.
func pingDialogue(x *exec) {
	d := &pingAnswers{ask: PingRequest{Repeat: 5, Size: 100, Timeout: 2 * time.Second}}
	x.dialogue(d, pingSteps)
}

func (x *exec) dialogue(d *pingAnswers, steps []dialogStep) {
	if len(steps) == 0 {
		x.endDialogue(d)
		return
	}
	x.ask(steps[0].prompt, func(x *exec, text string) {
		if !steps[0].take(x, d, strings.TrimSpace(text)) {
			return
		}
		rest := steps[1:]
		if steps[0].prompt == extendedPrompt && d.more {
			rest = append(append([]dialogStep(nil), extendedSteps...), rest...)
		}
		x.dialogue(d, rest)
	})
}

const extendedPrompt = "Extended commands [n]: "

var pingSteps = []dialogStep{
	{"Protocol [ip]: ", func(x *exec, _ *pingAnswers, text string) bool {
		return text == "" || isPrefix(text, "ip") || x.deny("% Unknown protocol - \""+text+"\", type \"ping ?\" for help")
	}},
	{"Target IP address: ", func(x *exec, d *pingAnswers, text string) bool {
		a, err := netip.ParseAddr(text)
		d.ask.Destination = a
		return err == nil && a.Is4() || x.deny("% Bad IP address or host name")
	}},
	{"Repeat count [5]: ", func(x *exec, d *pingAnswers, text string) bool { return x.number(&d.ask.Repeat, text, 1, 1<<31-1) }},
	{"Datagram size [100]: ", func(x *exec, d *pingAnswers, text string) bool { return x.number(&d.ask.Size, text, 36, 18024) }},
	{"Timeout in seconds [2]: ", func(x *exec, d *pingAnswers, text string) bool {
		secs := 2
		ok := x.number(&secs, text, 0, 3600)
		d.ask.Timeout = time.Duration(secs) * time.Second
		return ok
	}},
	{extendedPrompt, func(x *exec, d *pingAnswers, text string) bool {
		d.more = isPrefix(text, "yes")
		return true
	}},
	{"Sweep range of sizes [n]: ", func(x *exec, _ *pingAnswers, text string) bool {
		return text == "" || isPrefix(text, "no") || x.deny("% A sweep is not available")
	}},
}

var extendedSteps = []dialogStep{
	{"Source address or interface: ", func(x *exec, d *pingAnswers, text string) bool {
		d.source = text
		return true
	}},
	{"Type of service [0]: ", func(x *exec, d *pingAnswers, text string) bool {
		tos := 0
		ok := x.number(&tos, text, 0, 255)
		d.ask.TOS = uint8(tos)
		return ok
	}},
	{"Set DF bit in IP header? [no]: ", func(x *exec, d *pingAnswers, text string) bool {
		d.ask.DF = isPrefix(text, "yes")
		return true
	}},
	{"Validate reply data? [no]: ", func(*exec, *pingAnswers, string) bool { return true }}, // a reply with other data is none
	{"Data pattern [0xABCD]: ", func(x *exec, d *pingAnswers, text string) (ok bool) {
		d.ask.Pattern, ok = pattern(text)
		return ok || x.deny("% Bad data pattern")
	}},
	{"Loose, Strict, Record, Timestamp, Verbose[none]: ", func(x *exec, d *pingAnswers, text string) bool {
		d.verbose = isPrefix(text, "verbose")
		return text == "" || d.verbose || isPrefix(text, "none") || x.deny("% IP options are not simulated")
	}},
}

// pattern reads the data of echoes: up to four hexadecimal digits.
func pattern(text string) (uint16, bool) {
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(text), "0x"), 16, 16)
	return uint16(n), err == nil
}

// deny prints why a dialogue ends; it returns false for its callers' sake.
func (x *exec) deny(text string) bool {
	x.line(text)
	return false
}

// number reads an answer that may be left empty for the default.
func (x *exec) number(into *int, text string, low, high int) bool {
	if text == "" {
		return true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return x.deny("% A decimal number between " + strconv.Itoa(low) + " and " + strconv.Itoa(high) + ".")
	}
	*into = n
	return true
}

func (x *exec) endDialogue(d *pingAnswers) {
	if d.source == "" {
		d.ask.Source = x.d.SourceFor(d.ask.Destination)
		x.ping(d.ask, false, d.verbose)
		return
	}
	src, ok := x.sourceAddress(d.source)
	if !ok {
		x.deny("% Invalid source. Must use same-VRF IP address or full interface name without spaces (e.g. Serial0/1)")
		return
	}
	d.ask.Source = src
	x.ping(d.ask, true, d.verbose)
}
