package policy

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/track"
)

// Tracked is what an object tracks.
func Tracked(c *iosconfig.Config, o *iosconfig.TrackedObject) track.Settings {
	s := track.Settings{
		Number: o.Number, What: trackedWords(o), Interface: o.Interface, Routing: o.Routing, Prefix: o.Prefix, VRF: iosconfig.VRFNumber(c, o.VRF),
		Operation: o.Operation, State: o.State, List: o.List, DelayUp: seconds(o.DelayUp), DelayDown: seconds(o.DelayDown),
	}
	for _, m := range o.Members {
		s.Members = append(s.Members, track.Member(m))
	}
	return s
}

// trackedWords is what messages call it: interfaces by their short names, routes by their
// prefixes, and the return code of an operation by a word that its line need not have.
func trackedWords(o *iosconfig.TrackedObject) string {
	switch {
	case o.Interface != "":
		return strings.Replace(o.What(), o.Interface, iosconfig.ShortName(o.Interface), 1)
	case o.Prefix.IsValid():
		return "ip route " + o.Prefix.String() + " reachability"
	case o.State:
		return "ip sla " + strconv.Itoa(o.Operation) + " state"
	}
	return o.What()
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// Probing is what an operation of IP SLA sends, and when.
func Probing(c *iosconfig.Config, o *iosconfig.Operation) track.Operation {
	threshold, timeout, frequency := o.Limits()
	p := track.Operation{
		Number: o.Number, Source: o.Source, Threshold: time.Duration(threshold) * time.Millisecond, Frequency: time.Duration(frequency) * time.Millisecond,
		Ping: ip.Ping{
			VRF: iosconfig.VRFNumber(c, o.VRF), Destination: o.Target, Source: o.SourceIP, Repeat: 1, TOS: uint8(o.TOS), Validate: o.Verify,
			Timeout: time.Duration(timeout) * time.Millisecond, Size: echoHeaders(o.Target) + cmp.Or(o.Data, iosconfig.OperationData),
		},
	}
	if s := o.Schedule; s != nil {
		after, delayed := strings.CutPrefix(s.Start, "after ")
		p.Scheduled = delayed || s.Start == "now"
		p.After, _ = iosconfig.ParseSpan(after)
		if !s.Forever {
			p.Life = seconds(cmp.Or(s.Life, iosconfig.OperationLife))
		}
	}
	return p
}

// echoHeaders is what an echo to an address is longer than its data.
func echoHeaders(to netip.Addr) int {
	if to.Is6() {
		return 48
	}
	return 28
}
