package show

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/track"
	"ikelab/router/words"
)

// SLAStatistics is `show ip sla statistics [N]`.
type SLAStatistics struct {
	Now        time.Time              `json:"now"`
	Operations []track.OperationState `json:"operations"`
}

// OperationsOf are one operation, or all, with their instants on the router's clock.
func OperationsOf(s Source, number int, clock func(time.Time) time.Time) []track.OperationState {
	list := []track.OperationState{}
	for _, o := range s.Tracking().Operations {
		if number != 0 && o.Number != number {
			continue
		}
		if !o.Begun.IsZero() {
			o.Begun = clock(o.Begun)
		}
		if !o.Ends.IsZero() {
			o.Ends = clock(o.Ends)
		}
		list = append(list, o)
	}
	return list
}

// Lines is operation by operation.
func (s SLAStatistics) Lines(iosconfig.Generation) []string {
	var p page
	p.line("IPSLAs Latest Operation Statistics").line("")
	for _, o := range s.Operations {
		rtt := "NoConnection/Busy/Timeout"
		switch o.Code {
		case track.OK, track.OverThreshold:
			rtt = strconv.Itoa(o.RTTMillis) + " milliseconds"
		case track.Unknown:
			rtt = "Unknown"
		}
		begun := "Unknown"
		if !o.Begun.IsZero() {
			begun = o.Begun.UTC().Format("15:04:05 MST Mon Jan 2 2006")
		}
		p.linef("IPSLA operation id: %d", o.Number)
		p.linef("        Latest RTT: %s", rtt)
		p.linef("Latest operation start time: %s", begun)
		p.linef("Latest operation return code: %s", o.Code)
		p.linef("Number of successes: %d", o.Successes)
		p.linef("Number of failures: %d", o.Failures)
		p.linef("Operation time to live: %s", timeToLive(s.Now, o))
		p.line("").line("").line("")
	}
	return p.lines
}

func timeToLive(now time.Time, o track.OperationState) string {
	switch {
	case o.Running && o.Ends.IsZero():
		return "Forever"
	case !o.Running:
		return "0"
	}
	return strconv.FormatInt(words.Seconds(o.Ends.Sub(now)), 10) + " sec"
}

// SLASummary is `show ip sla summary`.
type SLASummary struct {
	Now        time.Time              `json:"now"`
	Operations []track.OperationState `json:"operations"`
}

// Lines is a table, whose columns are the image's.
func (s SLASummary) Lines(g iosconfig.Generation) []string {
	var p page
	p.line("IPSLAs Latest Operation Summary").line("Codes: * active, ^ inactive, ~ pending")
	row := "%-13s%-12s%-18s%-12s%-12s%s"
	if g == iosconfig.XE17 {
		p.line("All Stats are in milliseconds. Stats with u are in microseconds").line("")
		row = "%-13s%-16s%-18s%-20s%-15s%s"
		p.line("ID           Type           Destination       Stats               Return        Last")
		p.line("                                                                  Code          Run")
		p.line(strings.Repeat("-", 96))
	} else {
		p.line("")
		p.line("ID           Type        Destination       Stats       Return      Last")
		p.line("                                           (ms)        Code        Run ")
		p.line(strings.Repeat("-", 71))
	}
	for _, o := range s.Operations {
		mark, stats, run := "^", "-", "never"
		switch {
		case o.Running:
			mark = "*"
		case o.Pending:
			mark = "~"
		}
		if o.RTTMillis > 0 {
			stats = "RTT=" + strconv.Itoa(o.RTTMillis)
		}
		if !o.Begun.IsZero() {
			run = longAgo(s.Now.Sub(o.Begun))
		}
		p.linef(row, mark+strconv.Itoa(o.Number), operationKind(o.Target), addrOr(o.Target, "-"), stats, o.Code, run)
	}
	return p.lines
}

// longAgo is a time in its greatest unit.
func longAgo(d time.Duration) string {
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int(d / u.of); n > 0 {
			return plural(n, u.name) + " ago"
		}
	}
	return plural(int(d/time.Second), "second") + " ago"
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// SLAConfiguration is `show ip sla configuration [N]`.
type SLAConfiguration struct {
	Operations []SLAOperation `json:"operations"`
}

// SLAOperation is an operation as it is configured.
type SLAOperation struct {
	Number    int        `json:"number"`
	Owner     string     `json:"owner,omitempty"`
	Tag       string     `json:"tag,omitempty"`
	Target    netip.Addr `json:"target,omitzero"`
	SourceIP  netip.Addr `json:"source_address,omitzero"`
	Source    string     `json:"source_interface,omitempty"`
	VRF       string     `json:"vrf,omitempty"`
	Frequency int        `json:"frequency_sec"`
	Timeout   int        `json:"timeout_ms"`
	Threshold int        `json:"threshold_ms"`
	Data      int        `json:"data_octets"`
	TOS       int        `json:"tos"`
	Verify    bool       `json:"verify_data"`
	Life      string     `json:"life"`
	Start     string     `json:"start"`
	Active    bool       `json:"active"`
}

// SLAConfigurationOf is of one operation, or of all.
func SLAConfigurationOf(s Source, number int) SLAConfiguration {
	out, running := SLAConfiguration{Operations: []SLAOperation{}}, map[int]bool{}
	for _, o := range s.Tracking().Operations {
		running[o.Number] = o.Running
	}
	for o := range s.Running().Tracking.Operations.All() {
		if number != 0 && o.Number != number {
			continue
		}
		threshold, timeout, frequency := o.Limits()
		v := SLAOperation{
			Number: o.Number, Owner: o.Owner, Tag: o.Tag, Target: o.Target, SourceIP: o.SourceIP, Source: o.Source, VRF: o.VRF, Frequency: frequency / 1000, Timeout: timeout, Threshold: threshold,
			Data: cmp.Or(o.Data, iosconfig.OperationData), TOS: o.TOS, Verify: o.Verify, Life: strconv.Itoa(iosconfig.OperationLife), Start: "Pending trigger", Active: running[o.Number],
		}
		if c := o.Schedule; c != nil {
			if v.Life = strconv.Itoa(cmp.Or(c.Life, iosconfig.OperationLife)); c.Forever {
				v.Life = "Forever"
			}
			if c.Start != "" {
				v.Start = "Start Time already passed"
			}
		}
		out.Operations = append(out.Operations, v)
	}
	return out
}

// Lines is operation by operation; the newer image has two lines more.
func (s SLAConfiguration) Lines(g iosconfig.Generation) []string {
	var p page
	p.line("IP SLAs Infrastructure Engine-III")
	for _, o := range s.Operations {
		ends := fmt.Sprintf("Target address/Source address: %s/%s", addrOr(o.Target, "0.0.0.0"), addrOr(o.SourceIP, "0.0.0.0"))
		if o.Source != "" {
			ends = fmt.Sprintf("Target address/Source interface: %s/%s", addrOr(o.Target, "0.0.0.0"), o.Source)
		}
		p.linef("Entry number: %d", o.Number).linef("Owner: %s", o.Owner).linef("Tag: %s", o.Tag)
		p.linef("Operation timeout (milliseconds): %d", o.Timeout)
		p.linef("Type of operation to perform: %s", operationKind(o.Target)).line(ends)
		p.linef("Type Of Service parameter: 0x%X", o.TOS)
		p.linef("Request size (ARR data portion): %d", o.Data)
		if g == iosconfig.XE17 {
			p.line("Data pattern: 0xABCDABCD")
		}
		p.linef("Verify data: %s", map[bool]string{true: "Yes", false: "No"}[o.Verify])
		p.linef("Vrf Name: %s", o.VRF)
		if g == iosconfig.XE17 {
			p.line("Do not fragment: No")
		}
		p.line("Schedule:")
		p.linef("   Operation frequency (seconds): %d  (not considered if randomly scheduled)", o.Frequency)
		p.linef("   Next Scheduled Start Time: %s", o.Start)
		p.line("   Group Scheduled : FALSE").line("   Randomly Scheduled : FALSE")
		p.linef("   Life (seconds): %s", o.Life)
		p.line("   Entry Ageout (seconds): never").line("   Recurring (Starting Everyday): FALSE")
		p.linef("   Status of entry (SNMP RowStatus): %s", map[bool]string{true: "Active", false: "notInService"}[o.Active])
		p.linef("Threshold (milliseconds): %d", o.Threshold)
		p.add("Distribution Statistics:", "   Number of statistic hours kept: 2", "   Number of statistic distribution buckets kept: 1", "   Statistic distribution interval (milliseconds): 20",
			"Enhanced History:", "History Statistics:", "   Number of history Lives kept: 0", "   Number of history Buckets kept: 15", "   History Filter Type: None")
	}
	return p.lines
}

// operationKind is what is carried out; an operation of another kind is kept, and never runs.
func operationKind(target netip.Addr) string {
	if !target.IsValid() {
		return "none"
	}
	return "icmp-echo"
}
