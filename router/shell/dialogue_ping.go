package shell

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/iosconfig"
)

// The questions of `ping` and `traceroute` without arguments.

func pingSteps(g iosconfig.Generation) []dialogStep {
	extended := yesNoStep("Extended commands [n]: ", func(*answers, bool) {})
	extended.more = func(d *answers) []dialogStep {
		if d.yes {
			return extendedSteps(g)
		}
		return nil
	}
	sweep := yesNoStep("Sweep range of sizes [n]: ", func(*answers, bool) {})
	sweep.more = func(d *answers) []dialogStep {
		if d.yes {
			d.ping.Size, d.ping.Sweep = leastSize, Sweep{mostSize, 1}
			return sweepSteps()
		}
		return nil
	}
	return []dialogStep{
		protocolStep(), targetStep(),
		numberStep("Repeat count [5]: ", 1, 1<<31-1, func(d *answers, n int) { d.ping.Repeat = n }),
		numberStep("Datagram size [100]: ", leastSize, mostSize, func(d *answers, n int) { d.ping.Size = n }),
		numberStep("Timeout in seconds [2]: ", 0, 3600, func(d *answers, n int) { d.ping.Timeout = time.Duration(n) * time.Second }),
		extended, sweep,
	}
}

// The sizes of echoes, as packets of IP.
const (
	leastSize = 36
	mostSize  = 18024
)

func extendedSteps(g iosconfig.Generation) []dialogStep {
	data := dialogStep{prompt: "Data pattern [0xABCD]: ", help: "  Hexadecimal digits", take: func(x *exec, d *answers, text string) (ok bool) {
		if text == "" {
			return true
		}
		d.ping.Pattern, ok = pattern(text)
		d.view.pattern = true
		return ok || x.deny("% Bad data pattern")
	}}
	if g == iosconfig.XE17 {
		data.prompt = "Data pattern [0x0000ABCD]: "
	}
	return slices.Concat(
		xe(g, ingressStep("Ingress ping [n]: ")), []dialogStep{sourceStep("Source address or interface: ")},
		xe(g, numberStep("DSCP Value [0]: ", 0, 63, func(d *answers, n int) { d.ping.TOS = uint8(n << 2) })), []dialogStep{
			numberStep("Type of service [0]: ", 0, 255, func(d *answers, n int) { d.ping.TOS = uint8(n) }),
			yesNoStep("Set DF bit in IP header? [no]: ", func(d *answers, yes bool) { d.ping.DF = yes }),
			yesNoStep("Validate reply data? [no]: ", func(d *answers, yes bool) { d.ping.Validate = yes }),
			data, optionsStep(true),
		})
}

func sweepSteps() []dialogStep {
	return []dialogStep{
		numberStep("Sweep min size [36]: ", leastSize, mostSize, func(d *answers, n int) { d.ping.Size = n }),
		numberStep("Sweep max size [18024]: ", leastSize, mostSize, func(d *answers, n int) { d.ping.Sweep.To = max(n, d.ping.Size) }),
		numberStep("Sweep interval [1]: ", 1, mostSize, func(d *answers, n int) { d.ping.Sweep.By = n }),
	}
}

func traceSteps(g iosconfig.Generation) []dialogStep {
	source := sourceStep("Source address: ")
	if g == iosconfig.XE17 {
		source.prompt = "Source address or interface: "
	}
	return slices.Concat(
		[]dialogStep{protocolStep(), targetStep()}, xe(g, ingressStep("Ingress traceroute [n]: ")), []dialogStep{source},
		xe(g, numberStep("DSCP Value [0]: ", 0, 63, func(d *answers, n int) { d.trace.TOS = uint8(n << 2) })), []dialogStep{
			yesNoStep("Numeric display [n]: ", func(d *answers, yes bool) { d.view.numeric = yes }),
			numberStep("Timeout in seconds [3]: ", 0, 3600, func(d *answers, n int) { d.trace.Timeout = time.Duration(n) * time.Second }),
			numberStep("Probe count [3]: ", 1, 65535, func(d *answers, n int) { d.trace.Probes = n }),
			numberStep("Minimum Time to Live [1]: ", 0, 255, func(d *answers, n int) { d.trace.First = n }),
			numberStep("Maximum Time to Live [30]: ", 0, 255, func(d *answers, n int) { d.trace.Last = n }),
			numberStep("Port Number [33434]: ", 0, 65535, func(d *answers, n int) { d.trace.Port = n }),
			optionsStep(false),
		})
}

func startAnsweredPing(x *exec, d *answers) {
	src, ok := x.answeredSource(d)
	if !ok {
		return
	}
	d.ping.Source = src
	x.ping(d.ping, d.view)
}

func startAnsweredTrace(x *exec, d *answers) {
	src, ok := x.answeredSource(d)
	if !ok {
		return
	}
	d.trace.Source = src
	if !d.trace.inOrder() {
		x.deny("% Invalid TTL values")
		return
	}
	x.trace(d.trace, d.named, d.view.numeric)
}

// answeredSource is where packets are to come from; not ok: from nowhere, which it says.
func (x *exec) answeredSource(d *answers) (src netip.Addr, ok bool) {
	if d.source == "" {
		return x.d.SourceFor(d.ping.VRF, d.ping.Destination), true
	}
	if src, ok = x.sourceAddress(d.ping.VRF, d.source, d.ping.Destination); !ok {
		return src, x.deny("% Invalid source. Must use same-VRF IP address or full interface name without spaces (e.g. Serial0/1)")
	}
	d.view.source = true
	return src, true
}
