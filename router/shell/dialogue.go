package shell

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// dialogStep is one question of the extended ping or traceroute: `?` says what may
// be answered and asks again, a refusal ends the dialogue, as on IOS.
type dialogStep struct {
	prompt string
	help   string
	take   func(x *exec, d *answers, text string) bool
	more   func(d *answers) []dialogStep // the questions that follow from the answer; nil: none
}

// answers collects them.
type answers struct {
	command string
	ping    PingRequest
	trace   TraceRequest
	source  string
	named   string // the destination, where it was a name
	view    view
	yes     bool // to the last question that could be answered so
}

// view is how the echoes and probes are shown.
type view struct {
	source  bool // the source was chosen
	verbose bool // each echo on a line of its own
	pattern bool // the data were chosen
	numeric bool // no names of hops
}

const (
	defaultEchoes  = 5
	defaultSize    = 100
	defaultTimeout = 2 * time.Second
)

func pingDialogue(x *exec) { pingIn(x, "") }

func pingIn(x *exec, vrf string) {
	d := &answers{command: "ping", ping: PingRequest{VRF: vrf, Repeat: defaultEchoes, Size: defaultSize, Timeout: defaultTimeout}}
	x.dialogue(d, pingSteps(x.d.Generation()), startAnsweredPing)
}

func traceDialogue(x *exec) { traceIn(x, "") }

func traceIn(x *exec, vrf string) {
	d := &answers{command: "traceroute", trace: defaultTrace}
	d.ping.VRF, d.trace.VRF = vrf, vrf
	x.dialogue(d, traceSteps(x.d.Generation()), startAnsweredTrace)
}

func (x *exec) dialogue(d *answers, steps []dialogStep, start func(x *exec, d *answers)) {
	if len(steps) == 0 {
		start(x, d)
		return
	}
	step, rest := steps[0], steps[1:]
	x.ask(step.prompt, func(x *exec, text string) {
		switch text = strings.TrimSpace(text); {
		case text == "?":
			x.line(step.help)
			x.dialogue(d, steps, start)
		case !step.take(x, d, text):
		case step.more != nil:
			x.dialogue(d, append(step.more(d), rest...), start)
		default:
			x.dialogue(d, rest, start)
		}
	})
}

// protocolStep and targetStep begin both dialogues.
func protocolStep() dialogStep {
	return dialogStep{prompt: "Protocol [ip]: ", help: "  ip  IP protocol", take: func(x *exec, d *answers, text string) bool {
		return text == "" || isPrefix(text, "ip") || x.deny(`% Unknown protocol - "`+text+`", type "`+d.command+` ?" for help`)
	}}
}

func targetStep() dialogStep {
	return dialogStep{prompt: "Target IP address: ", help: "  Hostname or A.B.C.D", take: func(x *exec, d *answers, text string) bool {
		a, ok := x.host(text)
		if !ok {
			return x.deny("% Bad IP address or host name")
		}
		if a.String() != text {
			d.named = text
		}
		d.ping.Destination, d.trace.Destination = a, a
		return true
	}}
}

func sourceStep(prompt string) dialogStep {
	return dialogStep{prompt: prompt, help: "  A.B.C.D or the full name of an interface", take: func(x *exec, d *answers, text string) bool {
		d.source = text
		return true
	}}
}

// yesNoStep is a question that y says yes to, and all else no.
func yesNoStep(prompt string, set func(d *answers, yes bool)) dialogStep {
	return dialogStep{prompt: prompt, help: "  yes or no", take: func(_ *exec, d *answers, text string) bool {
		d.yes = isPrefix(text, "yes")
		set(d, d.yes)
		return true
	}}
}

// numberStep is one that is answered by a number or left as it is.
func numberStep(prompt string, low, high int, set func(d *answers, n int)) dialogStep {
	help := "% A decimal number between " + strconv.Itoa(low) + " and " + strconv.Itoa(high) + "."
	return dialogStep{prompt: prompt, help: help, take: func(x *exec, d *answers, text string) bool {
		if text == "" {
			return true
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			return x.deny(help)
		}
		set(d, n)
		return true
	}}
}

// optionsStep asks for IP options, none of which is simulated. verbose says whether that
// answer means something.
func optionsStep(verbose bool) dialogStep {
	return dialogStep{prompt: "Loose, Strict, Record, Timestamp, Verbose[none]: ", help: "  Loose, Strict, Record, Timestamp: not simulated; Verbose, none",
		take: func(x *exec, d *answers, text string) bool {
			d.view.verbose = isPrefix(text, "verbose")
			switch {
			case text == "" || isPrefix(text, "none") || verbose && d.view.verbose:
				return true
			case d.view.verbose:
				return x.deny("% Verbose output of a traceroute is not simulated")
			}
			return x.deny("% IP options are not simulated")
		}}
}

// xe are questions that only the newer image asks: where packets are to seem to come
// from, which is not simulated, and their DSCP.
func xe(g iosconfig.Generation, steps ...dialogStep) []dialogStep {
	if g == iosconfig.XE17 {
		return steps
	}
	return nil
}

func ingressStep(prompt string) dialogStep {
	return dialogStep{prompt: prompt, help: "  not simulated; no", take: func(x *exec, _ *answers, text string) bool {
		return !isPrefix(text, "yes") || x.deny("% An ingress interface is not simulated")
	}}
}

// deny prints why a dialogue ends; it returns false for its callers' sake.
func (x *exec) deny(text string) bool {
	x.line(text)
	return false
}

// pattern reads the data of echoes: hexadecimal digits, with a zero before an odd number
// of them.
func pattern(text string) ([]byte, bool) {
	text = strings.TrimPrefix(strings.ToLower(text), "0x")
	if len(text)%2 != 0 {
		text = "0" + text
	}
	b, err := hex.DecodeString(text)
	return b, err == nil && len(b) > 0 && len(b) <= 4
}
